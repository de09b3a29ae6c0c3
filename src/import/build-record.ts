import type { JudgedGames } from '../judge/score/game.ts';
import { summariseGames } from '../judge/score/judge-result.ts';
import type { Item, RunRecord } from '../record/schema.ts';
import { RECORD_SCHEMA_VERSION } from '../record/schema.ts';
import { ALPACA_EVAL } from './alpaca-eval/preferences.ts';
import { repairSource } from './lm-eval/repair.ts';
import type { Run } from './merge.ts';
import { unknownFacts } from './source.ts';
import { summariseTasks } from './summarise-tasks.ts';

/** The record of one run. What its sources do not say is null. */
export function buildImportedRecord(
  run: Run,
  { repair }: { repair: boolean },
): { record: RunRecord; items: Item[]; games: readonly JudgedGames[] } {
  const repaired = run.sources.map((source) => repairSource(source, repair));
  const tasks = run.sources.flatMap((source) => source.tasks);
  const { benchmarks, items, notes } = summariseTasks(tasks);
  const facts = run.sources[0]?.facts ?? unknownFacts(run.model, originOf(run));
  const { boards = [], published = [], files: judgedFiles = [], losses = [] } = run.judged ?? {};
  const judge = [...boards.map((board) => summariseGames(board)), ...published];
  const sameHarness = run.sources
    .map((source) => source.facts)
    .filter(({ harness }) => harness.name === facts.harness.name);
  const first = <Value>(pick: (own: typeof facts) => Value | null): Value | null =>
    sameHarness.map(pick).find((value) => value !== null) ?? null;
  const times = (pick: (own: typeof facts) => string | null) =>
    run.sources.flatMap((source) => pick(source.facts) ?? []).sort();
  const minutes = sameHarness.map((own) => own.minutes);
  const record: RunRecord = {
    schemaVersion: RECORD_SCHEMA_VERSION,
    complete: benchmarks.every(({ status }) => status === 'done' || status === 'skipped'),
    model: { name: run.model, source: facts.source, digest: null },
    commit: null,
    branch: null,
    event: null,
    imported: {
      from: originOf(run),
      files: [...new Set([...run.sources.flatMap(({ files }) => files), ...judgedFiles])],
      repairs: repaired.flatMap(({ repairs }) => repairs),
      notes: gatherNotes([
        ...run.sources.flatMap((source) => source.notes),
        ...repaired.flatMap((own) => own.notes),
        ...notes,
        ...losses,
      ]),
    },
    started: times((own) => own.started)[0] ?? null,
    finished: times((own) => own.finished).at(-1) ?? null,
    suite: 'imported',
    seed: null,
    planHash: null,
    shard: null,
    environment: null,
    protocol: {
      harness: { name: facts.harness.name, version: first((own) => own.harness.version) },
      backend: first((own) => own.backend),
      systemInstruction: facts.systemInstruction,
      chatTemplateApplied: first((own) => own.chatTemplateApplied),
      enableThinking: first((own) => own.enableThinking),
      seed: first((own) => own.seed),
      includePaths: null,
      tasks: Object.fromEntries(
        tasks.filter(({ skipped }) => skipped === null).map(({ task, protocol }) => [task, protocol]),
      ),
    },
    subject: facts.subject,
    benchmarks,
    totals: {
      items: benchmarks.reduce((sum, { n }) => sum + n, 0),
      tokens: null,
      deviceMinutes: minutes.includes(null)
        ? null
        : minutes.reduce<number>((sum, own) => sum + (own ?? 0), 0),
      retries: {},
    },
    ...(judge.length > 0 && { judge }),
  };
  return { record, items, games: boards };
}

function originOf({ sources, judged }: Run): NonNullable<RunRecord['imported']>['from'] {
  const origins = new Set(sources.map(({ from }) => from));
  if (origins.has('sos-bench-csv')) return 'sos-bench-csv';
  if (origins.has('lm-eval')) return 'lm-eval';
  if (origins.has('livebench')) return 'livebench';
  const boards = judged?.boards ?? [];
  if (boards.length === 0) return 'board';
  return boards.some(({ benchmark }) => benchmark !== ALPACA_EVAL) ? 'arena-hard' : ALPACA_EVAL;
}

/** Tasks named in one note; the rest is counted. */
const MAX_TASKS = 3;

/** `TASK: TEXT` of many tasks becomes one note. */
function gatherNotes(notes: readonly string[]): string[] {
  const tasks = new Map<string, string[]>();
  for (const note of new Set(notes)) {
    const [, task, text = note] = /^(\S+): (.*)$/s.exec(note) ?? [];
    tasks.set(text, [...(tasks.get(text) ?? []), ...(task === undefined ? [] : [task])]);
  }
  return [...tasks].map(([text, names]) => {
    if (names.length === 0) return text;
    const more = names.length > MAX_TASKS ? ` and ${names.length - MAX_TASKS} more` : '';
    return `${names.slice(0, MAX_TASKS).join(', ')}${more}: ${text}`;
  });
}
