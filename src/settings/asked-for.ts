import { type ConfigSource, readConfigFile } from './config-file.ts';
import { type GivenValues, resolveSettings } from './resolve.ts';
import type { SettingKey, Settings } from './table.ts';

/** Settings that say how a model is evaluated and that its record tells of. */
export const EVALUATION_KEYS = [
  'suite',
  'backend',
  'seed',
  'include-path',
  'apply-chat-template',
  'enable-thinking',
  'system-instruction',
  'max-gen-toks',
] as const satisfies readonly SettingKey[];

/** How models are to be evaluated, as far as somebody has said so: a default is nobody's word. */
export type AskedFor = Partial<Pick<Settings, (typeof EVALUATION_KEYS)[number]>>;

/**
 * What a configuration, and what was given beside it, ask for.
 *
 * @throws SosBenchError `usage` or `config-invalid`.
 */
export async function readAskedFor(given: GivenValues, source: ConfigSource): Promise<AskedFor> {
  const { values } = await readConfigFile(source);
  const said = EVALUATION_KEYS.filter((key) => {
    // A stored plan says these itself.
    const isPlanned = values.plan !== undefined && (key === 'suite' || key === 'seed');
    return (given[key] ?? (isPlanned ? undefined : values[key])) !== undefined;
  });
  return await resolveSettings(said, given, source);
}
