/** Which tensors of a pass may lie in the same memory, because one is done with before the other begins. */

/** A tensor that is needed from time `from` to time `to`, both included. */
export interface Need {
  readonly floats: number;
  readonly from: number;
  readonly to: number;
}

/** Floats of every room, and the room of every need. */
export interface RoomPlan {
  readonly rooms: readonly number[];
  readonly roomOf: readonly number[];
}

/**
 * Puts needs into rooms, those that begin first first: into the smallest free room that is large enough, else into the largest
 * free one, which grows. No two needs of one room overlap in time.
 */
export function planRooms(needs: readonly Need[]): RoomPlan {
  const rooms: number[] = [];
  const roomOf = new Array<number>(needs.length).fill(-1);
  const byStart = needs.map((need, index) => ({ ...need, index })).sort(before('from'));
  const byEnd = [...byStart].sort(before('to'));
  const free: number[] = [];
  let ended = 0;
  for (const { floats, from, index } of byStart) {
    for (; ended < byEnd.length; ended++) {
      const earlier = byEnd[ended];
      if (earlier === undefined || earlier.to >= from) break;
      free.push(roomOf[earlier.index] ?? 0);
    }
    let best = -1;
    free.forEach((room, place) => {
      if (best < 0 || better(rooms[room] ?? 0, rooms[free[best] ?? 0] ?? 0, floats)) best = place;
    });
    const room = best < 0 ? rooms.push(0) - 1 : (free.splice(best, 1)[0] ?? 0);
    rooms[room] = Math.max(rooms[room] ?? 0, floats);
    roomOf[index] = room;
  }
  return { rooms, roomOf };
}

/** By time, then by number. */
function before(time: 'from' | 'to') {
  return (a: Need & { readonly index: number }, b: Need & { readonly index: number }) =>
    a[time] - b[time] || a.index - b.index;
}

/** Whether a room of `a` floats suits `floats` better than one of `b`. */
function better(a: number, b: number, floats: number): boolean {
  if (a >= floats && b >= floats) return a < b;
  return a > b;
}
