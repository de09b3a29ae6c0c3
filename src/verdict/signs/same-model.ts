import { ownValue } from '../../json.ts';
import type { ModelIdentity } from '../../record/identity.ts';
import type { RunRecord } from '../../record/schema.ts';
import { findDifferences } from '../protocol/field-differences.ts';

/** Whether two records are of one and the same model. */
export interface ModelComparison {
  /** All that decides an answer is known of both, and equal. */
  same: boolean;
  /**
   * Where the weights are the same and something else is not: what differs, so that a difference of answers is systematic. Null where weights
   * differ, or where it is not known.
   */
  settings: string[] | null;
  /** It cannot be told: a record does not say. */
  unknown: boolean;
}

const NOT_KNOWN: ModelComparison = { same: false, settings: null, unknown: true };

/** Compares what two records say of their models. What one of them does not say is unknown, and never equal. */
export function compareModels(a: RunRecord, b: RunRecord): ModelComparison {
  const [before, after] = [a.model.identity, b.model.identity];
  if (before === undefined || after === undefined || before.algorithm !== after.algorithm) return NOT_KNOWN;
  const weights = bothEqual(before, after, 'weights');
  const adapter = bothEqual(before, after, 'adapter');
  if (weights === false || adapter === false) return { same: false, settings: null, unknown: false };
  if (weights === null || adapter === null) return NOT_KNOWN;
  const settings = differingSettings(a, b);
  // What a server that was given answered with is nobody's to know.
  const isServed = [a, b].some(({ subject }) => subject.servedModel !== null);
  const unknown = isServed || [...before.unknown, ...after.unknown].length > 0;
  if (settings.length > 0) return { same: false, settings, unknown };
  return { same: !unknown, settings: null, unknown };
}

/**
 * Whether two records may be of one and the same model, for what must not be done with two of one: also where an older record says no more than
 * that the files in its folder are the same.
 */
export function mayBeSameModel(a: RunRecord, b: RunRecord): boolean {
  const { same, settings, unknown } = compareModels(a, b);
  if (same || settings !== null) return same;
  return unknown && a.model.digest !== null && a.model.digest === b.model.digest;
}

type DigestPart = 'weights' | 'adapter' | 'config' | 'generation' | 'tokenizer' | 'template';

/** Null where one of them is not known. */
function bothEqual(a: ModelIdentity, b: ModelIdentity, part: DigestPart): boolean | null {
  const [before, after] = [a.parts[part], b.parts[part]];
  return before === null || after === null ? null : before === after;
}

/** What differs though the weights are the same: by their files, and by what the harness told when it had loaded them. */
function differingSettings(a: RunRecord, b: RunRecord): string[] {
  const [before, after] = [a.model.identity!, b.model.identity!];
  const differs = (part: DigestPart) => bothEqual(before, after, part) === false;
  const loaded = (fact: 'tokenizerSha256' | 'chatTemplateSha256' | 'dtype') => {
    const [own, others] = [a.subject[fact], b.subject[fact]];
    return own !== null && others !== null && own !== others;
  };
  const template = appliesTemplate(a) || appliesTemplate(b);
  const [own, others] = [argumentsOf(before), argumentsOf(after)];
  const names = [...new Set([...Object.keys(own), ...Object.keys(others)])].filter(
    (name) => !isSame(ownValue(own, name), ownValue(others, name)),
  );
  return [
    ...(differs('config') ? ['config.json'] : []),
    ...(differs('generation') ? ['generation_config.json'] : []),
    ...(differs('tokenizer') || loaded('tokenizerSha256') ? ['tokenizer'] : []),
    ...(template && (differs('template') || loaded('chatTemplateSha256')) ? ['chat template'] : []),
    ...(before.parts.dtype !== after.parts.dtype || loaded('dtype') ? ['dtype'] : []),
    ...names.sort(),
  ];
}

function argumentsOf({ parts }: ModelIdentity): Record<string, unknown> {
  return { ...parts.quantisation, ...parts.arguments };
}

/** One that was not given is what the harness takes by default, which need not be null. */
function isSame(a: unknown, b: unknown): boolean {
  return a !== undefined && b !== undefined && findDifferences(a, b).length === 0;
}

/** A chat server always applies it. */
function appliesTemplate({ protocol, benchmarks }: RunRecord): boolean {
  return (
    protocol.chatTemplateApplied !== false ||
    benchmarks.some(({ id, n }) => id.startsWith('livebench-') && n > 0)
  );
}
