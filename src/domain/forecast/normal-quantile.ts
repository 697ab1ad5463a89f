import { InvariantError } from '../kernel/domain-error.js';

/**
 * z with P(Z <= z) = `share` for a standard normal Z, share in (0, 1): bisection on the distribution function, to 1e-9.
 */
export function normalQuantile(share: number): number {
  if (!(share > 0 && share < 1)) throw new InvariantError(`share outside (0, 1): ${share}`);
  let low = -9;
  let high = 9;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(Z <= z): series φ(z)·(z + z³/3 + z⁵/(3·5) + …) + 1/2, which converges for every z used here. */
export function normalShare(z: number): number {
  if (Math.abs(z) > 9) return z < 0 ? 0 : 1;
  let term = z;
  let sum = z;
  for (let odd = 3; Math.abs(term) > 1e-15 && odd < 400; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
