import { z } from 'zod';
import { KNOWN_IDS } from '../../suite/select.ts';
import { SETTINGS, type Setting, type SettingKey } from '../table.ts';

/** Words that a setting takes, for completion; none where it takes any text or number. */
export interface SettingWords {
  words: readonly string[];
  /** Whether several may stand there, with commas between. */
  isList: boolean;
}

/** What a setting's schema says that may stand there. */
export function wordsOf(key: SettingKey): SettingWords {
  const { schema }: Setting = SETTINGS[key];
  if (key === 'benchmarks') return { words: KNOWN_IDS, isList: true };
  const [input, output] = (['input', 'output'] as const).map(
    (io) => z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema,
  );
  const single = listWords(input!);
  if (single.length > 0) return { words: single, isList: false };
  const items = output!.items;
  return { words: items === undefined ? [] : listWords(items), isList: items !== undefined };
}

interface JsonSchema {
  type?: string;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  items?: JsonSchema;
}

function listWords({ type, enum: words = [], anyOf = [] }: JsonSchema): string[] {
  const own = type === 'boolean' ? ['true', 'false'] : words.map(String);
  return [...new Set([...own, ...anyOf.flatMap(listWords)])];
}
