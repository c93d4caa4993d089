/** Scaling by powers of two, which changes no digit of a float that stays in range: how deep nets are kept in f32. */

/** Mean squares outside 2^±40 are brought back near 1: far from f32's limits (2^±126), and rarely needed. */
const comfortable = 2 ** 40;

/** 2^exponent by repeated doubling: exact, unlike the host's pow, and 0 or Infinity beyond the range of f64. */
export function powerOfTwo(exponent: number): number {
  let power = 1;
  for (let i = 0; i < exponent && power < Number.POSITIVE_INFINITY; i++) power *= 2;
  for (let i = 0; i > exponent && power > 0; i--) power /= 2;
  return power;
}

/** How often numbers of mean square `square` must be halved to bring it near 1; 0 for what is zero or not finite. */
export function halvingsToOne(square: number): number {
  if (square === 0 || !Number.isFinite(square)) return 0;
  let halvings = 0;
  for (let rest = square; rest > 2; rest /= 4) halvings += 1;
  for (let rest = square; rest < 0.5; rest *= 4) halvings -= 1;
  return halvings;
}

/** The same, but 0 while the mean square is comfortable as it is. */
export function neededHalvings(square: number): number {
  return square <= comfortable && square >= 1 / comfortable ? 0 : halvingsToOne(square);
}

/** Largest power of two up to x > 0, or 2⁻¹⁰⁰⁰: what numbers are divided by before they are squared. */
export function powerOfTwoNear(x: number): number {
  let unit = 1;
  while (unit * 2 <= x) unit *= 2;
  while (unit > x && unit > 2 ** -1000) unit /= 2;
  return unit;
}
