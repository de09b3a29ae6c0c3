import { type CamelCase, camelCase } from '../camel-case.ts';
import type { SettingKey, Settings } from './table.ts';

/** Settings by the names that code has for them; null for one that is not set. */
export type Named<Key extends SettingKey> = {
  [One in Key as CamelCase<One>]: undefined extends Settings[One]
    ? Exclude<Settings[One], undefined> | null
    : Settings[One];
};

/** The one place where settings get the names of code. */
export function nameSettings<Key extends SettingKey>(
  keys: readonly Key[],
  settings: Pick<Settings, Key>,
): Named<Key> {
  return Object.fromEntries(keys.map((key) => [camelCase(key), settings[key] ?? null])) as Named<Key>;
}

/**
 * Its argument; does not compile where that has a field which the target has not: a setting that would be carried nowhere.
 *
 * @example carriedTo<Request>()(named)
 */
export function carriedTo<Target>() {
  return <Given extends object>(given: Given & Record<Exclude<keyof Given, keyof Target>, never>): Given =>
    given;
}
