/** ONNX files: initializers, `Constant` nodes and those of graphs inside others; external data; weights of quantized models. */
import { printableName } from '../../errors/printable-name.js';
import { graphArchitecture } from '../../graph/graph-architecture.js';
import { createTensor } from '../../model/create-tensor.js';
import type { Model } from '../../model/model.js';
import type { ModelTensor, Quantization } from '../../model/model-tensor.js';
import type { ModelFormat, Probe } from '../model-format.js';
import { isModelField, type OnnxFile, readOnnxFile } from './onnx-file.js';
import { onnxGraph } from './onnx-graph.js';
import { constantOf, type OnnxConstant, type OnnxUse, readConstants } from './onnx-scope.js';
import { ProtobufFile, wireFieldAt } from './protobuf-file.js';
import { onnxRole } from './tensor-role.js';

/**
 * Recognized by the fields at its top, since ONNX has no signature. Tensors of a graph inside another one carry its place in their
 * name. Fans of grouped convolutions count a group's channels. What `DequantizeLinear` reads with one scale is dequantized; with a
 * scale a channel, its integers are given and a note says so.
 */
export const onnxFormat: ModelFormat = {
  title: 'ONNX',
  recognizes: ({ head, source }: Probe) => looksLikeOnnx(head, source.size),
  async read(sources, _probe, options): Promise<Model> {
    const file = new ProtobufFile(sources.main);
    const onnx = await readOnnxFile(file);
    const { main, all, unread } = await readConstants(sources, file, onnx.graph);
    const tensors: ModelTensor[] = [];
    const unusable = new Set<OnnxConstant>();
    let settings = 0;
    for (const constant of all) {
      const { dequantized } = onnxRole(constant);
      if (!constant.isInitializer && dequantized === null && isSetting(constant)) {
        settings++;
        continue;
      }
      const quantization = dequantized === null ? null : quantizationOf(file, constant, dequantized);
      if (quantization === 'by-channel') unusable.add(constant);
      tensors.push(tensorOf(constant, quantization));
    }
    // Constants that are no tensors of the model keep the graph readable, but no layer can have one as its weights.
    const { architecture, notes } = graphArchitecture(onnxGraph(main, unusable), tensors, options);
    return {
      format: 'onnx',
      producer: onnx.producer,
      tensors,
      architecture,
      notes: [...notesOf(onnx, settings, unread, unusable), ...notes],
    };
  },
};

function looksLikeOnnx(head: Uint8Array, size: number): boolean {
  const numbers = new Set<number>();
  for (let at = 0; at < head.length; ) {
    const field = wireFieldAt(head, at);
    if (field === null || !isModelField(field)) {
      // A header may be cut off by the end of the head, not by the end of the file.
      return head.length < size && head.length - at < 16 && numbers.size > 0;
    }
    numbers.add(field.number);
    at = field.offset + field.length;
  }
  // The version of the format always comes, and a name or a graph.
  return numbers.has(1) && numbers.size > 1;
}

/** Shapes, axes and scalars that stand as nodes between the operators. */
function isSetting({ tensor, dtype }: OnnxConstant): boolean {
  return tensor.shape.length === 0 || !/^(f|bf)/.test(dtype);
}

function tensorOf(constant: OnnxConstant, quantization: Quantization | 'by-channel' | null): ModelTensor {
  const { name, tensor, dtype, bytes } = constant;
  const { role, layout, fans, layer } = onnxRole(constant);
  const whole = quantization === 'by-channel' ? null : quantization;
  const made = createTensor(
    {
      ...{ name, shape: tensor.shape, dtype: whole === null ? dtype : 'f32', layer },
      ...(quantization === 'by-channel' ? {} : { quantization: whole, role, layout }),
    },
    bytes,
  );
  return fans === null || made.fans === null ? made : { ...made, fans };
}

/** y = (q − zero point) · scale. */
function quantizationOf(
  file: ProtobufFile,
  constant: OnnxConstant,
  { node, scope }: OnnxUse,
): Quantization | 'by-channel' {
  const [, scaleName = '', zeroName = ''] = node.inputs;
  const scale = constantOf(scope, scaleName)?.numbers ?? [];
  const zeros = zeroName === '' ? [0] : (constantOf(scope, zeroName)?.numbers ?? []);
  const [factor] = scale;
  const [zero] = zeros;
  if (scale.length !== 1 || zeros.length !== 1 || factor === undefined || zero === undefined) {
    return 'by-channel';
  }
  if (!Number.isFinite(factor)) {
    throw file.broken(constant.tensor.offset, 'tensors that are quantized with a finite scale', `${factor}`);
  }
  return { dtype: constant.dtype, scale: factor, min: zero === 0 ? 0 : -zero * factor };
}

function notesOf(
  { functions, graph }: OnnxFile,
  settings: number,
  unread: readonly string[],
  unusable: ReadonlySet<OnnxConstant>,
): readonly string[] {
  const notes: string[] = [];
  if (settings > 0)
    notes.push(`${settings} constants that are scalars or integers (shapes, axes) are left out.`);
  if (graph.sparseInitializers > 0) notes.push(`${graph.sparseInitializers} sparse tensors are not read.`);
  if (functions > 0) notes.push(`Constants of ${functions} functions of the model's own are not read.`);
  if (unusable.size > 0) {
    const [first] = unusable;
    notes.push(
      `${unusable.size} tensors are quantized with a scale a channel, as ${JSON.stringify(printableName(first?.name ?? ''))}: their integers are given, not the numbers they stand for.`,
    );
  }
  const [first, ...more] = unread;
  if (first !== undefined) {
    notes.push(`${more.length === 0 ? '' : `${unread.length} tensors are left out; one: `}${first}.`);
  }
  return notes;
}
