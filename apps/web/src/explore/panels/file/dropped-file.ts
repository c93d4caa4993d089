/** A file as the page hands it to the worker that reads it. */

/** A file and where it lay: `model/weights.bin`, or its name. Plain enough to be sent to a worker. */
export interface DroppedFile {
  readonly path: string;
  readonly file: File;
}
