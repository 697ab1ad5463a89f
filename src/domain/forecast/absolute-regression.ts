import { InvariantError } from '../kernel/domain-error.js';

/** Rows of `width` terms each, one after the other, with what each row should sum to. */
export interface RegressionRows {
  width: number;
  terms: Float64Array;
  targets: Float64Array;
  /** How much an error of the row matters; positive. */
  weights: Float64Array;
}

const ROUNDS = 12;
/** Errors below this count as this, so that no single row takes all the weight. */
const LEAST_ERROR = 0.15;

/**
 * Coefficients that make the weighted sum of absolute errors small (iteratively reweighted least squares), each pulled
 * towards 0 as if `prior` rows of mean weight had said so. Least absolute errors, because a wedding party of forty is
 * no reason to cook more on every Tuesday, and because cooked too many and too few are counted in portions.
 *
 * @throws InvariantError without rows, or when lengths do not fit
 */
export function fitAbsolute({ width, terms, targets, weights }: RegressionRows, prior: number): Float64Array {
  const count = targets.length;
  if (count === 0 || terms.length !== count * width || weights.length !== count) throw new InvariantError('regression rows do not fit');
  const meanWeight = weights.reduce((sum, weight) => sum + weight, 0) / count;
  let coefficients: Float64Array = new Float64Array(width);
  for (let round = 0; round < ROUNDS; round += 1) {
    const matrix = new Float64Array(width * width);
    const right = new Float64Array(width);
    for (let row = 0; row < count; row += 1) {
      const offset = row * width;
      const error = round === 0 ? 1 : Math.abs(targets[row] - dot(coefficients, terms, offset));
      addRow(matrix, right, terms, offset, width, weights[row] / Math.max(error, LEAST_ERROR), targets[row]);
    }
    for (let term = 0; term < width; term += 1) matrix[term * width + term] += prior * meanWeight;
    coefficients = solve(matrix, right, width);
  }
  return coefficients;
}

/** Σ coefficient · term of the row at `offset`. */
export function dot(coefficients: Float64Array, terms: Float64Array | readonly number[], offset = 0): number {
  let sum = 0;
  for (let term = 0; term < coefficients.length; term += 1) sum += coefficients[term] * terms[offset + term];
  return sum;
}

/** Adds one row to the lower half of the normal matrix; most terms of a row are 0. */
function addRow(matrix: Float64Array, right: Float64Array, terms: Float64Array, offset: number, width: number, weight: number, target: number): void {
  for (let i = 0; i < width; i += 1) {
    const value = terms[offset + i];
    if (value === 0) continue;
    const scaled = weight * value;
    right[i] += scaled * target;
    const start = i * width;
    for (let j = 0; j <= i; j += 1) matrix[start + j] += scaled * terms[offset + j];
  }
}

/** Cholesky; the prior on the diagonal keeps the matrix positive definite. Destroys its arguments. */
function solve(matrix: Float64Array, right: Float64Array, width: number): Float64Array {
  for (let i = 0; i < width; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * width + j];
      for (let k = 0; k < j; k += 1) sum -= matrix[i * width + k] * matrix[j * width + k];
      matrix[i * width + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * width + j];
    }
  }
  for (let i = 0; i < width; i += 1) {
    for (let k = 0; k < i; k += 1) right[i] -= matrix[i * width + k] * right[k];
    right[i] /= matrix[i * width + i];
  }
  for (let i = width - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < width; k += 1) right[i] -= matrix[k * width + i] * right[k];
    right[i] /= matrix[i * width + i];
  }
  return right;
}
