/** The bytes of an ONNX tensor, wherever they are. */
import { bytesOf, type DType } from '../../model/dtype.js';
import { bytesInMemory, bytesInSource, type TensorBytes } from '../../model/tensor-bytes.js';
import type { Sources } from '../../source/source.js';
import type { ByteRange, ProtobufFile, WireField } from './protobuf-file.js';
import type { TensorProto } from './tensor-proto.js';

/** Read at once. */
const bytesOfPiece = 1_048_576;

/** @throws ModelFormatError for a range outside its file, or more numbers one by one than are taken */
export async function tensorContent(
  sources: Sources,
  file: ProtobufFile,
  tensor: TensorProto,
  dtype: DType,
): Promise<TensorBytes> {
  const { content } = tensor;
  if (content.kind === 'external') {
    const { location, offset, length } = content.data;
    const source = await sources.open(location);
    return bytesInSource(source, offset, length ?? Math.max(0, source.size - offset));
  }
  if (content.kind === 'varints') return gatherVarints(file, tensor, content.fields, dtype);
  const [first = { offset: 0, length: 0 }, ...others] = content.ranges;
  if (others.length === 0) return bytesInSource(file.source, first.offset, first.length);
  return gatherRanges(file, tensor, content.ranges);
}

/** Of types of fewer than 64 bits, what a varint may say; of short floats, the integer of their bits. */
const ranges: ReadonlyMap<DType, readonly [least: number, most: number]> = new Map([
  ['bool', [0, 1]],
  ['u8', [0, 255]],
  ['i8', [-128, 127]],
  ['u16', [0, 65_535]],
  ['i16', [-32_768, 32_767]],
  ['i32', [-2_147_483_648, 2_147_483_647]],
  ['u32', [0, 4_294_967_295]],
  ['f16', [0, 65_535]],
  ['bf16', [0, 65_535]],
  ['f8e4m3', [0, 255]],
  ['f8e5m2', [0, 255]],
]);

/** Negative numbers have all upper bits; of 32-bit ones, some writers leave these out. */
function isInside(low: number, high: number, [least, most]: readonly [number, number]): boolean {
  const isNegative = low >= 2_147_483_648 && (high === 0xffffffff || (high === 0 && least < 0));
  if (high !== 0 && !isNegative) return false;
  const value = isNegative ? low - 4_294_967_296 : low;
  return value >= least && value <= most;
}

async function gatherRanges(
  file: ProtobufFile,
  tensor: TensorProto,
  ranges: readonly ByteRange[],
): Promise<TensorBytes> {
  const length = ranges.reduce((sum, range) => sum + range.length, 0);
  const all = file.takeRoom(length, tensor.offset);
  let at = 0;
  for (const range of ranges) {
    all.set(await file.bytes(range), at);
    at += range.length;
  }
  return bytesInMemory(all);
}

async function gatherVarints(
  file: ProtobufFile,
  tensor: TensorProto,
  fields: readonly WireField[],
  dtype: DType,
): Promise<TensorBytes> {
  const width = bytesOf[dtype];
  // A number has at least one byte, so the shape cannot ask for more room than the file gives cause for.
  const packed = fields.reduce((sum, { length, wireType }) => sum + (wireType === 2 ? length : 1), 0);
  const all = file.takeRoom(packed * width, tensor.offset);
  const view = new DataView(all.buffer);
  let count = 0;
  const range = ranges.get(dtype);
  const put = (low: number, high: number) => {
    const at = count * width;
    if (range !== undefined && !isInside(low, high, range)) {
      throw file.broken(tensor.offset, `numbers from ${range[0]} to ${range[1]} of type ${dtype}`, 'others');
    }
    if (width === 8) {
      view.setUint32(at, low, true);
      view.setUint32(at + 4, high, true);
    } else if (width === 4) view.setUint32(at, low, true);
    else if (width === 2) view.setUint16(at, low & 0xffff, true);
    else view.setUint8(at, low & 0xff);
    count++;
  };
  for (const field of fields) {
    if (field.wireType === 0) {
      const bits = BigInt.asUintN(64, field.value);
      put(Number(bits & 0xffffffffn), Number(bits >> 32n));
    } else if (field.wireType === 2) await eachVarint(file, field, put);
    else throw file.broken(field.offset, 'integers', `wire type ${field.wireType}`);
  }
  return bytesInMemory(all.subarray(0, count * width));
}

/** Shows the 64 bits of every varint, as two unsigned halves. */
async function eachVarint(
  file: ProtobufFile,
  range: ByteRange,
  put: (low: number, high: number) => void,
): Promise<void> {
  let [low, high, shift] = [0, 0, 0];
  for await (const piece of bytesInSource(file.source, range.offset, range.length).pieces(bytesOfPiece)) {
    for (const byte of piece) {
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >> 4;
      } else if (shift < 70) high |= bits << (shift - 32);
      else throw file.broken(range.offset, 'integers of 64 bits', 'a longer one');
      shift += 7;
      if (byte < 128) {
        put(low >>> 0, high >>> 0);
        [low, high, shift] = [0, 0, 0];
      }
    }
  }
  if (shift !== 0) throw file.broken(range.offset, 'whole integers', 'half of one');
}
