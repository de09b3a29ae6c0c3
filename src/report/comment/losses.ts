import { z } from 'zod';
import { parseIfJson } from '../../json.ts';
import type { AcceptedLoss } from '../../verdict/schema.ts';
import { findLosses } from '../../verdict/waiver.ts';

/** More rows than these drop out: a comment has room for so many. */
const MAX_LOSSES = 200;

const LINE = /^<!-- sos-bench:losses (\[.*\]) -->$/;

const LossesSchema = z.array(z.tuple([z.string().min(1).max(200), z.number(), z.number()])).max(MAX_LOSSES);

/**
 * The hidden last line of a comment that says which drops fail the report, and how large each may be: what `accept` accepts. Empty
 * where nothing dropped. Ids can be a repository's own; they end neither the line nor the HTML comment.
 */
export function writeLosses(verdict: Parameters<typeof findLosses>[0]): string {
  const losses = findLosses(verdict).slice(0, MAX_LOSSES);
  if (losses.length === 0) return '';
  const json = JSON.stringify(losses.map(({ id, loss, limit }) => [id, loss, limit]));
  const safe = json.replace(/[<>&]|-(?=-)/g, (mark) => `\\u00${mark.charCodeAt(0).toString(16)}`);
  return `<!-- sos-bench:losses ${safe} -->`;
}

/** The drops that a report names, by its very last line: no report's text can hold another. */
export function readLosses(body: string): AcceptedLoss[] {
  const [, json] = LINE.exec(body.trimEnd().split(/\r?\n/).at(-1) ?? '') ?? [];
  if (json === undefined) return [];
  const named = LossesSchema.safeParse(parseIfJson(json)).data ?? [];
  return named.map(([id, loss, limit]) => ({ id, loss, limit }));
}
