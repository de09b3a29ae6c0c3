import { z } from 'zod';

/** A SHA-256 in hex, in lower case. */
export const Sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 of 64 hex digits');

export function isSha256(text: string): boolean {
  return Sha256Schema.safeParse(text).success;
}
