const MAX_DEPTH = 16;

/** Types of the compact protocol. */
const TYPE = {
  stop: 0,
  true: 1,
  false: 2,
  byte: 3,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  struct: 12,
} as const;

/**
 * Walks one structure of Thrift's compact protocol without building it: no list may claim more elements than there are
 * bytes left, and nothing may nest deeper than Parquet's metadata do. The parser believes both.
 *
 * @throws Error where it does not hold, or the structure reaches beyond `end`.
 */
export function requireThrift(view: DataView, start: number, end: number): void {
  let at = start;
  const byte = (): number => {
    if (at >= end) throw new Error('the metadata are cut off');
    return view.getUint8(at++);
  };
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = byte();
      if (shift > 63) throw new Error('the metadata hold a number that is too long');
      value += (next & 0x7f) * 2 ** shift;
      if (next < 0x80) return value;
    }
  };
  const skip = (bytes: number): void => {
    if (bytes > end - at) throw new Error('the metadata are cut off');
    at += bytes;
  };
  const struct = (depth: number): void => {
    if (depth > MAX_DEPTH) throw new Error('the metadata are nested too deeply');
    for (;;) {
      const head = byte();
      const type = head & 0x0f;
      if (type === TYPE.stop) return;
      if (head >> 4 === 0) number();
      element(type, depth);
    }
  };
  const element = (type: number, depth: number): void => {
    if (type === TYPE.true || type === TYPE.false) return;
    if (type === TYPE.byte) skip(1);
    else if (type > TYPE.byte && type <= TYPE.i64) number();
    else if (type === TYPE.double) skip(8);
    else if (type === TYPE.binary) skip(number());
    else if (type === TYPE.list) list(depth + 1);
    else if (type === TYPE.struct) struct(depth + 1);
    else throw new Error('its metadata hold a type that Parquet does not have');
  };
  const list = (depth: number): void => {
    if (depth > MAX_DEPTH) throw new Error('the metadata are nested too deeply');
    const head = byte();
    const size = head >> 4 === 15 ? number() : head >> 4;
    if (size > end - at) throw new Error(`its metadata claim a list of ${size}`);
    const type = head & 0x0f;
    const isFlag = type === TYPE.true || type === TYPE.false;
    for (let index = 0; index < size; index++) element(isFlag ? TYPE.byte : type, depth);
  };
  struct(0);
}
