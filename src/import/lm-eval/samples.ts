import { noun, plural } from '../../count.ts';
import { hash64Text } from '../../hash64.ts';
import { countAnswers } from '../../record/results/answer-counts.ts';
import { digestPrompts, type PromptHash, toInt64 } from '../../record/results/hashes.ts';
import { IFEVAL_METRICS } from '../../record/results/score.ts';
import type { Item } from '../../record/schema.ts';
import { findTask } from '../../suite/find-task.ts';
import { type Fields, readText } from '../format/json-bytes.ts';
import { parsePythonJson } from '../format/parse-json.ts';
import { BadRecord, Refusal } from '../refusal.ts';
import { type ChosenMetric, chooseMetric, type ReportedMetric } from './choose-metric.ts';
import { hashCluster, hashDocument, shortHash } from './doc-hash.ts';
import { type Instructions, ItemColumns, type LoggedItem } from './item-columns.ts';
import { readChoice } from './read-choice.ts';

/** An item whose id and hash are settled. */
type SettledItem = LoggedItem & { docHash: bigint; hashed: boolean };

export interface SampledTask {
  metric: ChosenMetric;
  items: Item[];
  constantScore: number | null;
  answers: Record<string, number>;
  instructions: Instructions | null;
  /** Digest of prompts, as `TaskProtocol` has it; null where a part is missing. */
  prompts: string | null;
  /** `multiple_choice` where every item was one; null where none can be told. */
  outputType: string | null;
  /** Documents of the log that have no score, by the reason. */
  dropped: Record<string, number>;
  /** What was lost or is there twice, in words. */
  losses: string[];
  notes: string[];
}

/** Keys of a record that are no metric. */
const NOT_METRICS = new Set([
  'doc_id',
  'doc',
  'target',
  'arguments',
  'resps',
  'filtered_resps',
  'filter',
  'metrics',
  'doc_hash',
  'prompt_hash',
  'target_hash',
  'task',
  'repeats',
  'gen_kwargs',
]);

/** Collects one task's log, record by record. */
export class SampleReader {
  private readonly task: string;
  private readonly clusterFields: readonly (readonly string[])[];
  private metric: ChosenMetric | null;
  /** The filter whose records are taken, once known. */
  private filter: string | null = null;
  private readonly logged = new ItemColumns();
  private readonly filters = new Set<string>();
  /** Values of the record at hand, by key. */
  private readonly starts = new Map<string, number>();
  private offsets: Int32Array = new Int32Array(0);
  private readonly keys: string[] = [];
  private computedHashes = 0;
  private readonly dropped: Record<string, number> = {};
  private readonly losses: string[] = [];

  /** @param metric what the results file reports; null where there is none, then the first record decides. */
  constructor(task: string, metric: ChosenMetric | null) {
    this.task = task;
    this.metric = metric;
    this.clusterFields = findTask(task, 'lm-eval')?.benchmark.clusterFields ?? [];
  }

  /** @throws BadRecord when the record cannot be scored; Refusal when no record of this kind can be. */
  take(bytes: Buffer, fields: Fields): void {
    this.index(bytes, fields);
    this.metric ??= this.decideMetric(bytes);
    if (!this.isOfChosenFilter(bytes)) return;
    const { metric } = this.metric;
    const score = this.score(bytes, metric);
    const choice = readChoice({
      bytes,
      answers: this.span('filtered_resps') ?? this.span('resps'),
      target: this.span('target'),
      lastTexts: fields.lastTexts,
      normalised: metric === 'acc_norm',
    });
    const docHash = this.docHash(bytes);
    this.logged.push({
      docId: this.docId(bytes) ?? -1,
      docHash: docHash === null ? null : toInt64(docHash),
      promptHash: this.promptHash(bytes),
      cluster: this.cluster(bytes),
      score,
      margin: choice.margin,
      prediction: choice.prediction,
      target: choice.target,
      gold: choice.gold,
      instructions: metric === 'ifeval' ? this.instructions(bytes) : null,
    });
  }

