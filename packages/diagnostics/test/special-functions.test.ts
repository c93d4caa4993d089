/** Gamma and beta functions and quantiles against 40-digit arithmetic, identities and each other. */
import { describe, expect, it } from 'vitest';
import {
  type DensityLaw,
  densityLawDensity,
  densityLawQuantile,
  densityLawShareBelow,
} from '../src/index.js';
import { digamma, logGamma, trigamma } from '../src/parameters/fitting/gamma-function.js';
import { betaQuantile, betaShareBelow } from '../src/parameters/fitting/incomplete-beta.js';
import { gammaShares } from '../src/parameters/fitting/incomplete-gamma.js';
import { normalQuantile } from '../src/parameters/normal-quantile.js';
import { normalTwoSidedTail } from '../src/parameters/normal-tail.js';
import { halfIntegerDigamma } from '../src/theory/half-integer-digamma.js';

function expectNear(found: number, wanted: number, relative: number, what: string): void {
  expect(Math.abs(found / wanted - 1), `${what}: ${found} against ${wanted}`).toBeLessThan(relative);
}

describe('log Γ, ψ and ψ′', () => {
  it('are those of 40-digit arithmetic (mpmath)', () => {
    const published: readonly (readonly [x: number, log: number, psi: number, trigamma: number])[] = [
      [0.001, 6.907178885383853, -1000.5755719318103, 1000001.6425331959],
      [0.05, 2.9688792010517306, -20.49784499129987, 401.5323573421151],
      [0.3, 1.0957979948180756, -3.502524222200133, 12.24536454610773],
      [1, 0, -0.5772156649015329, 1.6449340668482264],
      [3.7, 1.4280723266653879, 1.1671535393615113, 0.31003785767003833],
      [7.999, 8.523145786158917, 2.015508332090348, 0.13315471661315859],
      [12.25, 18.115669505710894, 2.464154655185369, 0.0850551429881632],
      [50, 144.5657439463449, 3.901989673427892, 0.020201333226697125],
      [500.5, 2608.2229044109868, 6.214608265088741, 0.0019999993333342666],
      [10000, 82099.71749644238, 9.210290371142849, 0.00010000500016666666],
    ];
    for (const [x, log, psi, slope] of published) {
      expect(Math.abs(logGamma(x) - log), `log Γ(${x})`).toBeLessThan(2e-14 * Math.max(1, Math.abs(log)));
      expect(Math.abs(digamma(x) - psi), `ψ(${x})`).toBeLessThan(2e-14 * Math.max(1, Math.abs(psi)));
      expectNear(trigamma(x), slope, 2e-14, `ψ′(${x})`);
    }
    for (const wrong of [0, -1.5, Number.NaN]) {
      expect([logGamma(wrong), digamma(wrong), trigamma(wrong)]).toEqual([
        Number.NaN,
        Number.NaN,
        Number.NaN,
      ]);
    }
  });

  it('agree with the tables at half-integers', () => {
    const tables = halfIntegerDigamma(60);
    for (let k = 1; k <= 60; k++) {
      expect(digamma(k / 2)).toBeCloseTo(tables.digamma[k] ?? 0, 12);
      expectNear(trigamma(k / 2), tables.trigamma[k] ?? 0, 1e-12, `ψ′(${k}/2)`);
    }
  });
});

describe('incomplete functions', () => {
  it('of gamma, both tails (mpmath)', () => {
    for (const [a, x, below, above] of [
      [0.05, 0.001, 0.7271792290529226, 0.27282077094707735],
      [0.05, 3, 0.9992840945687974, 0.0007159054312025861],
      [0.5, 0.3, 0.5614219739190002, 0.4385780260809998],
      [0.5, 10, 0.999992255783569, 7.744216431044084e-6],
      [1, 1, 0.6321205588285577, 0.36787944117144233],
      [2, 2.9, 0.7854094417800118, 0.21459055821998818],
      [2, 3.1, 0.815298270186413, 0.184701729813587],
      [5, 0.1, 7.667801686189309e-8, 0.9999999233219832],
      [5, 60, 1, 5.060046065842574e-21],
    ] as const) {
      const found = gammaShares(a, x);
      expectNear(found.below, below, 1e-12, `P(${a}, ${x})`);
      expectNear(found.above, above, 1e-12, `Q(${a}, ${x})`);
    }
    expect(gammaShares(2, 0)).toEqual({ below: 0, above: 1 });
    expect(gammaShares(2, Number.POSITIVE_INFINITY)).toEqual({ below: 1, above: 0 });
  });

  it('of beta (mpmath and scipy 1.17), and its inverse', () => {
    for (const [a, b, x, share, digits] of [
      [0.25, 0.5, 0.3, 0.5840183497234003, 1e-12],
      [0.5, 0.5, 0.9, 0.7951672353008665, 1e-12],
      [2, 0.5, 0.01, 3.762570784694549e-5, 1e-12],
      [2, 3, 0.4, 0.5248, 1e-12],
      [500, 0.5, 0.99, 0.0015273578790529964, 1e-11],
      [500, 0.5, 0.9, 1.0453677938354728e-24, 1e-11],
      [1, 65536, 1e-5, 0.48074660440333417, 1e-9],
      [30000, 35537, 0.46, 0.8754699522512541, 1e-9],
      [3, 65534, 1e-4, 0.9586421291683537, 1e-9],
    ] as const) {
      expectNear(betaShareBelow(x, a, b), share, digits, `I_${x}(${a}, ${b})`);
      expectNear(betaQuantile(share, a, b), x, 1e-8, 'its inverse');
    }
    expect([betaShareBelow(0, 2, 3), betaShareBelow(1, 2, 3), betaShareBelow(Number.NaN, 2, 3)]).toEqual([
      0,
      1,
      Number.NaN,
    ]);
  });
});

