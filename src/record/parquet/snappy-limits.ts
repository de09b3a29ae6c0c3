/**
 * Walks a block in Snappy's format without unpacking it: what it copies and repeats has to come to `size` bytes in all. The
 * unpacker believes each length, up to 4 GiB.
 *
 * @throws Error where it does not.
 */
export function requireSnappy(block: Uint8Array, size: number): void {
  const fail = () => new Error('a page does not unpack to the size that it claims');
  let at = 0;
  // The unpacked length comes first; the page's header has it, too.
  while (at < block.length && block[at]! >= 0x80) at++;
  at++;
  let unpacked = 0;
  while (at < block.length) {
    const tag = block[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      let length = (tag >> 2) + 1;
      if (length > 60) {
        const bytes = length - 60;
        length = 1;
        for (let index = 0; index < bytes; index++) length += (block[at + index] ?? 0) * 2 ** (8 * index);
        at += bytes;
      }
      if (length > block.length - at) throw fail();
      at += length;
      unpacked += length;
    } else {
      const bytes = kind === 3 ? 4 : kind;
      let offset = kind === 1 ? (tag >> 5) * 256 : 0;
      for (let index = 0; index < bytes; index++) offset += (block[at + index] ?? 0) * 2 ** (8 * index);
      at += bytes;
      if (at > block.length || offset === 0 || offset > unpacked) throw fail();
      unpacked += kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    }
    if (unpacked > size) throw fail();
  }
  if (unpacked !== size) throw fail();
}
