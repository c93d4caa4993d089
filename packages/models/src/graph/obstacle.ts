/** Thrown and caught inside `graphArchitecture`: a node the core cannot run. Never leaves the package. */
export class Obstacle extends Error {
  override readonly name: string = 'Obstacle';
  readonly node: string;
  /** Completes "layer NAME …". */
  readonly reason: string;

  constructor(node: string, reason: string) {
    super(`${node} ${reason}`);
    this.node = node;
    this.reason = reason;
  }
}