describe('quantiles', () => {
  it('of the normal law (mpmath), and back', () => {
    for (const [share, x] of [
      [1e-300, -37.0470962993612],
      [1e-20, -9.262340089798407],
      [1e-9, -5.9978070150076865],
      [1e-4, -3.7190164854556804],
      [0.02, -2.053748910631823],
      [0.3, -0.5244005127080408],
    ] as const) {
      expectNear(normalQuantile(share), x, 1e-12, `Φ⁻¹(${share})`);
    }
    expect(Math.abs(normalQuantile(0.5))).toBeLessThan(1e-12);
    expect(normalQuantile(0.7)).toBeCloseTo(0.5244005127080408, 12);
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(-1)]).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]);
    for (let i = 1; i < 400; i++) {
      const share = (i / 400) ** 8 / 2;
      expectNear(normalTwoSidedTail(normalQuantile(share)) / 2, share, 1e-10, `${share}`);
    }
  });

  it('of Student-t and generalized normal laws (scipy 1.17)', () => {
    const of = (name: 'student-t' | 'generalized-normal', shape: number, share: number) =>
      densityLawQuantile({ name, location: 0, scale: 1, shape }, share);
    for (const [degrees, share, x] of [
      [0.5, 0.01, -1028.4910104716218],
      [1, 0.9, 3.0776835371752544],
      [3, 1e-6, -103.29946778041935],
      [30, 0.4, -0.2556053649519128],
      [1000, 0.999, 3.0984021639129233],
    ] as const) {
      expectNear(of('student-t', degrees, share), x, 1e-10, `t, ν = ${degrees}`);
    }
    for (const [power, share, x] of [
      [0.2, 0.9, 13713.951950316847],
      [0.7, 0.01, -9.350641743712282],
      [1, 0.3, -0.5108256237659908],
      [2, 0.975, 1.3859038243496775],
      [8, 0.99, 1.03163811488624],
      [20, 0.2, -0.584103153710431],
    ] as const) {
      expectNear(of('generalized-normal', power, share), x, 1e-10, `β = ${power}`);
    }
  });

  it('invert shares, and densities are the slope of shares, for every law', () => {
    const laws: readonly DensityLaw[] = [
      { name: 'normal', location: 0.1, scale: 0.5, shape: null },
      { name: 'laplace', location: -1, scale: 2, shape: null },
      { name: 'uniform', location: 3, scale: 0.25, shape: null },
      { name: 'student-t', location: 0, scale: 0.02, shape: 2.5 },
      { name: 'generalized-normal', location: 1, scale: 1, shape: 1.4 },
    ];
    for (const law of laws) {
      for (const share of [0.001, 0.1, 0.5, 0.77, 0.999]) {
        const x = densityLawQuantile(law, share);
        expectNear(densityLawShareBelow(law, x), share, 1e-9, law.name);
        const h = 1e-5 * law.scale;
        if (share === 0.5) continue;
        const slope = (densityLawShareBelow(law, x + h) - densityLawShareBelow(law, x - h)) / (2 * h);
        expectNear(densityLawDensity(law, x), slope, 1e-5, `${law.name} density`);
      }
      expect(densityLawQuantile(law, 1.5)).toBeNaN();
    }
    expect(densityLawQuantile(laws[2] as DensityLaw, 1)).toBe(3.25);
    expect(densityLawQuantile(laws[3] as DensityLaw, 0)).toBe(Number.NEGATIVE_INFINITY);
    expect(densityLawDensity(laws[2] as DensityLaw, 9)).toBe(0);
  });
});
