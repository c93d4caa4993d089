/**
 * Fits of laws by likelihood: against another program, against what was drawn within the standard errors they state, and whether AIC finds
 * the law that numbers were drawn from.
 */
import { describe, expect, it } from 'vitest';
import {
  type DensityLawName,
  densityLawDensity,
  densityLawDeviation,
  densityLawQuantile,
  fitLaws,
  type LawFit,
  sampleWeights,
} from '../src/index.js';
import { searchMaximum } from '../src/parameters/fitting/bounded-search.js';
import { standardErrorsOf } from '../src/parameters/fitting/information.js';
import { type DrawnLaw, drawLaw } from './weight-draws.js';

function fitsOf(values: ArrayLike<number>): readonly LawFit[] {
  const fits = fitLaws(sampleWeights(values));
  if (fits.kind !== 'fitted') throw new Error(fits.reason);
  return fits.fits;
}

function fitOf(values: ArrayLike<number>, name: DensityLawName): LawFit {
  const found = fitsOf(values).find(({ law }) => law.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

/** 80 quantiles of the logistic law, bent: L + bend·L|L| + 0.02·L² + 0.3. */
function bentLogistic(bend: number): Float64Array {
  return Float64Array.from({ length: 80 }, (_, i) => {
    const share = (i + 0.5) / 80;
    const logistic = Math.log(share / (1 - share));
    return logistic + bend * logistic * Math.abs(logistic) + 0.02 * logistic * logistic + 0.3;
  });
}

describe('fitLaws', () => {
  it('finds what Nelder and Mead find with the densities of scipy 1.17, and the same errors', () => {
    const heavy = bentLogistic(0.15);
    const t = fitOf(heavy, 'student-t');
    expect(t.law.location).toBeCloseTo(0.3053461373403766, 7);
    expect(t.law.scale).toBeCloseTo(1.7428997794862886, 6);
    expect(t.law.shape).toBeCloseTo(3.0986329536689032, 5);
    expect(t.logLikelihood).toBeCloseTo(-185.38184047361216, 9);
    expect(t.standardErrors.location).toBeCloseTo(0.23631351, 5);
    expect(t.standardErrors.scale).toBeCloseTo(0.27664055, 5);
    expect(t.standardErrors.shape).toBeCloseTo(1.31072466, 4);
    expect(fitOf(heavy, 'normal').logLikelihood).toBeCloseTo(-190.65578313976218, 10);
    expect(fitOf(heavy, 'laplace').logLikelihood).toBeCloseTo(-184.84195192699116, 10);
    const generalized = fitOf(bentLogistic(0), 'generalized-normal');
    expect(generalized.law.location).toBeCloseTo(0.33258883831689223, 5);
    expect(generalized.law.scale).toBeCloseTo(2.137719356412185, 5);
    expect(generalized.law.shape).toBeCloseTo(1.5524026786736436, 5);
    expect(generalized.logLikelihood).toBeCloseTo(-159.26812104025896, 9);
    expect(generalized.standardErrors.scale).toBeCloseTo(0.41407719, 4);
    expect(generalized.standardErrors.shape).toBeCloseTo(0.35562973, 4);
  });

  it('tells the log-likelihood that its law has, AIC and BIC of it', () => {
    const values = bentLogistic(0.05);
    for (const { law, logLikelihood, aic, bic } of fitsOf(values)) {
      const sum = values.reduce((total, x) => total + Math.log(densityLawDensity(law, x)), 0);
      expect(logLikelihood, law.name).toBeCloseTo(sum, 8);
      const fitted = law.shape === null ? 2 : 3;
      expect(aic).toBeCloseTo(2 * fitted - 2 * sum, 7);
      expect(bic).toBeCloseTo(fitted * Math.log(80) - 2 * sum, 7);
    }
  });

  it('scales with the numbers, moves with them, and does not mind a mirror', () => {
    const values = drawLaw({ law: 'student-t', degrees: 5, deviation: 0.07 }, 1500, 3);
    const plain = fitsOf(values);
    // A power of two changes no digit, tiny and huge ones neither.
    for (const factor of [2 ** -300, 2 ** 7]) {
      for (const [index, fit] of fitsOf(values.map((x) => x * factor)).entries()) {
        const { law, deltaAic, standardErrors } = plain[index] as LawFit;
        expect(fit.law).toEqual({ ...law, location: law.location * factor, scale: law.scale * factor });
        expect(fit.standardErrors.shape).toBe(standardErrors.shape);
        expect(fit.deltaAic).toBeCloseTo(deltaAic, 6);
      }
    }
    const moved = fitsOf(values.map((x) => 2 - 3 * x));
    expect(moved.map(({ law }) => law.name)).toEqual(plain.map(({ law }) => law.name));
    for (const [index, { law, logLikelihood }] of moved.entries()) {
      const { law: before, logLikelihood: likelihood } = plain[index] as LawFit;
      expect(law.location).toBeCloseTo(2 - 3 * before.location, 6);
      expect(law.scale / before.scale).toBeCloseTo(3, 5);
      expect(logLikelihood).toBeCloseTo(likelihood - 1500 * Math.log(3), 5);
    }
  });

  it.each([
    ['normal', { law: 'normal', deviation: 0.05 }, { scale: 0.05 }],
    ['laplace', { law: 'laplace', deviation: 0.05 }, { scale: 0.05 / Math.SQRT2 }],
    // Deviation 1 is scale √(3/5) for ν = 5.
    ['student-t', { law: 'student-t', degrees: 5, deviation: 1 }, { scale: Math.sqrt(3 / 5), shape: 5 }],
    ['generalized-normal', { law: 'laplace', deviation: Math.SQRT2 }, { scale: 1, shape: 1 }],
    ['generalized-normal', { law: 'normal', deviation: Math.SQRT1_2 }, { scale: 1, shape: 2 }],
  ] as const)('recovers %s of %o with the errors it states', (name, drawn, truth) => {
    const draws = 30;
    const fits = Array.from({ length: draws }, (_, i) => fitOf(drawLaw(drawn, 1200, 100 + i), name));
    for (const [of, wanted] of Object.entries({ location: 0, ...truth }) as [
      'location' | 'scale' | 'shape',
      number,
    ][]) {
      const distances = fits.map(({ law, standardErrors }) => {
        const error = standardErrors[of] ?? Number.NaN;
        // Of ν the logarithm is nearer to normal.
        return of === 'shape' && name === 'student-t'
          ? (Math.log((law[of] ?? 0) / wanted) * wanted) / error
          : ((law[of] ?? 0) - wanted) / error;
      });
      const mean = distances.reduce((sum, d) => sum + d, 0) / draws;
      const square = distances.reduce((sum, d) => sum + d * d, 0) / draws;
      // Mean of `draws` standard normals, and mean square with deviation √(2/draws); a twentieth for what 1200 numbers leave of bias.
      expect(Math.abs(mean), `${of} mean`).toBeLessThan(4 / Math.sqrt(draws) + 0.05);
      expect(Math.abs(square - 1), `${of} variance`).toBeLessThan(4 * Math.sqrt(2 / draws) + 0.05);
    }
    // The control: a scale that is 15 % larger is more than three errors away in each draw.
    const off = fits.map(
      ({ law, standardErrors }) => (law.scale - 1.15 * truth.scale) / (standardErrors.scale ?? 0),
    );
    expect(Math.abs(off.reduce((sum, d) => sum + d, 0) / draws)).toBeGreaterThan(4 / Math.sqrt(draws) + 0.05);
  });

  it('recovers β = 1.5, whose numbers come from quantiles', () => {
    const law = { name: 'generalized-normal', location: -0.2, scale: 0.3, shape: 1.5 } as const;
    const distances = Array.from({ length: 8 }, (_, trial) => {
      const values = drawLaw({ law: 'uniform', deviation: Math.sqrt(1 / 12) }, 800, 500 + trial).map((u) =>
        densityLawQuantile(law, u + 0.5),
      );
      const { law: found, standardErrors } = fitOf(values, 'generalized-normal');
      return ['location', 'scale', 'shape'].map((name) => {
        const of = name as 'location' | 'scale' | 'shape';
        return ((found[of] ?? 0) - law[of]) / (standardErrors[of] ?? 0);
      });
    });
    for (const of of [0, 1, 2]) {
      const own = distances.map((all) => all[of] ?? Number.NaN);
      expect(Math.abs(own.reduce((sum, d) => sum + d, 0) / 8)).toBeLessThan(4 / Math.sqrt(8));
      expect(own.reduce((sum, d) => sum + d * d, 0) / 8).toBeLessThan(1 + 4 * Math.sqrt(2 / 8));
    }
  });

  it('by AIC names the law that was drawn: normal and Laplace as often as theory allows, t nearly always, uniform always', () => {
    const trials = 40;
    const share = (drawn: DrawnLaw, name: DensityLawName, by: 'aic' | 'bic') => {
      let right = 0;
      for (let trial = 0; trial < trials; trial++) {
        const fits = [...fitsOf(drawLaw(drawn, 600, 1000 + trial))].sort((a, b) => a[by] - b[by]);
        if (fits[0]?.law.name === name) right++;
      }
      return right / trials;
    };
    // A third number wins by chance with P(χ²₁ > 2) = 0.157; Student-t adds little, gaining on the heavy side only, where β gains as well.
    const error = Math.sqrt((0.157 * 0.843) / trials);
    const normal = share({ law: 'normal', deviation: 1 }, 'normal', 'aic');
    expect(Math.abs(normal - 0.843)).toBeLessThan(4 * error);
    const laplace = share({ law: 'laplace', deviation: 1 }, 'laplace', 'aic');
    expect(Math.abs(laplace - 0.843)).toBeLessThan(4 * error);
    expect(share({ law: 'student-t', degrees: 3, deviation: 1 }, 'student-t', 'aic')).toBeGreaterThan(0.85);
    expect(share({ law: 'uniform', deviation: 1 }, 'uniform', 'aic')).toBe(1);
    // P(χ²₁ > log 600) = 0.011.
    expect(share({ law: 'normal', deviation: 1 }, 'normal', 'bic')).toBeGreaterThan(0.93);
  });

  it('stops at the end of a shape, and says so', () => {
    const uniform = drawLaw({ law: 'uniform', deviation: 1 }, 500, 9);
    expect(fitOf(uniform, 'student-t')).toMatchObject({ atEnd: true, standardErrors: { shape: null } });
    expect(fitOf(uniform, 'student-t').law.shape).toBeCloseTo(1000, 0);
    expect(fitOf(uniform, 'generalized-normal').law.shape).toBeGreaterThan(8);
    expect(fitOf(uniform, 'uniform').standardErrors).toEqual({ location: null, scale: null, shape: null });
  });

  it('refuses what has no density, and says why', () => {
    const of = (values: readonly number[]) => fitLaws(sampleWeights(values));
    const spread = Array.from({ length: 100 }, (_, i) => Math.sin(i * i));
    expect(of(new Array<number>(50).fill(0.3))).toEqual({
      kind: 'refused',
      code: 'constant',
      reason: 'all numbers are equal',
    });
    expect(of(Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 1 : -1)))).toMatchObject({
      code: 'few-values',
    });
    expect(of([1, 2, 3])).toMatchObject({ code: 'too-few' });
    expect(of([])).toMatchObject({ code: 'too-few' });
    expect(of([...spread, Number.NaN])).toMatchObject({ code: 'not-finite' });
    expect(of([...spread, ...new Array<number>(20).fill(0)])).toMatchObject({
      code: 'ties',
      reason: '18 % of the numbers are one value; a density has none twice',
    });
    // A few zeros do no harm, and neither does one number far away.
    expect(of([...spread, 0, 0, 0]).kind).toBe('fitted');
    for (const far of [1e30, -1e4]) {
      const fits = fitsOf([...spread, far]);
      expect(fits[0]?.law.name).not.toBe('normal');
      for (const { logLikelihood, law } of fits) {
        expect(Number.isFinite(logLikelihood), law.name).toBe(true);
        expect(law.scale).toBeGreaterThan(0);
      }
    }
  });
});

