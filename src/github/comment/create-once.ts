import type { Client } from '../client.ts';
import { isUncertain } from '../failure.ts';

/** Seconds to wait before looking whether a lost request was carried out after all. */
const WAITS = [1, 4, 9];

/**
 * Creates something at most once: after a failure that leaves open whether it was created, looks for it before trying
 * again.
 *
 * @param find null where it does not exist.
 */
export async function createOnce<Thing>(
  client: Client,
  { create, find }: { create: () => Promise<Thing>; find: () => Promise<Thing | null> },
): Promise<Thing> {
  for (const wait of WAITS) {
    try {
      return await create();
    } catch (error) {
      if (!isUncertain(error)) throw error;
      await client.pause(wait);
      const found = await find();
      if (found !== null) return found;
    }
  }
  return create();
}
