/**
 * Squared error of m rows of n outputs against as many targets. Returns the *sum* Σᵢⱼ (o − t)², in f64 (differences too),
 * row by row in order of j; overwrites the outputs with the gradient of the *mean* over all m·n, (o − t) · fl(2/(m·n)), in
 * f32. Columns past n are left alone. NaN and infinities pass through.
 */
export function mean_squared_error(m: usize, n: usize, outputs: usize, ldo: usize, targets: usize, ldt: usize): f64 {
  const scale = <f32>(2.0 / <f64>(m * n));
  let total: f64 = 0;
  for (let i: usize = 0; i < m; i++) {
    const row = outputs + 4 * i * ldo;
    const wanted = targets + 4 * i * ldt;
    for (let j: usize = 0; j < n; j++) {
      const output = load<f32>(row + 4 * j);
      const target = load<f32>(wanted + 4 * j);
      const error = <f64>output - <f64>target;
      total += error * error;
      store<f32>(row + 4 * j, (output - target) * scale);
    }
  }
  return total;
}