describe('densityLawDeviation', () => {
  it('is the root of the variance, summed over quantiles', () => {
    for (const [name, shape] of [
      ['normal', null],
      ['laplace', null],
      ['uniform', null],
      ['student-t', 7],
      ['generalized-normal', 1.3],
    ] as const) {
      const law = { name, location: 1, scale: 2, shape };
      const steps = 2000;
      let squares = 0;
      for (let i = 0; i < steps; i++) {
        squares += (densityLawQuantile(law, (i + 0.5) / steps) - 1) ** 2 / steps;
      }
      expect(Math.sqrt(squares) / densityLawDeviation(law), name).toBeCloseTo(1, 2);
    }
    const heavy = { name: 'student-t', location: 0, scale: 1, shape: 2 } as const;
    expect(densityLawDeviation(heavy)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the parts of a fit', () => {
  it('find the higher of two hills, an end, and a flat top', () => {
    const hills = (x: number) => Math.exp(-((x - 1) ** 2)) + 1.2 * Math.exp(-((x - 6) ** 2));
    expect(searchMaximum(hills, 0, 8, 1e-8).at).toBeCloseTo(6, 6);
    expect(searchMaximum((x) => x, -1, 3, 1e-8).at).toBe(3);
    expect(searchMaximum((x) => -x, -1, 3, 1e-8).at).toBe(-1);
    expect(searchMaximum(() => 5, -1, 3, 1e-8).value).toBe(5);
    expect(searchMaximum((x) => -Math.abs(x - 0.123), -1, 3, 1e-8).at).toBeCloseTo(0.123, 6);
  });

  it('invert an information matrix, and give nothing where it cannot be', () => {
    // The inverse of [[2, 1], [1, 2]] has 2/3 on its diagonal; in very different units, too.
    expect(
      standardErrorsOf([
        [2, 1e6],
        [1e6, 2e12],
      ]),
    ).toEqual([expect.closeTo(Math.sqrt(2 / 3), 12), expect.closeTo(Math.sqrt(2 / 3) * 1e-6, 12)]);
    expect(
      standardErrorsOf([
        [1, 2],
        [2, 1],
      ]),
    ).toEqual([]);
    expect(standardErrorsOf([[-1]])).toEqual([]);
  });
});
