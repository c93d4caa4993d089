// Every kernel, on one page. What each promises stands in README.md and above its definition.
export { sgemm_nn, sgemm_nn_bias, sgemm_nn_bias_relu, sgemm_nt, sgemm_nt_mask, sgemm_tn, sgemm_tn_update } from './gemm/sgemm';
export { sparse_nn_bias_relu, sparse_tn } from './sparse/sparse-rows';
export { column_sums } from './vector/column-sums';
export { relu_backward } from './vector/relu-backward';
export { scale } from './vector/scale';
export { softmax_cross_entropy } from './loss/softmax-cross-entropy';
export { count_correct } from './loss/accuracy';
export { sgd_update } from './optimizer/sgd';
export { sum_squares } from './statistics/sum-squares';
export { gather_labels, gather_pixels } from './data/gather';
export { philox } from './random/philox';
export { fill_words, seed_stream } from './random/stream';
export { fill_uniform } from './random/uniform';
export { fill_normal } from './random/normal';
export { fill_truncated_normal } from './random/truncated-normal';
export { fill_permutation } from './random/permutation';
export { exp_f64 } from './math/exponential';
export { log_f64 } from './math/logarithm';

/** The first byte that belongs to nobody: static tables end here, and the arena begins. */
export function memory_base(): usize {
  return __heap_base;
}
