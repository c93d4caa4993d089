/**
 * PyTorch in a process of its own, one thread: JSON lines go to `torch/peer.py` and come back, arrays as base64. Python
 * holds the clock, so the way there costs nothing.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PreparedWork } from '../benchmark.js';
import type { OpenPeer, Ways } from './peer.js';

const script = fileURLToPath(new URL('../../torch/peer.py', import.meta.url));

/** Small products on several threads wait for each other most of the time; one thread is what is compared here. */
const oneThread = { OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };

/** The first python on the path may be another than the one that PyTorch was installed for. */
const pythons = ['python3', '/usr/bin/python3', 'python'];

/** A Python that can import torch; null when there is none. `KINDLING_PYTHON` names one. */
export function findPython(): string | null {
  const wanted = process.env['KINDLING_PYTHON'];
  const candidates = wanted === undefined || wanted === '' ? pythons : [wanted];
  const find = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)';
  return candidates.find((python) => spawnSync(python, ['-c', find]).status === 0) ?? null;
}

interface Greeting {
  readonly version: string;
  /** File name of the BLAS library; empty for one of torch's own. */
  readonly blas: string;
}

const slowBlas =
  'PyTorch multiplies with the reference BLAS here, which is slow: no ratio with it says anything; apt-get install libopenblas0';

export const openTorch: OpenPeer = async () => {
  const python = findPython();
  if (python === null) {
    return {
      missing: 'no python3 with torch; apt-get install python3-torch, or name one with KINDLING_PYTHON',
    };
  }
  const process = startPython(python);
  const { version, blas } = (await process.ask({ method: 'hello' })) as Greeting;
  // Debian's torch takes the BLAS that is installed, and the one that always is multiplies ten times slower than OpenBLAS.
  // The title says so in every table, so that nobody quotes such a ratio.
  const isSlow = blas.startsWith('libblas.');
  let works = 0;
  const way =
    (method: string) =>
    async (problem: object): Promise<PreparedWork> => {
      const work = works++;
      await process.ask({ method, work, ...encode(problem) });
      return {
        run: async (times) =>
          ((await process.ask({ method: 'run', work, times })) as { readonly seconds: number }).seconds,
        result: async () =>
          decode((await process.ask({ method: 'result', work })) as { readonly values: string }),
        dispose: async () => {
          await process.ask({ method: 'dispose', work });
        },
      };
    };
  const figure = way('figure');
  return {
    title: isSlow ? 'PyTorch on reference BLAS' : 'PyTorch',
    version: blas === '' ? version : `${version} with ${blas}`,
    ...(isSlow ? { warning: slowBlas } : {}),
    product: { '': way('product') } satisfies Ways<object>,
    trainingStep: { '': way('training_step') },
    lengths: { loop: way('lengths_loop'), batched: way('lengths_batched') },
    // What only Kindling needs stays here.
    figure: { '': ({ specs: _, dataset: __, ...problem }) => figure(problem) },
    close: () => process.end(),
  };
};

/** A process that answers one line a request. Requests wait for each other. */
export interface PythonProcess {
  ask(request: object): Promise<object>;
  end(): Promise<void>;
}

/** Starts `torch/peer.py`. */
export function startPython(python: string): PythonProcess {
  const child: ChildProcess = spawn(python, ['-u', script], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...oneThread },
  });
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null)
    throw new Error('torch: the process has no pipes');
  let complaints = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2000);
  });
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.on('error', (error) => {
    complaints += error.message;
  });
  stdin.on('error', () => {}); // the missing answer says it
  let last: Promise<unknown> = Promise.resolve();
  const exchange = async (request: object): Promise<object> => {
    stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`torch: python ended before it answered: ${complaints.trim()}`);
    const answer = JSON.parse(value) as { readonly error?: string };
    if (answer.error !== undefined) throw new Error(`torch: ${answer.error}`);
    return answer;
  };
  return {
    ask: (request) => {
      const answer = last.then(() => exchange(request));
      last = answer.catch(() => {});
      return answer;
    },
    end: async () => {
      stdin.end();
      await ended;
    },
  };
}

/** Arrays of numbers become base64 of f32 or, for labels, bytes; all else stays. */
function encode(problem: object): object {
  return Object.fromEntries(
    Object.entries(problem).map(([name, value]) => [name, encodeValue(value as unknown)]),
  );
}

function encodeValue(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  }
  if (Array.isArray(value)) return value.map(encodeValue);
  return typeof value === 'object' && value !== null ? encode(value) : value;
}

function decode({ values }: { readonly values: string }): Float64Array<ArrayBuffer> {
  return new Float64Array(Uint8Array.from(Buffer.from(values, 'base64')).buffer);
}
