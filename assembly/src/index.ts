// Every kernel, on one page. What each promises stands in README.md and above its definition.
export { sgemm_nn, sgemm_nn_bias, sgemm_nn_bias_relu, sgemm_nt, sgemm_tn } from './gemm/sgemm';
export { sparse_nn, sparse_nn_bias, sparse_nn_bias_relu, sparse_tn } from './sparse/sparse-rows';
export { conv2d, conv2d_bias, conv2d_bias_relu } from './convolution/conv2d';
export { conv2d_input_gradient } from './convolution/input-gradient';
export { conv2d_weight_gradient } from './convolution/weight-gradient';
export { add_grid, copy_grid, zero_grid } from './grid/grid';
export { channel_sums } from './grid/channel-sums';
export { average_pool, average_pool_backward } from './pooling/average-pool';
export { max_pool, max_pool_backward } from './pooling/max-pool';
export { batch_norm, batch_norm_backward, batch_norm_statistics } from './normalization/batch-norm';
export { axpy } from './vector/axpy';
export { leaky_relu, leaky_relu_backward } from './vector/leaky-relu';
export { relu } from './vector/relu';
export { selu, selu_backward } from './vector/selu';
export { dot } from './statistics/dot';
export { count_float_groups, count_float_keys, float_bit_runs, float_runs } from './statistics/float-bits';
export { column_sums } from './vector/column-sums';
export { relu_backward } from './vector/relu-backward';
export { scale } from './vector/scale';
export { softmax_cross_entropy } from './loss/softmax-cross-entropy';
export { mean_squared_error } from './loss/mean-squared-error';
export { count_correct } from './loss/accuracy';
export { sgd_update } from './optimizer/sgd';
export { momentum_update } from './optimizer/momentum';
export { adam_update } from './optimizer/adam';
export { adamax_update } from './optimizer/adamax';
export { rmsprop_update } from './optimizer/rmsprop';
export { adagrad_update } from './optimizer/adagrad';
export { orthonormalize_rows } from './matrix/orthonormalize-rows';
export { sum_squares } from './statistics/sum-squares';
export { positive_square_sum } from './statistics/positive-square-sum';
export { gather_labels, gather_pixels, gather_sparse_pixels } from './data/gather';
export { philox } from './random/philox';
export { fill_words, seed_stream } from './random/stream';
export { fill_uniform } from './random/uniform';
export { fill_normal } from './random/normal';
export { fill_truncated_normal } from './random/truncated-normal';
export { fill_laplace } from './random/laplace';
export { fill_rademacher } from './random/rademacher';
export { fill_student_t } from './random/student-t';
export { exact_length, exact_lengths } from './network/exact-lengths';
export { random_relu_net, random_relu_nets } from './network/random-relu-net';
export { fill_permutation } from './random/permutation';
export { exp_f64 } from './math/exponential';
export { log_f64 } from './math/logarithm';
export { atan_f64, sin_f64 } from './math/trigonometry';

/** The first byte that belongs to nobody: static tables end here, and the arena begins. */
export function memory_base(): usize {
  return __heap_base;
}
