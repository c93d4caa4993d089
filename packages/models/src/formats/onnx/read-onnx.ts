/** ONNX files: initializers, `Constant` nodes and those of graphs inside others; external data; weights of quantized models. */
import { quotedName } from '../../errors/printable-name.js';
import { graphArchitecture } from '../../graph/graph-architecture.js';
import { createTensor } from '../../model/create-tensor.js';
import type { Model, OpenModelOptions } from '../../model/model.js';
import type { ModelTensor, Quantization } from '../../model/model-tensor.js';
import type { Sources } from '../../source/source.js';
import { type OnnxFile, readOnnxFile } from './onnx-file.js';
import { onnxGraph } from './onnx-graph.js';
import { constantOf, type OnnxConstant, type OnnxUse, readConstants } from './onnx-scope.js';
import { ProtobufFile } from './protobuf-file.js';
import { onnxRole } from './tensor-role.js';

/**
 * Tensors of a graph inside another one carry its place in their name. Fans of grouped convolutions count a group's channels. What `DequantizeLinear` reads with one scale is dequantized; with a
 * scale a channel, its integers are given and a note says so.
 *
 * @throws ModelFormatError, UnsupportedModelError for a file that breaks its format's rules, or holds what is not read
 */
export async function readOnnx(sources: Sources, options: OpenModelOptions): Promise<Model> {
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
      `${unusable.size} tensors are quantized with a scale a channel, as ${quotedName(first?.name ?? '')}: their integers are given, not the numbers they stand for.`,
    );
  }
  const [first, ...more] = unread;
  if (first !== undefined) {
    notes.push(`${more.length === 0 ? '' : `${unread.length} tensors are left out; one: `}${first}.`);
  }
  return notes;
}
