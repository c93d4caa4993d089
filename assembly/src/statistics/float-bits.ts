// What the runs test counts of f32 in order: how often each value of a group of bits occurs, from which medians come, and
// runs about those medians. All of it is integers. Arrays come in pieces: tables and states are added to, and the caller
// clears them first.

/** Four pieces of 16 bytes for each of the four bytes of 64 numbers. */
const PLANES: usize = memory.data(256, 16);
/** The numbers past the last whole block, zeros behind them. */
const TAIL: usize = memory.data(256, 16);
/** Bytes of a test's state: above, below, changes of side, and the last side (0 none yet, 1 below, 2 above), as u32. */
const STATE: usize = 16;

/**
 * counts[256·g + v] += how many of n numbers have the value v in group g: fraction bits 0–7, 8–15, 16–22, and the exponent.
 * Integers, so the order does not matter. NaN and ±∞ have exponent 255.
 */
export function count_float_groups(n: usize, x: usize, counts: usize): void {
  const end = x + 4 * n;
  for (let at = x; at < end; at += 4) {
    const bits = load<u32>(at);
    const low = counts + 4 * <usize>(bits & 255);
    const middle = counts + 4 * <usize>((bits >> 8) & 255);
    const high = counts + 4 * <usize>((bits >> 16) & 127);
    const exponent = counts + 4 * <usize>((bits >> 23) & 255);
    store<u32>(low, load<u32>(low) + 1);
    store<u32>(middle, load<u32>(middle, 1024) + 1, 1024);
    store<u32>(high, load<u32>(high, 2048) + 1, 2048);
    store<u32>(exponent, load<u32>(exponent, 3072) + 1, 3072);
  }
}

/**
 * A number's key is a u32 that sorts as numbers do: all bits flipped where the sign is set, else the sign alone; −0 is +0.
 * With prefix < 0: counts[upper half of the key] += 1; else, of those with that upper half, counts[lower half] += 1. 65,536
 * counts. Two calls find any order statistic. NaN sorts beyond ±∞ by its sign.
 */
export function count_float_keys(n: usize, x: usize, prefix: i32, counts: usize): void {
  const end = x + 4 * n;
  for (let at = x; at < end; at += 4) {
    let bits = load<u32>(at);
    if (bits == 0x80000000) bits = 0;
    const key = bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
    const upper = key >> 16;
    let index = upper;
    if (prefix >= 0) {
      if (upper != <u32>prefix) continue;
      index = key & 0xffff;
    }
    const place = counts + 4 * <usize>index;
    store<u32>(place, load<u32>(place) + 1);
  }
}

/**
 * Runs of 36 tests at once. Test b < 32: bit b, 1 being above. Test 32 + g: the value of group g (as in
 * `count_float_groups`), below where it is < limits[2g], above where it is > limits[2g + 1], a tie otherwise; limits are u32
 * within 0 … 255, and no value is on both sides. `state` is 36 states of 4 u32: numbers above, numbers below, changes of side, last side. A tie is dropped:
 * what stands before and behind it are neighbors.
 */
export function float_bit_runs(n: usize, x: usize, limits: usize, state: usize): void {
  const whole = n & ~63;
  for (let i: usize = 0; i < whole; i += 64) bit_block(x + 4 * i, ~(<u64>0), limits, state);
  const rest = n - whole;
  if (rest == 0) return;
  memory.fill(TAIL, 0, 256);
  memory.copy(TAIL, x + 4 * whole, 4 * rest);
  bit_block(TAIL, (<u64>1 << rest) - 1, limits, state);
}

/**
 * The same of the numbers themselves: below where x < `below`, above where x > `above`, a tie otherwise, NaN too. No
 * number is on both sides. One state.
 */
export function float_runs(n: usize, x: usize, below: f32, above: f32, state: usize): void {
  const whole = n & ~63;
  for (let i: usize = 0; i < whole; i += 64) value_block(x + 4 * i, ~(<u64>0), below, above, state);
  const rest = n - whole;
  if (rest == 0) return;
  memory.fill(TAIL, 0, 256);
  memory.copy(TAIL, x + 4 * whole, 4 * rest);
  value_block(TAIL, (<u64>1 << rest) - 1, below, above, state);
}

