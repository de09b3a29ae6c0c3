import { type FileMetaData, snappyUncompress } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { requireSnappy } from './snappy-limits.ts';
import { requireThrift } from './thrift-limits.ts';

/** Rows that a file of items may have, in all its groups together. */
export const MAX_ITEMS = 2_000_000;
/** A page of ours holds 1 MiB of values, a dictionary as much. */
const MAX_PAGE_BYTES = 32 * 2 ** 20;
/** All pages of a file, unpacked. 152,380 items take about 12 MB. */
const MAX_UNPACKED_BYTES = 256 * 2 ** 20;
const MAX_FOOTER_BYTES = 2 ** 20;
/** Length of the footer and the magic number, at a file's end. */
const TAIL_BYTES = 8;
const ENCODINGS = ['PLAIN', 'RLE_DICTIONARY', 'PLAIN_DICTIONARY'];

type RowGroup = FileMetaData['row_groups'][number];
type ColumnMetadata = NonNullable<RowGroup['columns'][number]['meta_data']>;
interface PageHeader {
  type: string | undefined;
  uncompressed_page_size: number;
  compressed_page_size: number;
  data_page_header?: { num_values: number; encoding: string } | undefined;
  dictionary_page_header?: { num_values: number; encoding: string } | undefined;
  data_page_header_v2?:
    | {
        num_values: number;
        num_nulls: number;
        encoding: string;
        definition_levels_byte_length: number;
        repetition_levels_byte_length: number;
        is_compressed: boolean;
      }
    | undefined;
}

/**
 * Checks a Parquet file's footer before it is parsed: the parser allocates what a list says it holds.
 *
 * @throws Error for a footer that is not a complete Thrift structure, or larger than any of ours.
 */
export function requireFooter(content: Uint8Array): void {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (view.byteLength < TAIL_BYTES) throw new Error('the file is too short');
  const length = view.getUint32(view.byteLength - TAIL_BYTES, true);
  const start = view.byteLength - TAIL_BYTES - length;
  if (start < 0 || length > MAX_FOOTER_BYTES)
    throw new Error(`the footer claims ${length} bytes, more than the file or the limit allows`);
  requireThrift(view, start, view.byteLength - TAIL_BYTES);
}

/**
 * Checks that a file's counts agree with one another and with its pages, before any of them is decoded. A few bytes can
 * claim any number of rows, and the decoder allocates what a file claims.
 *
 * @param columns the columns that each group of rows has to have, in order; others are refused.
 * @throws Error naming the count that cannot be.
 */
export function requireHonestCounts(
  content: Uint8Array,
  metadata: FileMetaData,
  columns: readonly string[],
): void {
  const names = metadata.schema.slice(1).map(({ name }) => name);
  if (names.join() !== columns.join() || metadata.schema.slice(1).some(({ num_children: n }) => n))
    throw new Error('the file does not have the columns of items');
  const rows = metadata.row_groups.reduce(
    (sum, group) => sum + requireCount(group.num_rows, 'a row group'),
    0,
  );
  if (rows > MAX_ITEMS)
    throw new Error(`the row groups claim ${rows} items, more than the limit of ${MAX_ITEMS}`);
  if (requireCount(metadata.num_rows, 'the file') !== rows)
    throw new Error(`the file claims ${metadata.num_rows} items, but its row groups have ${rows}`);
  const unpacked = { bytes: 0 };
  let packed = 0n;
  for (const group of metadata.row_groups) {
    for (const [index, column] of group.columns.entries()) {
      const meta = column.meta_data;
      if (meta === undefined || meta.path_in_schema.join('.') !== columns[index])
        throw new Error('a row group has other columns than the file');
      packed += meta.total_compressed_size;
      if (packed > BigInt(content.length)) throw new Error('the columns claim more bytes than the file has');
      const schema = metadata.schema[index + 1]!;
      const nullable = schema.repetition_type !== 'REQUIRED';
      if (schema.repetition_type === 'REPEATED')
        throw new Error(`column ${columns[index]} holds lists, not single values`);
      requirePages(content, meta, { rows: Number(group.num_rows), nullable, unpacked });
    }
    if (group.columns.length !== columns.length)
      throw new Error('a row group has other columns than the file');
  }
}

function requireCount(count: bigint, what: string): number {
  if (count < 0n || count > BigInt(MAX_ITEMS)) throw new Error(`${what} claims ${count} items`);
  return Number(count);
}

interface Chunk {
  rows: number;
  nullable: boolean;
  /** Counts up over the whole file. */
  unpacked: { bytes: number };
}

