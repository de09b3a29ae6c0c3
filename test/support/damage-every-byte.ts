import { decodeItems, encodeItems } from '../../src/record/items.ts';
import { makeRecord } from './records.ts';

/**
 * Changes each byte of a file of items in turn, and decodes what comes of it: `node damage-every-byte.ts` prints how that went. To three other
 * values each; with `all` to six.
 */
const { items } = makeRecord({
  model: 'm',
  benchmarks: {
    gpqa: { scores: Array.from({ length: 40 }, (_, i) => i % 2), cluster: (i) => i >> 2 },
    bbq: { scores: [1, 0, 1], inclusionP: () => 0.5 },
  },
});
const margins = items.map((item, i) => ({ ...item, margin: i % 3 === 0 ? null : i / 8 }));
const whole = encodeItems(margins, 'run');
const isAll = process.argv[2] === 'all';
const told = { bytes: whole.length, refused: 0, read: 0, slowest: 0, longest: 0 };
for (let at = 0; at < whole.length; at++) {
  const some = [0x80, 0xff, whole[at]! ^ 0x01];
  for (const value of isAll ? [...some, 0x00, 0x7f, whole[at]! + 1] : some) {
    const content = new Uint8Array(whole);
    content[at] = value;
    // What follows a changed length is read as part of a number: long ones too.
    if (value === 0xff) content.fill(0xff, at, Math.min(at + 3, whole.length));
    const started = performance.now();
    await decodeItems(content).then(
      (read) => {
        told.read++;
        told.longest = Math.max(told.longest, read.items.length);
      },
      () => {
        told.refused++;
      },
    );
    told.slowest = Math.max(told.slowest, performance.now() - started);
  }
}
process.stdout.write(JSON.stringify(told));
