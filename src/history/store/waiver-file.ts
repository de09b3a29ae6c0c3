import { z } from 'zod';
import { type Waiver, WaiverSchema } from '../../verdict/schema.ts';
import type { Changes, Snapshot } from '../backends/store-files.ts';
import { WAIVERS_FILE } from './layout.ts';
import { readStored } from './stored-list.ts';

/** Longest time for which a drop can be accepted: what is accepted for ever belongs into the policy. */
export const MAX_WAIVER_DAYS = 365;

/** `waivers.json`; those that have expired stay, as a record of who accepted what. */
export const WaiversSchema = z.object({ schemaVersion: z.literal(1), waivers: z.array(WaiverSchema) });

/** @throws SosBenchError `store-invalid`: a broken list is never taken for an empty one. */
export async function readWaivers(files: Snapshot, description: string): Promise<Waiver[]> {
  const hint = "restore it from the branch's history; nothing was changed";
  const stored = await readStored(files, description, { path: WAIVERS_FILE, schema: WaiversSchema, hint });
  return stored?.waivers ?? [];
}

/** The change that makes the list what `edit` makes of it. */
export async function editWaivers(
  files: Snapshot,
  description: string,
  edit: (waivers: Waiver[]) => Waiver[],
): Promise<Changes> {
  const before = await readWaivers(files, description);
  const waivers = edit(before);
  if (JSON.stringify(waivers) === JSON.stringify(before)) return new Map();
  const content = WaiversSchema.parse({ schemaVersion: 1, waivers });
  return new Map([[WAIVERS_FILE, `${JSON.stringify(content, null, 2)}\n`]]);
}
