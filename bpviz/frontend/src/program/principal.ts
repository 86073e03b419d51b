// The two directions in which points in a space of many dimensions differ most.

import { RandomState } from "./random";

/** Vectors that are turned together; of the two wanted, the others take what is nearly as large. */
const TOGETHER = 6;
const MOST_TURNS = 400;
const NEAR = 1e-13;

/** Points, one after the other. */
export interface Points {
  numbers: Float64Array;
  count: number;
  width: number;
}

/** The mean of points in each dimension. */
export function meanOf({ numbers, count, width }: Points): Float64Array {
  const mean = new Float64Array(width);
  for (let k = 0; k < numbers.length; k++) mean[k % width]! += numbers[k]! / count;
  return mean;
}

/**
 * Unit vectors along which points spread most and second most: by subspace iteration, in steps.
 * They have any sign.
 */
export function* principalDirections(points: Points): Generator<void, Float64Array[]> {
  const { numbers, count, width } = points;
  const mean = meanOf(points);
  const spread = numbers.map((value, k) => value - mean[k % width]!);
  const random = new RandomState(0);
  const number = Math.min(TOGETHER, width);
  let vectors: Float64Array[] = Array.from({ length: number }, () =>
    Float64Array.from({ length: width }, () => random.normal()),
  );
  orthonormal(vectors);
  let before = 0;
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const turned = vectors.map((vector) => covariance(spread, count, width, vector));
    yield;
    const inner = vectors.map((one) => turned.map((other) => dot(one, other)));
    const { values, rotation } = diagonal(inner);
    const mixed = (of: readonly Float64Array[]): Float64Array[] =>
      rotation.map((parts) => {
        const made = new Float64Array(width);
        of.forEach((vector, k) => vector.forEach((value, i) => (made[i]! += parts[k]! * value)));
        return made;
      });
    vectors = mixed(turned);
    orthonormal(vectors);
    const now = values[0]! + (values[1] ?? 0);
    if (!(Math.abs(now - before) > NEAR * now) && turn > 2) break;
    before = now;
  }
  return vectors.slice(0, 2);
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < one.length; k++) sum += one[k]! * other[k]!;
  return sum;
}

/** Sᵀ S v, without ever making Sᵀ S. */
function covariance(
  spread: Float64Array,
  count: number,
  width: number,
  vector: Float64Array,
): Float64Array {
  const made = new Float64Array(width);
  for (let k = 0; k < count; k++) {
    const row = spread.subarray(k * width, (k + 1) * width);
    const along = dot(row, vector);
    for (let i = 0; i < width; i++) made[i]! += along * row[i]!;
  }
  return made;
}

/** Make vectors orthonormal in place, twice for the rounding; what vanishes becomes an axis. */
function orthonormal(vectors: Float64Array[]): void {
  vectors.forEach((vector, k) => {
    for (let axis = 0; ; axis++) {
      const size = Math.sqrt(dot(vector, vector));
      vector.forEach((value, i) => (vector[i] = value / (size || 1)));
      for (let again = 0; again < 2; again++)
        for (const other of vectors.slice(0, k)) {
          const along = dot(vector, other);
          vector.forEach((value, i) => (vector[i] = value - along * other[i]!));
        }
      const left = Math.sqrt(dot(vector, vector));
      if (left > 1e-8) {
        vector.forEach((value, i) => (vector[i] = value / left));
        return;
      }
      vector.fill(0);
      vector[axis % vector.length] = 1;
    }
  });
}

/** The eigenvalues of a small symmetric matrix, the largest first, and its eigenvectors: Jacobi. */
function diagonal(matrix: number[][]): { values: number[]; rotation: number[][] } {
  const size = matrix.length;
  const a = matrix.map((row) => [...row]);
  const v = a.map((_, i) => a.map((_row, j) => Number(i === j)));
  for (let sweep = 0; sweep < 30; sweep++)
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        if (a[p]![q] === 0) continue;
        const angle = Math.atan2(2 * a[p]![q]!, a[p]![p]! - a[q]![q]!) / 2;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const turn = (row: number[]): void => {
          const [one, other] = [row[p]!, row[q]!];
          [row[p], row[q]] = [c * one + s * other, c * other - s * one];
        };
        a.forEach(turn);
        v.forEach(turn);
        for (let k = 0; k < size; k++) {
          const [one, other] = [a[p]![k]!, a[q]![k]!];
          [a[p]![k], a[q]![k]] = [c * one + s * other, c * other - s * one];
        }
      }
  const order = a.map((_, k) => k).sort((one, other) => a[other]![other]! - a[one]![one]!);
  return {
    values: order.map((k) => a[k]![k]!),
    rotation: order.map((k) => v.map((row) => row[k]!)),
  };
}