  /** @throws Refusal when no record was taken, or most ids stand for several questions. */
  finish(): SampledTask {
    if (this.metric === null || this.logged.length === 0) throw new Refusal('it holds no records');
    const notes = [...this.metric.notes];
    const others = [...this.filters].filter((name) => name !== this.filter);
    if (others.length > 0)
      notes.push(`${this.task}: filter '${this.filter}' used; also there: ${others.join(', ')}`);
    if (this.computedHashes > 0) {
      notes.push(`${this.task}: ${this.computedHashes} document hashes computed, the log has none`);
    }
    const kept = this.settleIds(notes);
    const items = kept.map((item) => this.toItem(item));
    const choices = kept.every(({ gold }) => gold !== null);
    return {
      metric: this.metric,
      items,
      constantScore: choices ? bestConstant(kept) : null,
      answers: countAnswers(items.map(({ prediction }) => prediction).filter((text) => text !== '')),
      instructions: sumInstructions(kept),
      prompts: digestLoggedPrompts(kept),
      outputType: choices ? 'multiple_choice' : null,
      dropped: this.dropped,
      losses: [...this.losses],
      notes,
    };
  }

  private index(bytes: Buffer, { count, offsets }: Fields): void {
    this.starts.clear();
    this.offsets = offsets;
    for (let i = 0; i < count; i++) {
      const key = this.keyAt(bytes, i, offsets[i * 4]!, offsets[i * 4 + 1]!);
      this.starts.set(key, i * 4 + 2);
    }
    if (!this.starts.has('resps') && !this.starts.has('filtered_resps') && !this.starts.has('doc_hash')) {
      if (!this.starts.has('doc_id')) {
        throw new BadRecord('it has none of doc_id, doc_hash, resps: no sample of lm-eval');
      }
    }
  }

  private span(key: string): readonly [number, number] | undefined {
    const at = this.starts.get(key);
    return at === undefined ? undefined : [this.offsets[at]!, this.offsets[at + 1]!];
  }

  /** Records of one log have the same keys at the same indices. */
  private keyAt(bytes: Buffer, span: number, start: number, end: number): string {
    const last = this.keys[span];
    if (last !== undefined && last.length === end - start) {
      let at = 0;
      while (at < last.length && bytes[start + at] === last.charCodeAt(at)) at++;
      if (at === last.length) return last;
    }
    const key = bytes.toString('utf8', start, end);
    this.keys[span] = key;
    return key;
  }

  private decideMetric(bytes: Buffer): ChosenMetric {
    const names = [...this.starts.keys()].filter((key) => !NOT_METRICS.has(key));
    const metrics = names.flatMap((name): ReportedMetric[] => {
      const raw = this.value(bytes, name);
      const value = share(raw);
      // By its name, also where this record's value is lost.
      const isLost = raw === null || ['NaN', 'Infinity', '-Infinity'].includes(String(raw));
      if (value === null && !isLost) return [];
      return [{ name, filter: null, value: value ?? 0, stderr: null, higherIsBetter: null }];
    });
    if (metrics.length === 0) throw new BadRecord('it has no metric that is a number');
    const chosen = chooseMetric(
      this.task,
      // What one document scored decides nothing either.
      metrics.map((metric) => ({ ...metric, value: 0 })),
      null,
    );
    if ('reason' in chosen) throw new Refusal(chosen.reason);
    return chosen;
  }

  private isOfChosenFilter(bytes: Buffer): boolean {
    const filter = this.text(bytes, 'filter');
    if (filter === null) return true;
    this.filters.add(filter);
    if (this.filter === null) this.filter = this.metric?.filter ?? filter;
    return filter === this.filter;
  }

