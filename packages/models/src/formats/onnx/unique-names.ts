/** Names that stand once, also where a file has many of one name. */

/** Gives a name back as it is the first time, then with `#2`, `#3`, … behind it. */
export class UniqueNames {
  private readonly taken = new Set<string>();
  /** The number to try next; counting from 2 every time would be quadratic. */
  private readonly next = new Map<string, number>();

  take(wanted: string): string {
    let unique = wanted;
    let number = this.next.get(wanted) ?? 2;
    while (this.taken.has(unique)) {
      unique = `${wanted}#${number}`;
      number++;
    }
    this.next.set(wanted, number);
    this.taken.add(unique);
    return unique;
  }
}