/** 64 numbers, of which those of `valid` count. */
function bit_block(x: usize, valid: u64, limits: usize, state: usize): void {
  // Byte k of numbers 16q … 16q + 15 to PLANES + 64k + 16q: a bitmask of 16 lanes then takes one instruction.
  for (let q: usize = 0; q < 4; q++) {
    const from = x + 64 * q;
    const v0 = v128.load(from);
    const v1 = v128.load(from, 16);
    const v2 = v128.load(from, 32);
    const v3 = v128.load(from, 48);
    const low01 = v128.shuffle<u8>(v0, v1, 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
    const low23 = v128.shuffle<u8>(v2, v3, 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
    const high01 = v128.shuffle<u8>(v0, v1, 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);
    const high23 = v128.shuffle<u8>(v2, v3, 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);
    const to = PLANES + 16 * q;
    v128.store(to, v128.shuffle<u64>(low01, low23, 0, 2));
    v128.store(to, v128.shuffle<u64>(low01, low23, 1, 3), 64);
    v128.store(to, v128.shuffle<u64>(high01, high23, 0, 2), 128);
    v128.store(to, v128.shuffle<u64>(high01, high23, 1, 3), 192);
  }
  for (let k: usize = 0; k < 4; k++) {
    let p0 = v128.load(PLANES + 64 * k);
    let p1 = v128.load(PLANES + 64 * k, 16);
    let p2 = v128.load(PLANES + 64 * k, 32);
    let p3 = v128.load(PLANES + 64 * k, 48);
    for (let bit: usize = 7; ; bit--) {
      const ones = joined(i8x16.bitmask(p0), i8x16.bitmask(p1), i8x16.bitmask(p2), i8x16.bitmask(p3));
      note(state + STATE * (8 * k + bit), ones & valid, ~ones & valid);
      if (bit == 0) break;
      p0 = i8x16.add(p0, p0);
      p1 = i8x16.add(p1, p1);
      p2 = i8x16.add(p2, p2);
      p3 = i8x16.add(p3, p3);
    }
  }
  for (let group: usize = 0; group < 4; group++) {
    const below = i8x16.splat(<i8>load<u32>(limits + 8 * group));
    const above = i8x16.splat(<i8>load<u32>(limits + 8 * group, 4));
    const g0 = group_values(group, 0);
    const g1 = group_values(group, 16);
    const g2 = group_values(group, 32);
    const g3 = group_values(group, 48);
    const over = joined(
      i8x16.bitmask(i8x16.gt_u(g0, above)),
      i8x16.bitmask(i8x16.gt_u(g1, above)),
      i8x16.bitmask(i8x16.gt_u(g2, above)),
      i8x16.bitmask(i8x16.gt_u(g3, above)),
    );
    const under = joined(
      i8x16.bitmask(i8x16.lt_u(g0, below)),
      i8x16.bitmask(i8x16.lt_u(g1, below)),
      i8x16.bitmask(i8x16.lt_u(g2, below)),
      i8x16.bitmask(i8x16.lt_u(g3, below)),
    );
    note(state + STATE * (32 + group), over & valid, under & valid);
  }
}

/** The values of a group in the 16 numbers whose planes stand `offset` bytes in. */
function group_values(group: usize, offset: usize): v128 {
  const place = PLANES + offset;
  if (group < 2) return v128.load(place + 64 * group);
  const third = v128.load(place, 128);
  if (group == 2) return v128.and(third, i8x16.splat(127));
  const fourth = v128.load(place, 192);
  return v128.or(i8x16.add(fourth, fourth), i8x16.shr_u(third, 7));
}

function value_block(x: usize, valid: u64, below: f32, above: f32, state: usize): void {
  const low = f32x4.splat(below);
  const high = f32x4.splat(above);
  let over: u64 = 0;
  let under: u64 = 0;
  for (let i: usize = 0; i < 64; i += 4) {
    const v = v128.load(x + 4 * i);
    over |= <u64>i32x4.bitmask(f32x4.gt(v, high)) << i;
    under |= <u64>i32x4.bitmask(f32x4.lt(v, low)) << i;
  }
  note(state, over & valid, under & valid);
}

function joined(a: i32, b: i32, c: i32, d: i32): u64 {
  return <u64>a | (<u64>b << 16) | (<u64>c << 32) | (<u64>d << 48);
}

/** Takes the sides of the next 64 numbers, the first in bit 0; what is on neither side is a tie. */
function note(state: usize, above: u64, below: u64): void {
  const sided = above | below;
  if (sided == 0) return;
  store<u32>(state, load<u32>(state) + <u32>popcnt(above));
  store<u32>(state, load<u32>(state, 4) + <u32>popcnt(below), 4);
  let last = load<u32>(state, 12);
  // Ties before the first number on a side take its side, so that they change nothing.
  if (last == 0) last = 1 + <u32>((above >> ctz(sided)) & 1);
  const carry = <u64>(last - 1);
  let sides = above;
  let ties = ~sided;
  if (ties != 0) {
    // Every tie takes the side of what is before it, in steps of 1, 2, 4, … numbers.
    sides |= ties & carry;
    sides |= ties & (sides << 1);
    ties &= ties << 1;
    sides |= ties & (sides << 2);
    ties &= ties << 2;
    sides |= ties & (sides << 4);
    ties &= ties << 4;
    sides |= ties & (sides << 8);
    ties &= ties << 8;
    sides |= ties & (sides << 16);
    ties &= ties << 16;
    sides |= ties & (sides << 32);
  }
  store<u32>(state, load<u32>(state, 8) + <u32>popcnt(sides ^ ((sides << 1) | carry)), 8);
  store<u32>(state, 1 + <u32>(sides >> 63), 12);
}
