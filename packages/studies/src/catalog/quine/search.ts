/** A search for nets that output each other's parameters, epoch by epoch. */
import {
  deriveKey,
  type Engine,
  keyPurpose,
  openStream,
  type Pointer,
  portableMath,
  type RandomKey,
} from '@kindling/core';
import { openParameterOptimizer, type ParameterOptimizerState } from '@kindling/trainer';
import type { QuineMethod } from './methods.js';
import {
  addTargetGradient,
  openQuineNet,
  openQuineRoom,
  predictAll,
  type QuineNet,
  quineGradient,
} from './quine-net.js';

/** How well the nets output their targets now. t_c are the targets with the method's sign, sums are over all nets. */
export interface QuineStanding {
  /** L = Σ (f(c) − t_c)². */
  readonly loss: number;
  /** Σθ². */
  readonly norm: number;
  /** Σ f·t/√(Σf² · Σt²). */
  readonly cosine: number;
  /** Share of Σθ² that is in the mean of each net's parameters. */
  readonly meanShare: number;
}

/** A search at work. */
export interface QuineSearch {
  readonly standing: () => QuineStanding;
  /** The next epoch. */
  readonly advance: () => void;
}

/** Coordinates at once when all are asked for; any number gives the same bits. */
const evaluationRows = 240;
/** A regeneration changes the norm at most e-fold. */
const largestStep = 1;

/** A net with what the search keeps of it. */
interface Seeker {
  readonly net: QuineNet;
  readonly state: ParameterOptimizerState | null;
  readonly predictions: Pointer;
  /** Σθ² at the start. */
  readonly firstNorm: number;
}

/** Starts a search: nets and what it remembers lie in the arena until the caller releases its mark. */
export function openQuineSearch(
  engine: Engine,
  width: number,
  method: QuineMethod,
  key: RandomKey,
): QuineSearch {
  const { arena } = engine;
  const seekers = Array.from({ length: method.nets }, (_, i): Seeker => {
    const net = openQuineNet(engine, width, deriveKey(key, keyPurpose.data, i));
    const { optimizer } = method;
    return {
      net,
      state: optimizer === null ? null : openParameterOptimizer(engine, [net.parameters], optimizer),
      predictions: arena.allocateFloats(net.count),
      firstNorm: normOf(engine, net),
    };
  });
  const room = openQuineRoom(engine, width, Math.max(evaluationRows, method.batchSize));
  const count = seekers[0]?.net.count ?? 0;
  const order = arena.allocate(4 * count);
  /** Whose parameters net i is asked for. */
  const targetOf = (i: number) => (i + 1) % seekers.length;
  const parametersOf = (i: number) => arena.floats(seekers[i]?.net.parameters.pointer ?? 0, count);
  const predict = () => {
    for (const { net, predictions } of seekers) predictAll(engine, net, room, predictions);
  };
  const keepNorm = ({ net, firstNorm }: Seeker) => {
    if (method.norm === 'fixed') rescale(engine, net, Math.sqrt(firstNorm / normOf(engine, net)));
  };

  /**
   * Net after net, each from the one that was renewed before it: all at once, two nets that start with one sign would change it
   * together forever.
   */
  const regenerate = () => {
    const lengths = method.norm === 'tuned' ? tunedLengths() : null;
    seekers.forEach(({ net, predictions }, i) => {
      predictAll(engine, net, room, predictions);
      const found = arena.floats(predictions, count);
      const wanted = lengths?.[targetOf(i)];
      const length = Math.sqrt(engine.kernels.sum_squares(1, count, predictions, count));
      const factor = method.sign * (wanted === undefined ? 1 : wanted / length);
      parametersOf(targetOf(i)).set(found.map((value) => factor * value));
    });
    seekers.forEach(keepNorm);
  };

  /**
   * The length that the parameters of each net should have. With all activations near zero or all far from it f grows like the cube of
   * the length, so with r_i = log ‖θ_i‖ and p_i = log(‖f_i‖/‖θ_{i+1}‖) Newton's step to p = 0 is r ← r − δ with 3δ_i − δ_{i+1} = p_i.
   */
  const tunedLengths = (): readonly number[] => {
    predict();
    const lengths = seekers.map(({ net }) => Math.sqrt(normOf(engine, net)));
    const excess = seekers.map(({ predictions }, i) => {
      const found = Math.sqrt(engine.kernels.sum_squares(1, count, predictions, count));
      return portableMath.log(found / (lengths[targetOf(i)] ?? 1));
    });
    const cycle = excess.length;
    return excess.map((_, i) => {
      let [sum, weight] = [0, 1];
      for (let j = 0; j < cycle; j++) {
        weight /= 3;
        sum += weight * (excess[(i + j) % cycle] ?? 0);
      }
      const step = Math.min(largestStep, Math.max(-largestStep, sum / (1 - weight)));
      return (lengths[i] ?? 1) * portableMath.exp(-step);
    });
  };

  const optimize = (epoch: number) => {
    engine.kernels.fill_permutation(
      openStream(engine, deriveKey(key, keyPurpose.batchOrder, epoch)),
      count,
      order,
    );
    const goals = seekers.map((_, i) => {
      const now = parametersOf(targetOf(i));
      return method.targets === 'epoch' ? now.slice() : now;
    });
    const { batchSize } = method;
    for (let start = 0; start < count; start += batchSize) {
      const batch = arena.words(order + 4 * start, Math.min(batchSize, count - start));
      seekers.forEach(({ net }, i) => {
        quineGradient(engine, net, room, batch, goals[i] ?? new Float32Array());
        if (method.targets === 'through') addTargetGradient(engine, net, room, batch);
      });
      for (const seeker of seekers) {
        seeker.state?.begin();
        seeker.state?.update(0, seeker.net.parameters, seeker.net.gradient);
        keepNorm(seeker);
      }
    }
  };

  let epoch = 0;
  return {
    advance: () => {
      epoch += 1;
      if (method.regenerate) regenerate();
      if (method.optimizer !== null) optimize(epoch);
    },
    standing: () => {
      predict();
      return standingOf(
        seekers.map(({ predictions }, i) => ({
          found: arena.floats(predictions, count),
          target: parametersOf(targetOf(i)),
        })),
        method.sign,
      );
    },
  };
}

function standingOf(
  pairs: readonly { readonly found: Float32Array; readonly target: Float32Array }[],
  sign: number,
): QuineStanding {
  let [loss, norm, lengths, products, inMeans] = [0, 0, 0, 0, 0];
  for (const { found, target } of pairs) {
    let sum = 0;
    found.forEach((value, c) => {
      const wanted = sign * (target[c] ?? 0);
      const difference = value - wanted;
      loss += difference * difference;
      norm += wanted * wanted;
      lengths += value * value;
      products += value * wanted;
      sum += wanted;
    });
    inMeans += (sum * sum) / found.length;
  }
  return { loss, norm, cosine: products / Math.sqrt(lengths * norm), meanShare: inMeans / norm };
}

function normOf({ kernels }: Engine, { parameters, count }: QuineNet): number {
  return kernels.sum_squares(1, count, parameters.pointer, count);
}

function rescale({ kernels }: Engine, { parameters, count }: QuineNet, factor: number): void {
  kernels.scale(count, parameters.pointer, factor);
}
