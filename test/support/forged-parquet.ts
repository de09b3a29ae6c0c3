import { type FileMetaData, parquetMetadata } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';

/** The file with other metadata at its end; what lies before them stays. */
export function forgeMetadata(content: Uint8Array, edit: (metadata: FileMetaData) => void): Buffer {
  const metadata = parquetMetadata(content);
  edit(metadata);
  const end = content.length - 8 - new DataView(content.buffer).getUint32(content.length - 8, true);
  const writer = new ByteWriter();
  writeMetadata(writer, metadata);
  return Buffer.concat([content.subarray(0, end), Buffer.from(writer.getBuffer()), Buffer.from('PAR1')]);
}