  private score(bytes: Buffer, metric: string): number {
    const names: readonly string[] = metric === 'ifeval' ? IFEVAL_METRICS : [metric];
    let sum = 0;
    for (const name of names) {
      const raw = this.value(bytes, name);
      const value = share(raw);
      if (value === null) throw new BadRecord(`${name} is ${write(raw)}, not a number`);
      if (!(value >= 0 && value <= 1)) throw new BadRecord(`${name} is ${write(raw)}, not a fraction of 1`);
      sum += value;
    }
    return sum / names.length;
  }

  private instructions(bytes: Buffer): Instructions | null {
    const strict = this.value(bytes, 'inst_level_strict_acc');
    const loose = this.value(bytes, 'inst_level_loose_acc');
    if (!Array.isArray(strict) || !Array.isArray(loose)) return null;
    return {
      total: strict.length,
      strict: strict.filter(Boolean).length,
      loose: loose.filter(Boolean).length,
    };
  }

  private docId(bytes: Buffer): number | null {
    const id = this.value(bytes, 'doc_id');
    return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < 2 ** 31 ? id : null;
  }

  private docHash(bytes: Buffer): string | null {
    const hash = this.hash(bytes, 'doc_hash');
    if (hash !== null) return hash;
    const doc = this.span('doc');
    if (doc === undefined) return null;
    this.computedHashes++;
    return hashDocument(bytes.toString('utf8', doc[0], doc[1]));
  }

  private promptHash(bytes: Buffer): bigint | null {
    const hash = this.hash(bytes, 'prompt_hash');
    return hash === null ? null : toInt64(hash);
  }

  /** The first 16 of a hash's hex digits. */
  private hash(bytes: Buffer, key: string): string | null {
    const span = this.span(key);
    if (span === undefined || span[1] - span[0] < 18) return null;
    const digits = bytes.toString('latin1', span[0] + 1, span[0] + 17);
    return /^[0-9a-f]{16}$/.test(digits) ? digits : null;
  }

  private cluster(bytes: Buffer): bigint | null {
    const doc = this.span('doc');
    if (doc === undefined || this.clusterFields.length === 0) return null;
    const hash = hashCluster(bytes.toString('utf8', doc[0], doc[1]), this.clusterFields);
    return hash === null ? null : toInt64(hash);
  }

  private text(bytes: Buffer, key: string): string | null {
    const span = this.span(key);
    return span === undefined || bytes[span[0]] !== 0x22 ? null : readText(bytes, span[0], span[1]);
  }

  private value(bytes: Buffer, key: string): unknown {
    const span = this.span(key);
    return span === undefined ? undefined : parsePythonJson(bytes.toString('utf8', span[0], span[1]));
  }

  /**
   * Gives records without an id the free numbers, in order. A document that is there twice counts once: by the later record where
   * the scores differ, and not at all where two questions have one id.
   */
  private settleIds(notes: string[]): SettledItem[] {
    const byId = new Map<number, number>();
    const kept: LoggedItem[] = [];
    const unclear = new Set<number>();
    let repeated = 0;
    let other = 0;
    for (let index = 0; index < this.logged.length; index++) {
      const item = this.logged.at(index);
      const known = item.docId < 0 ? undefined : byId.get(item.docId);
      if (known === undefined) {
        if (item.docId >= 0) byId.set(item.docId, kept.length);
        kept.push(item);
        continue;
      }
      const first = kept[known]!;
      if (first.docHash !== item.docHash) unclear.add(item.docId);
      else if (first.score === item.score) repeated++;
      else other++;
    }
    // Records without a filter's name: whole repetitions are the other filters of one run.
    const isFilters =
      other > 0 && unclear.size === 0 && this.filters.size === 0 && (repeated + other) % kept.length === 0;
    if (isFilters)
      notes.push(`${this.task}: several records a document without filter names: the first was used`);
    else {
      if (other > 0) this.takeLater(kept, byId);
      if (other > 0)
        this.losses.push(
          `${this.task}: ${plural(other, 'question')} twice with another score: the later counts`,
        );
      if (repeated > 0)
        this.losses.push(`${this.task}: ${plural(repeated, 'question')} twice: each counts once`);
    }
    if (unclear.size * 2 > kept.length)
      throw new Refusal(`document ${[...unclear][0]} is there twice with different questions`);
    if (unclear.size > 0) this.dropped['two questions have one id'] = unclear.size;
    const clear = kept.filter(({ docId }) => !unclear.has(docId));
    return this.settle(clear, byId, notes).sort((a, b) => a.docId - b.docId);
  }

