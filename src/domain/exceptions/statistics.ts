/** Tails of three distributions, to a relative error far below what a threshold needs. */

const LANCZOS = [676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];

/** Natural logarithm of the gamma function for x > 0 (Lanczos approximation). */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const z = x - 1;
  const sum = LANCZOS.reduce((total, coefficient, index) => total + coefficient / (z + index + 1), 0.99999999999980993);
  const t = z + LANCZOS.length - 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** P(X <= x) of a chi-square variable with `df` degrees of freedom. */
export function chiSquareLower(x: number, df: number): number {
  if (x <= 0) return 0;
  return x / 2 < df / 2 + 1 ? gammaSeries(df / 2, x / 2) : 1 - gammaFraction(df / 2, x / 2);
}

/** P(X >= x) of a chi-square variable with `df` degrees of freedom. */
export function chiSquareUpper(x: number, df: number): number {
  if (x <= 0) return 1;
  return x / 2 < df / 2 + 1 ? 1 - gammaSeries(df / 2, x / 2) : gammaFraction(df / 2, x / 2);
}

/** P(X >= k) of a binomial variable: n trials of chance p. */
export function binomialUpper(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n || p <= 0) return 0;
  if (p >= 1) return 1;
  let sum = 0;
  for (let i = k; i <= n; i += 1) {
    const term = Math.exp(lnGamma(n + 1) - lnGamma(i + 1) - lnGamma(n - i + 1) + i * Math.log(p) + (n - i) * Math.log(1 - p));
    sum += term;
    if (i > n * p && term < sum * 1e-12) break;
  }
  return Math.min(1, sum);
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 500 && term > sum * 1e-14; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * Math.exp(-x + a * Math.log(x) - lnGamma(a));
}

function gammaFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 500; i += 1) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / nonZero(an * d + b, tiny);
    c = nonZero(b + an / c, tiny);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return h * Math.exp(-x + a * Math.log(x) - lnGamma(a));
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
