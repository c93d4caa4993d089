/**
 * HDF5 files, as far as Keras writes them: groups, text attributes, data sets in one piece (HDF5 File Format Specification, version
 * 3.0). Nothing but metadata is read before numbers are asked for.
 */
import type { ModelFormatError } from '../../errors/model-format-error.js';
import { bytesInMemory, bytesInSource, type TensorBytes } from '../../model/tensor-bytes.js';
import type { Source } from '../../source/source.js';
import { isHdf5 } from '../signatures.js';
import { readGroupLinks } from './group-links.js';
import { Metadata } from './metadata.js';
import { contentOf, type HeaderMessage, messageType, readObjectHeader } from './object-header.js';
import { type Attribute, attributeTexts, readAttributes } from './text-attribute.js';
import { readExtents, readValueType, type ValueType } from './value-type.js';

/** A group or a data set. */
export interface Hdf5Object {
  /** Where its header is; the same object has the same address by every name. */
  readonly address: number;
  /** Texts of an attribute, also of one cut into pieces; `null` without. */
  texts(attribute: string): Promise<readonly string[] | null>;
  /** Members of a group by name; `null` for a data set. */
  members(): Promise<ReadonlyMap<string, number> | null>;
  /** A data set; `null` for a group. */
  dataset(): Hdf5Dataset | null;
}

export interface Hdf5Dataset {
  readonly type: ValueType;
  readonly shape: readonly number[];
  readonly bytes: TensorBytes;
  /** Where the bytes lie in the file; `null` where they are none, or stand in the header. */
  readonly place: { readonly offset: number; readonly length: number } | null;
}

export interface Hdf5File {
  readonly root: Hdf5Object;
  /** The object at an address. */
  open(address: number): Promise<Hdf5Object>;
  /** The object at a path from another one, `dense/kernel:0`; `null` if there is none. */
  find(from: Hdf5Object, path: string): Promise<Hdf5Object | null>;
  /** An error for content that contradicts itself. */
  broken(expected: string, got: string): ModelFormatError;
}

/** Objects of different headers that are kept. */
const mostKept = 4096;

/**
 * @throws ModelFormatError for a file that is no HDF5, or cut off
 * @throws UnsupportedModelError for addresses that are not of 64 bits
 */
export async function openHdf5(source: Source): Promise<Hdf5File> {
  const metadata = new Metadata(source);
  const kept = new Map<number, Hdf5Object>();
  const open = async (address: number): Promise<Hdf5Object> => {
    const before = kept.get(address);
    if (before !== undefined) return before;
    const found = objectOf(metadata, address, await readObjectHeader(metadata, address));
    if (kept.size < mostKept) kept.set(address, found);
    return found;
  };
  const find = async (from: Hdf5Object, path: string): Promise<Hdf5Object | null> => {
    let at = from;
    for (const name of path.split('/').filter((part) => part !== '')) {
      const address = (await at.members())?.get(name);
      if (address === undefined) return null;
      at = await open(address);
    }
    return at;
  };
  const broken = (expected: string, got: string) => metadata.broken(0, expected, got);
  return { root: await open(await readRootAddress(metadata)), open, find, broken };
}

async function readRootAddress(metadata: Metadata): Promise<number> {
  const { size } = metadata.source;
  const cursor = await metadata.at(0, Math.min(96, size));
  if (!isHdf5(cursor.take(8))) {
    throw metadata.broken(0, 'the signature of HDF5', 'other bytes');
  }
  const version = cursor.u8();
  if (version > 3) throw metadata.unsupported(`is an HDF5 file of version ${version}`);
  cursor.skip(version < 2 ? 4 : 0);
  const widths = [cursor.u8(), cursor.u8()];
  if (widths.some((width) => width !== 8))
    throw metadata.unsupported('has addresses that are not of 64 bits');
  cursor.skip(version < 2 ? 9 + 4 * version : 1);
  const [base, , end] = [cursor.u64(), cursor.u64(), cursor.u64()];
  if (base !== 0) throw metadata.unsupported('does not begin at its first byte');
  if (end > size) throw metadata.broken(0, `${end} bytes`, `${size}: the file is cut off`);
  // Version 0 and 1 keep a driver's address and the root's name before it.
  cursor.skip(version < 2 ? 16 : 0);
  return cursor.u64();
}

function objectOf(metadata: Metadata, address: number, messages: readonly HeaderMessage[]): Hdf5Object {
  let links: ReadonlyMap<string, number> | null | undefined;
  let attributes: ReadonlyMap<string, Attribute> | undefined;
  return {
    address,
    async texts(attribute) {
      attributes ??= readAttributes(metadata, messages);
      return attributeTexts(metadata, attributes, attribute);
    },
    async members() {
      links ??= await readGroupLinks(metadata, messages);
      return links;
    },
    dataset: () => datasetOf(metadata, messages),
  };
}

function datasetOf(metadata: Metadata, messages: readonly HeaderMessage[]): Hdf5Dataset | null {
  const [space, type, layout] = [messageType.dataspace, messageType.datatype, messageType.layout].map(
    (wanted) => messages.find((message) => message.type === wanted),
  );
  if (space === undefined || type === undefined || layout === undefined) return null;
  if (messages.some((message) => message.type === messageType.externalFiles)) {
    throw metadata.unsupported('keeps numbers in other files');
  }
  if (messages.some((message) => message.type === messageType.filters)) {
    throw metadata.unsupported('has data sets that are packed');
  }
  const shape = readExtents(contentOf(metadata, space));
  const value = readValueType(contentOf(metadata, type));
  const size = (shape ?? [0]).reduce((product, extent) => product * extent, 1) * value.size;
  return { type: value, shape: shape ?? [0], ...bytesOf(metadata, layout, size) };
}

function bytesOf(
  metadata: Metadata,
  layout: HeaderMessage,
  size: number,
): Pick<Hdf5Dataset, 'bytes' | 'place'> {
  const cursor = contentOf(metadata, layout);
  const [version, kind] = [cursor.u8(), cursor.u8()];
  if (version !== 3 && version !== 4)
    throw metadata.unsupported(`has data sets of layout version ${version}`);
  if (kind === 0) {
    // A copy: the header's memory may be the source's own.
    return { bytes: bytesInMemory(cursor.take(cursor.u16()).slice()), place: null };
  }
  if (kind !== 1) {
    const what = kind === 2 ? 'has data sets in chunks' : 'has data sets made of other ones';
    throw metadata.unsupported(what);
  }
  const [address, length] = [cursor.u64(), cursor.u64()];
  // A data set without numbers has no place.
  if (size === 0) return { bytes: bytesInMemory(new Uint8Array(0)), place: null };
  return { bytes: bytesInSource(metadata.source, address, length), place: { offset: address, length } };
}