  private takeLater(kept: LoggedItem[], byId: ReadonlyMap<number, number>): void {
    for (let index = 0; index < this.logged.length; index++) {
      const item = this.logged.at(index);
      const known = item.docId < 0 ? undefined : byId.get(item.docId);
      if (known !== undefined && kept[known]!.docHash === item.docHash) kept[known] = item;
    }
  }

  private settle(kept: LoggedItem[], taken: ReadonlyMap<number, unknown>, notes: string[]): SettledItem[] {
    let next = 0;
    let assigned = 0;
    let unhashed = 0;
    const settled = kept.map((item): SettledItem => {
      if (item.docId < 0) {
        while (taken.has(next)) next++;
        assigned++;
        item.docId = next++;
      }
      const hashed = item.docHash !== null;
      if (!hashed) unhashed++;
      return Object.assign(item, {
        hashed,
        docHash: item.docHash ?? toInt64(shortHash(`${this.task} ${item.docId}`)),
      });
    });
    if (assigned > 0) {
      notes.push(
        `${this.task}: ${assigned} ${noun(assigned, 'record')} without doc_id, numbered in the order of the file`,
      );
    }
    if (unhashed > 0) {
      notes.push(
        `${this.task}: ${unhashed} ${noun(unhashed, 'document')} without hash and text: known by doc_id alone`,
      );
    }
    return settled;
  }

  private toItem({ docId, docHash, cluster, score, margin, prediction }: SettledItem): Item {
    const { benchmark, metric } = this.metric!;
    const { task } = this;
    return {
      benchmark,
      task,
      docId,
      docHash,
      cluster,
      stratum: task,
      metric,
      score,
      margin,
      prediction,
      inclusionP: 1,
    };
  }
}

/** As a run here makes it; null where the log lacks a part. */
function digestLoggedPrompts(items: readonly SettledItem[]): string | null {
  const prompts: PromptHash[] = [];
  for (const { docHash, hashed, promptHash, target } of items) {
    if (!hashed || promptHash === null || target === null) return null;
    prompts.push({ docHash: hash64Text(docHash), promptHash: hash64Text(promptHash), target });
  }
  return digestPrompts(prompts);
}

/** A score as a log has it: a number, a truth value, one of these as text, or a list of truth values. */
function share(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string')
    return /^[-+]?\d/.test(value) && Number.isFinite(Number(value)) ? Number(value) : null;
  if (!Array.isArray(value) || value.length === 0 || !value.every((entry) => typeof entry === 'boolean'))
    return null;
  return value.filter(Boolean).length / value.length;
}

function write(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60);
}

/** Share of items for which always choosing one option would be right, for the best such option. */
function bestConstant(items: readonly LoggedItem[]): number | null {
  const right = new Map<number, number>();
  for (const { gold } of items)
    for (const option of gold ?? []) right.set(option, (right.get(option) ?? 0) + 1);
  return right.size === 0 ? null : Math.max(...right.values()) / items.length;
}

function sumInstructions(items: readonly LoggedItem[]): Instructions | null {
  const sum = { total: 0, strict: 0, loose: 0 };
  for (const { instructions } of items) {
    if (instructions === null) return null;
    sum.total += instructions.total;
    sum.strict += instructions.strict;
    sum.loose += instructions.loose;
  }
  return sum;
}