function requirePages(content: Uint8Array, meta: ColumnMetadata, { rows, nullable, unpacked }: Chunk): void {
  const name = meta.path_in_schema.join('.');
  const fail = (what: string) => new Error(`column ${name} ${what}`);
  if (meta.num_values !== BigInt(rows))
    throw fail(`claims ${meta.num_values} values, but its row group has ${rows}`);
  if (meta.codec !== 'SNAPPY' && meta.codec !== 'UNCOMPRESSED')
    throw fail(`is compressed with ${meta.codec}, not with Snappy`);
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const end = start + Number(meta.total_compressed_size);
  if (!(start >= 0 && start <= end && end <= content.length)) throw fail('lies outside the file');
  // As the decoder reads it: a buffer of the column's own, so that no offset leads out of it. (A Buffer's slice is none.)
  const bytes = new Uint8Array(content.subarray(start, end));
  const view = new DataView(bytes.buffer);
  const reader = { view, offset: 0 };
  let values = 0;
  while (values < rows && reader.offset < view.byteLength - 1) {
    requireThrift(view, reader.offset, view.byteLength);
    const header = parquetHeader(reader) as PageHeader;
    const { uncompressed_page_size: size, compressed_page_size: packed } = header;
    if (!(packed >= 0 && reader.offset + packed <= bytes.length))
      throw fail('has a page that reaches beyond the end of the column');
    unpacked.bytes += size;
    if (!(size >= 0 && size <= MAX_PAGE_BYTES && unpacked.bytes <= MAX_UNPACKED_BYTES))
      throw fail(`has a page of ${size} bytes, which exceeds a limit`);
    const page = bytes.subarray(reader.offset, reader.offset + packed);
    reader.offset += packed;
    if (header.type === 'DICTIONARY_PAGE') {
      const count = header.dictionary_page_header?.num_values ?? -1;
      if (!(count >= 0 && count <= size))
        throw fail(`claims a dictionary of ${count} values in ${size} bytes`);
      if (meta.codec === 'SNAPPY') requireSnappy(page, size);
      continue;
    }
    const data = header.type === 'DATA_PAGE' ? header.data_page_header : header.data_page_header_v2;
    if (data === undefined) throw fail('has a page of an unknown type');
    if (!ENCODINGS.includes(data.encoding))
      throw fail(`uses the encoding ${data.encoding}, which is not supported`);
    values += data.num_values;
    if (!(data.num_values > 0 && values <= rows)) throw fail(`has pages with more than ${rows} values`);
    requireRuns(page, header, { codec: meta.codec, nullable, fail });
  }
  if (values !== rows) throw fail(`has pages with ${values} values, not ${rows}`);
}

interface Decoding {
  codec: string;
  nullable: boolean;
  fail(what: string): Error;
}

/** Runs of equal values may be as long as what they are written into: the decoder believes their length. */
function requireRuns(page: Uint8Array, header: PageHeader, { codec, nullable, fail }: Decoding): void {
  const v2 = header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2! : null;
  const data = v2 ?? header.data_page_header!;
  const indexed = data.encoding !== 'PLAIN';
  const { uncompressed_page_size: size } = header;
  let body: Uint8Array;
  if (v2 === null) {
    body = unpack(page, size, { codec, needed: indexed || nullable });
    if (nullable) {
      const levels = new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(0, true);
      requireRunLengths(body.subarray(4, 4 + levels), 1, data.num_values, fail);
      body = body.subarray(4 + levels);
    }
  } else {
    const { definition_levels_byte_length: own, repetition_levels_byte_length: others } = v2;
    if (!(own >= 0 && others === 0 && own <= Math.min(size, page.length)))
      throw fail('has definition levels that reach beyond their page');
    if (!(v2.num_nulls >= 0 && v2.num_nulls <= v2.num_values)) throw fail('has a wrong count of nulls');
    if (nullable && own > 0) requireRunLengths(page.subarray(0, own), 1, v2.num_values, fail);
    const packing = v2.is_compressed === false ? 'UNCOMPRESSED' : codec;
    body = unpack(page.subarray(own), size - own, { codec: packing, needed: indexed });
  }
  if (indexed) requireRunLengths(body.subarray(1), body[0] ?? 0, data.num_values, fail);
}

function unpack(
  page: Uint8Array,
  size: number,
  { codec, needed }: { codec: string; needed: boolean },
): Uint8Array {
  if (codec === 'UNCOMPRESSED') return page;
  requireSnappy(page, size);
  if (!needed) return page;
  const whole = new Uint8Array(size);
  snappyUncompress(page, whole);
  return whole;
}

/** Walks runs of the hybrid encoding up to `values`; none may reach beyond. */
function requireRunLengths(
  bytes: Uint8Array,
  width: number,
  values: number,
  fail: (what: string) => Error,
): void {
  if (width > 32) throw fail(`has dictionary indices of ${width} bits, more than 32`);
  let seen = 0;
  let at = 0;
  while (seen < values && at < bytes.length) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 28) throw fail('has a run without a length');
      header += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    const packed = header % 2 === 1;
    const count = Math.floor(header / 2) * (packed ? 8 : 1);
    // The last of packed values are filled up to eight.
    if (count > values - seen + (packed ? 7 : 0))
      throw fail(`has a run of ${count} values, more than are left`);
    seen += count;
    at += packed ? (count * width) / 8 : Math.ceil(width / 8);
  }
}
