import { BadRecord } from '../refusal.ts';
import type { Fields } from './json-bytes.ts';
import { parsePythonJson } from './parse-json.ts';

/**
 * Values of the wanted fields of a record, by name; what is there twice counts once, by the later. The others are not parsed.
 *
 * @throws BadRecord where one is not JSON.
 */
export function pickFields(
  bytes: Buffer,
  { offsets, count }: Fields,
  wanted: readonly string[],
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) {
    const key = bytes.toString('utf8', offsets[i * 4], offsets[i * 4 + 1]);
    if (!wanted.includes(key)) continue;
    try {
      found[key] = parsePythonJson(bytes.toString('utf8', offsets[i * 4 + 2], offsets[i * 4 + 3]));
    } catch {
      throw new BadRecord('not JSON');
    }
  }
  return found;
}
