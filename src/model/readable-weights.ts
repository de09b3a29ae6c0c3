import { open } from 'node:fs/promises';
import { z } from 'zod';
import { parseIfJson } from '../json.ts';
import { fileError } from '../system/files/files.ts';
import { requireNoPointers, unreadable } from './inside.ts';

/** How the names of weights end that cannot run code. */
export const SAFE = '.safetensors';

/**
 * Refuses a file of weights that is not whole, or that could run code when read. What decides is the ending: a loader takes all but
 * safetensors and GGUF for a pickle.
 *
 * @param options.allowPickle whether pickles are allowed all the same.
 * @throws SosBenchError `model-unreadable`, and as files cannot be read.
 */
export async function requireReadable(
  path: string,
  { allowPickle }: { allowPickle: boolean },
): Promise<void> {
  await requireNoPointers([path]);
  if (path.endsWith('.gguf')) return;
  if (path.endsWith(SAFE)) return await requireSafetensors(path);
  if (allowPickle) return;
  throw unreadable(
    `${path} has weights in a pickle format, which can run code when read`,
    'save the model with safe_serialization=True, or allow it with --allow-pickle',
  );
}

const MAX_HEADER_BYTES = 100_000_000;

/** Where a tensor's bytes lie behind the header; `__metadata__` has texts. */
const HeaderSchema = z.record(
  z.string(),
  z.looseObject({ data_offsets: z.tuple([z.number(), z.number()]).optional() }),
);

/**
 * A safetensors file begins with the length of its JSON header, little-endian, in 8 bytes; the header says where each tensor ends. A copy
 * that stopped half-way has a whole header and too few bytes behind it.
 */
async function requireSafetensors(path: string): Promise<void> {
  const start = Buffer.alloc(9);
  let size: number;
  let header: Buffer | null = null;
  try {
    const file = await open(path, 'r');
    try {
      ({ size } = await file.stat());
      await file.read(start, 0, 9, 0);
      const length = Number(start.readBigUInt64LE());
      if (size >= 10 && length <= Math.min(size - 8, MAX_HEADER_BYTES) && start[8] === 0x7b) {
        header = Buffer.alloc(length);
        await file.read(header, 0, length, 8);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, path, 'read');
  }
  const end = header === null ? null : endOfTensors(header);
  if (header !== null && end !== null && size >= 8 + header.length + end) return;
  const lacks =
    header === null || end === null ? '' : `: ${8 + header.length + end - size} of its bytes are missing`;
  throw unreadable(
    `${path} is not a complete safetensors file${lacks}`,
    'was the model saved and copied completely?',
  );
}

/** Null where the header cannot be read. */
function endOfTensors(header: Buffer): number | null {
  const told = HeaderSchema.safeParse(parseIfJson(header.toString()));
  if (!told.success) return null;
  return Object.values(told.data).reduce((end, { data_offsets: [, own] = [0, 0] }) => Math.max(end, own), 0);
}
