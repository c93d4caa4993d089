// Products of f32 matrices, row-major. Sizes and leading dimensions are in floats, pointers in bytes.
//
// Numeric contract, the same for all: every element of C is ((0 + a₀·b₀) + a₁·b₁) + … in f32 in order of k, then
// + bias, then max(·, 0) with NaN kept. Nothing else (tile, panel, packing, row block) touches the bits.
//
// Memory contract: C has ldc ≥ ⌈n/4⌉·4 and its columns n … ⌈n/4⌉·4 − 1 are overwritten with values that mean nothing;
// B and bias may be read up to 3 floats past their last element; C overlaps nothing. k = 0 gives C = bias (or 0).
import { pack_columns, pack_rows } from './pack';
import {
  sweep_in_place,
  sweep_in_place_bias,
  sweep_in_place_bias_relu,
  sweep_packed,
  sweep_packed_bias,
  sweep_packed_bias_relu,
  sweep_transposed,
  sweep_transposed_onto,
} from './generated/tiles';

/** Below this many rows of A, packing B costs more than it saves, and B is read in place. */
const PACK_FROM_ROWS: usize = 8;

/** C[m×n] = A[m×k] · B[k×n]. `scratch` holds k·⌈n/4⌉·4 floats. */
export function sgemm_nn(m: usize, n: usize, k: usize, a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, scratch: usize): void {
  if (m < PACK_FROM_ROWS) {
    sweep_in_place(m, n, <i32>k, a, 4 * lda, b, 4 * ldb, c, 4 * ldc);
    return;
  }
  pack_rows(k, n, b, ldb, scratch);
  sweep_packed(m, n, <i32>k, a, 4 * lda, scratch, c, 4 * ldc);
}

/** C[m×n] = A[m×k] · B[k×n] + bias[n], the bias added to every row. */
export function sgemm_nn_bias(m: usize, n: usize, k: usize, a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, scratch: usize, bias: usize): void {
  if (m < PACK_FROM_ROWS) {
    sweep_in_place_bias(m, n, <i32>k, a, 4 * lda, b, 4 * ldb, c, 4 * ldc, bias);
    return;
  }
  pack_rows(k, n, b, ldb, scratch);
  sweep_packed_bias(m, n, <i32>k, a, 4 * lda, scratch, c, 4 * ldc, bias);
}

/** C[m×n] = max(A[m×k] · B[k×n] + bias[n], 0), NaN kept. */
export function sgemm_nn_bias_relu(m: usize, n: usize, k: usize, a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, scratch: usize, bias: usize): void {
  if (m < PACK_FROM_ROWS) {
    sweep_in_place_bias_relu(m, n, <i32>k, a, 4 * lda, b, 4 * ldb, c, 4 * ldc, bias);
    return;
  }
  pack_rows(k, n, b, ldb, scratch);
  sweep_packed_bias_relu(m, n, <i32>k, a, 4 * lda, scratch, c, 4 * ldc, bias);
}

/** C[m×n] = A[m×k] · Bᵀ, B given as n × k. `scratch` holds k·⌈n/4⌉·4 floats. */
export function sgemm_nt(m: usize, n: usize, k: usize, a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, scratch: usize): void {
  pack_columns(k, n, b, ldb, scratch);
  sweep_packed(m, n, <i32>k, a, 4 * lda, scratch, c, 4 * ldc);
}

/** Rows of A and B that a transposed product takes at a time: of each of them a few lines of 64 bytes, which stay in the nearest cache. */
const K_BLOCK: usize = 64;

/** C[m×n] = Aᵀ · B[k×n], A given as k × m. Both are read in place. */
export function sgemm_tn(m: usize, n: usize, k: usize, a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize): void {
  sweep_transposed(m, n, <i32>min(k, K_BLOCK), a, 4 * lda, b, 4 * ldb, c, 4 * ldc);
  for (let p = K_BLOCK; p < k; p += K_BLOCK) {
    sweep_transposed_onto(m, n, <i32>min(k - p, K_BLOCK), a + 4 * lda * p, 4 * lda, b + 4 * ldb * p, 4 * ldb, c, 4 * ldc);
  }
}
