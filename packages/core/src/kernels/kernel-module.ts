/**
 * Which build of the kernels runs. `strict` rounds every product and every sum, and gives the same bits in every engine on every
 * machine. `relaxed` lets the machine fuse them where that is faster; its bits depend on the machine.
 */
export type KernelBuild = 'strict' | 'relaxed';

/** A build of the kernels as text. */
export interface KernelModule {
  readonly build: KernelBuild;
  /** SHA-256 of the module, hex: part of every record. */
  readonly hash: string;
  /** The module's bytes. */
  readonly base64: string;
}
