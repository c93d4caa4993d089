/** The formats in the order in which they are tried: those with a signature first. */
import type { ModelFormat } from './model-format.js';

import { onnxFormat } from './onnx/onnx-format.js';

export const modelFormats: readonly ModelFormat[] = [onnxFormat];
