import { deflateRawSync } from 'node:zlib';
import { nameOf } from '../../../verdict/measure/result-view.ts';
import type { BenchmarkChanges } from '../../../verdict/signs/changes.ts';
import { clip, Markup } from '../markup.ts';
import { nameAnswer } from './answers.ts';
import { FLIP_KINDS, type Flip } from './telling.ts';

/** Id of the element that holds the flips for the script. */
export const PAYLOAD_ID = 'flip-data';

/** A median margin is so many units of a stored one. */
const UNITS = 1000;
const MAX_UNITS = 32_000;
/** Stored for a margin that is not there. */
const NO_MARGIN = -32_768;
/** Stored for 1; scores are stored in steps of a half percent. */
const FULL_SCORE = 200;
const MAX_NAME = 80;

/** Of every column the lowest bytes of all rows come first, then the next: bytes that resemble one another are packed better. */
function planes(bytes: number, values: readonly number[]): Uint8Array {
  const out = new Uint8Array(bytes * values.length);
  values.forEach((value, row) => {
    for (let plane = 0; plane < bytes; plane++)
      out[plane * values.length + row] = (value >>> (8 * plane)) & 0xff;
  });
  return out;
}

/**
 * All flips for the script of the page, in columns: part (2 bytes: index into `parts`), doc id (4), both margins (2 each, in thousandths of the
 * benchmark's median), both scores (1 each, of 200; 255 for none), both answers (1 each: index into `answers`), what kind of flip (1: bit 0
 * lost, above it the index of the kind), hash of the document (8). Packed as raw deflate in base64.
 *
 * @returns an element that no browser runs: data.
 */
export function packFlips(flips: readonly Flip[], changes: readonly BenchmarkChanges[]): Markup {
  const typical = new Map(changes.map(({ id, typicalMargin }) => [id, typicalMargin]));
  const benchmarks = indexer();
  const answers = indexer();
  const parts = indexer();
  const rows = [...flips].sort(inOrder).map((flip) => ({
    flip,
    part: parts.of(`${benchmarks.of(flip.benchmark)}\n${flip.task}`),
    answers: [flip.before, flip.after].map((answer) => answers.of(nameAnswer(answer))),
  }));
  const scale = (benchmark: string, margin: number | null | undefined) => {
    const unit = typical.get(benchmark) ?? null;
    if (margin === null || margin === undefined || unit === null) return NO_MARGIN;
    return Math.max(-MAX_UNITS, Math.min(MAX_UNITS, Math.round((margin / unit) * UNITS)));
  };
  const score = (value: number | undefined) => (value === undefined ? 255 : Math.round(value * FULL_SCORE));
  const columns = [
    planes(
      2,
      rows.map(({ part }) => part),
    ),
    planes(
      4,
      rows.map(({ flip }) => flip.docId),
    ),
    planes(
      2,
      rows.map(({ flip }) => scale(flip.benchmark, flip.before.margin)),
    ),
    planes(
      2,
      rows.map(({ flip }) => scale(flip.benchmark, flip.after?.margin)),
    ),
    planes(
      1,
      rows.map(({ flip }) => score(flip.before.score)),
    ),
    planes(
      1,
      rows.map(({ flip }) => score(flip.after?.score)),
    ),
    planes(
      1,
      rows.map(({ answers }) => Math.min(255, answers[0]!)),
    ),
    planes(
      1,
      rows.map(({ answers }) => Math.min(255, answers[1]!)),
    ),
    planes(
      1,
      rows.map(({ flip }) => Number(flip.isLost) | (FLIP_KINDS.indexOf(flip.kind) << 1)),
    ),
    planes(
      4,
      rows.map(({ flip }) => Number(flip.docHash & 0xffff_ffffn)),
    ),
    planes(
      4,
      rows.map(({ flip }) => Number(flip.docHash >> 32n)),
    ),
  ];
  const document = {
    count: rows.length,
    benchmarks: benchmarks.list.map((id) => ({
      id,
      name: clip(nameOf(id), MAX_NAME),
      unit: (typical.get(id) ?? 0) / UNITS,
    })),
    parts: parts.list.map((key) => {
      const cut = key.indexOf('\n');
      return [Number(key.slice(0, cut)), clip(key.slice(cut + 1), MAX_NAME)];
    }),
    answers: answers.list,
    columns: Buffer.from(deflateRawSync(Buffer.concat(columns), { level: 9 })).toString('base64'),
  };
  return dataElement(PAYLOAD_ID, document);
}

/** JSON inside a page: no name in it can end the element. */
function dataElement(id: string, document: unknown): Markup {
  const json = JSON.stringify(document).replace(
    /[<>&\u2028\u2029]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return new Markup(`<script type="application/json" id="${id}">${json}</script>`);
}

function indexer() {
  const known = new Map<string, number>();
  return {
    of(key: string): number {
      const index = known.get(key) ?? known.size;
      known.set(key, index);
      return index;
    },
    get list() {
      return [...known.keys()];
    },
  };
}

function inOrder(a: Flip, b: Flip): number {
  return compareText(a.benchmark, b.benchmark) || compareText(a.task, b.task) || a.docId - b.docId;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
