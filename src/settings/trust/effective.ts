import { modelArguments } from '../../harness/lm-eval/model-arguments.ts';
import { redactArguments } from '../../system/secrets.ts';
import type { ConfigFile } from '../config-file.ts';
import type { LocationOf } from '../known-ids.ts';
import { type GivenValues, resolveValues } from '../resolve.ts';
import { SETTINGS, type Setting, type SettingKey, type Settings } from '../table.ts';
import { isSubjectModel, splitModelArgs } from './subject.ts';
import { asTrusted, type Trusted } from './trusted.ts';

/** Where the value of a setting is from. `local`: a file of the operator's own outside the workspace. */
export type Origin = 'input' | 'base' | 'local' | 'subject' | 'default';

/** A value that a change proposes for a setting that judges it. */
export interface Proposal {
  /** As the setting is called; `model-args.NAME` for an argument of its own. */
  key: string;
  /** Null where the change takes it away. */
  value: string | null;
}

export interface EffectiveSettings<Key extends SettingKey> {
  settings: Trusted<Pick<Settings, Key>>;
  origin: (key: SettingKey) => Origin;
  /** Where a file has a part of a setting; null where an input gives it. */
  locationOf: LocationOf;
  /** What the change's own file says and was not used. */
  proposals: Proposal[];
}

export interface SettingSources {
  /** Inputs of the workflow. */
  given: GivenValues;
  /** The configuration that judges: the base's, or the operator's. */
  trusted: ConfigFile;
  /** Where that is from. */
  from: 'base' | 'local';
  /** The configuration in the change's checkout; null for none. */
  claimed: ConfigFile | null;
  /** An entry point's own defaults, which win over the table's. */
  defaults?: GivenValues;
}

/**
 * The settings that judge a change: inputs, then the trusted configuration, then defaults. Of the change's own configuration only what
 * names the subject is taken, where no input says it.
 *
 * @throws SosBenchError `usage` or `config-invalid`.
 */
export function settleSettings<Key extends SettingKey>(
  keys: readonly Key[],
  { given, trusted, from, claimed, defaults = {} }: SettingSources,
): EffectiveSettings<Key> {
  const subject = claimed === null ? {} : subjectValues(claimed.values, trusted.values);
  const own = (key: SettingKey) => Object.hasOwn(subject, key);
  const config: ConfigFile = {
    values: { ...trusted.values, ...subject },
    locationOf: (key, path) => (own(key) && claimed !== null ? claimed : trusted).locationOf(key, path),
  };
  return {
    settings: asTrusted(resolveValues(keys, given, config, defaults)),
    origin: (key) => {
      if (given[key] !== undefined) return 'input';
      if (own(key)) return 'subject';
      return trusted.values[key] === undefined ? 'default' : from;
    },
    locationOf: (key, path) => (given[key] === undefined ? config.locationOf(key, path) : null),
    proposals: claimed === null ? [] : findProposals(claimed.values, trusted.values),
  };
}

/** Settings of a run that is not a change's: all may judge. */
export function ownSettings<Key extends SettingKey>(
  keys: readonly Key[],
  { given, trusted, defaults = {} }: Pick<SettingSources, 'given' | 'trusted' | 'defaults'>,
): EffectiveSettings<Key> {
  return settleSettings(keys, { given, trusted, from: 'base', claimed: null, defaults });
}

type Values = ConfigFile['values'];

/** What of a change's configuration is taken. Arguments of the model class are taken one by one. */
function subjectValues(claimed: Values, trusted: Values): Values {
  const taken: Values = {};
  for (const [key, value] of entriesOf(claimed)) {
    if (value === undefined || SETTINGS[key].role !== 'subject') continue;
    if (key === 'model' && !isSubjectModel(String(value))) continue;
    taken[key] =
      key === 'model-args'
        ? { ...splitModelArgs(argsOf(trusted[key])).judging, ...splitModelArgs(argsOf(value)).subject }
        : value;
  }
  return taken;
}

function findProposals(claimed: Values, trusted: Values): Proposal[] {
  const keys = new Set([...entriesOf(claimed), ...entriesOf(trusted)].map(([key]) => key));
  return [...keys].flatMap((key): Proposal[] => {
    const [now, before] = [claimed[key], trusted[key]];
    if (key === 'model-args') {
      const [mine, its] = [now, before].map((args) => redactArguments(splitModelArgs(argsOf(args)).judging));
      // Without arguments of its own a change keeps those of the base.
      if (now === undefined) return [];
      return Object.keys({ ...its, ...mine })
        .filter((name) => show(own(mine, name)) !== show(own(its, name)))
        .map((name) => ({ key: `model-args.${name}`, value: show(own(mine, name)) }));
    }
    const setting: Setting = SETTINGS[key];
    if (setting.role === 'subject' && !(key === 'model' && now !== undefined && !isSubjectModel(String(now))))
      return [];
    return show(now) === show(before) ? [] : [{ key, value: show(now) }];
  });
}

/** Without what every object inherits, such as `constructor`. */
function own(args: Readonly<Record<string, unknown>> | undefined, name: string): unknown {
  return args !== undefined && Object.hasOwn(args, name) ? args[name] : undefined;
}

function entriesOf(values: Values): [SettingKey, unknown][] {
  return Object.entries(values) as [SettingKey, unknown][];
}

/** Arguments as a file has them; what is none is told where the settings are checked. */
function argsOf(value: unknown): Record<string, unknown> {
  return modelArguments.safeParse(value).data ?? {};
}

/** In few words; null for nothing. */
function show(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** What is said of proposals, for a reader of the report; null where there is nothing to say. */
export function describeProposals(
  proposals: readonly Proposal[],
  { path, what, at }: { path: string; what: 'pull request' | 'change'; at: string },
): string | null {
  if (proposals.length === 0) return null;
  const list = proposals.map(({ key, value }) =>
    value === null ? `${key} (taken away)` : `${key}: ${value}`,
  );
  const shown = list.slice(0, MAX_SHOWN);
  const more = list.length - shown.length;
  return (
    `This ${what} edits ${path}. Proposed, not used: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}. ` +
    `It was judged by the version of its base (${at}); the edit counts once it is merged.`
  );
}

const MAX_SHOWN = 12;
