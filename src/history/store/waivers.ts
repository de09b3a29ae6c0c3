import { type Waiver, WaiverSchema } from '../../verdict/schema.ts';
import type { Store } from './store.ts';

/** Adds a waiver; one of the same id is left as it is, so that a repeated command changes nothing. */
export async function addWaiver(store: Store, waiver: Waiver): Promise<void> {
  const checked = WaiverSchema.parse(waiver);
  await store.changeWaivers(`Accept ${waiver.target.id}`, (waivers) =>
    waivers.some(({ id }) => id === checked.id) ? waivers : [...waivers, checked],
  );
}

/** Waivers in force, and those whose time is over. */
export async function listWaivers(store: Store, now: Date): Promise<{ active: Waiver[]; expired: Waiver[] }> {
  const waivers = await store.waivers();
  return {
    active: waivers.filter((waiver) => isActive(waiver, now)),
    expired: waivers.filter((waiver) => !isActive(waiver, now)),
  };
}

/** Whether its time has come and is not over. */
export function isActive({ created, expires }: Waiver, now: Date): boolean {
  return Date.parse(created) <= now.getTime() && now.getTime() < Date.parse(expires);
}
