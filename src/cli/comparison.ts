import { resolve } from 'node:path';
import type { Command } from 'commander';
import { camelCase } from '../camel-case.ts';
import { plural } from '../count.ts';
import { SosBenchError } from '../error.ts';
import { planBeside } from '../evaluate/planning/plan-beside.ts';
import { readPlan } from '../evaluate/planning/read-plan.ts';
import { readJudgeAudit } from '../judge/audit/read-audit.ts';
import { readRecord } from '../record/read.ts';
import type { LoadedRecord } from '../record/schema.ts';
import { readCalibration } from '../settings/calibration-file.ts';
import { requireKnownIds } from '../settings/known-ids.ts';
import { policyOf } from '../settings/policy.ts';
import { type SettingKey, settingsOf } from '../settings/table.ts';
import type { Plan } from '../suite/plan/plan.ts';
import { compare, type LooksRequest } from '../verdict/compare.ts';
import { type ChangeModel, learnChanges } from '../verdict/measure/borrowing/expected-change.ts';
import type { Preset } from '../verdict/policy.ts';
import type { Requested } from '../verdict/protocol/required.ts';
import type { Verdict } from '../verdict/schema.ts';
import { addSettings, inputFlag, readLocatedSettings } from './flags.ts';
import { shellWord } from './next-step.ts';
import type { Runtime } from './runtime.ts';

/** Flags of every command that compares two records. */
export interface ComparisonFlags extends Record<string, unknown> {
  baseline: string;
  candidate: string;
  anchor?: string;
  failOnDrift?: boolean;
  plan?: string;
  runSpread?: string;
  judgeAudit?: string;
  earlier?: string[];
  force?: boolean;
}

/** Two records, what was asked of the candidate, and what came of it. */
export interface Comparison {
  baseline: LoadedRecord;
  candidate: LoadedRecord;
  requested: Requested;
  looks: LooksRequest | null;
  verdict: Verdict;
  preset: Preset;
}

/**
 * Adds the settings of a comparison and the flags that name records.
 *
 * @param more settings that the command takes beside those.
 */
export function addComparison(command: Command, more: readonly SettingKey[] = []): Command {
  return addSettings(command, [...settingsOf('compare'), ...more])
    .requiredOption('--baseline <RECORD>', "Record folder of the main branch's model.")
    .requiredOption('--candidate <RECORD>', "Record folder of the pull request's model.")
    .option(...inputFlag('anchor'))
    .option('--fail-on-drift', 'Fail on drift from the anchor, as on the main branch; else it is a warning.')
    .option(...inputFlag('run-spread'))
    .option(...inputFlag('judge-audit'))
    .option(
      '--plan <FILE>',
      "Plan that the candidate was to be evaluated by, which you trust: it says what was asked and by which looks to judge. The baseline's own where both followed one.",
    )
    .option(
      '--earlier <RECORD...>',
      'Records of main before the baseline, oldest first: what they changed teaches which answers a change turns.',
    )
    .option('--force', 'Compare what was evaluated in different ways all the same; the report warns of it.');
}

/** Reads the records that the flags name, and compares them by the settings. */
export async function compareRecords(flags: ComparisonFlags, runtime: Runtime): Promise<Comparison> {
  const keys = settingsOf('compare');
  const { settings, locationOf, includePaths } = await readLocatedSettings(keys, flags, runtime.cwd);
  const read = (folder: string) => readRecord(resolve(runtime.cwd, folder));
  const [baseline, candidate] = [await read(flags.baseline), await read(flags.candidate)];
  const anchor = flags.anchor === undefined ? null : await read(flags.anchor);
  const earlier: LoadedRecord[] = [];
  for (const folder of flags.earlier ?? []) earlier.push(await read(folder));
  const records = [baseline, candidate, ...(anchor === null ? [] : [anchor])];
  await requireKnownIds(settings, { includePaths, cwd: runtime.cwd, records, locationOf });
  const given = flags.plan === undefined ? null : await readPlan(resolve(runtime.cwd, flags.plan));
  if (given !== null) requireFollowed(given, candidate, flags);
  const plan = given ?? (await planOfBaseline(baseline, candidate));
  const requested: Requested = given === null ? {} : { suite: given.suite, plan: given };
  const looks = plan && { plan, stopOn: settings['stop-on'] };
  const verdict = compare(baseline, candidate, {
    policy: policyOf(settings),
    benchmarks: settings.benchmarks,
    force: flags.force ?? false,
    anchor,
    learned: earlier.length === 0 ? null : requireLearned([...earlier, baseline]),
    failOnDrift: flags.failOnDrift ?? false,
    calibration:
      flags.runSpread === undefined ? null : await readCalibration(resolve(runtime.cwd, flags.runSpread)),
    judgeAudit:
      flags.judgeAudit === undefined ? null : await readJudgeAudit(resolve(runtime.cwd, flags.judgeAudit)),
    requested,
    looks,
  });
  const unknown = plan === null ? await planBeside(candidate, candidate.record.planHash) : null;
  if (unknown?.sequential !== undefined) verdict.warnings.push(describeOwnPlan(unknown));
  const others = plan === null && unknown?.sequential === undefined ? await lookedPlan(baseline) : null;
  if (others !== null) verdict.warnings.push(describeOtherPlan(others, candidate));
  const uneven = plan === null ? findUneven(candidate) : [];
  if (uneven.length > 0) verdict.warnings.push(describeUneven(uneven));
  return { baseline, candidate, requested, looks, verdict, preset: settings.preset };
}

/** Flags of `addComparison` that are no settings and decide what is compared, and how. */
const OTHER_FLAGS = [
  'config',
  'anchor',
  'fail-on-drift',
  'run-spread',
  'judge-audit',
  'plan',
  'earlier',
  'force',
];

/** The command line that gives the same verdict, in the same folder: every flag that was given, as words of a shell. */
export function reproduceComparison({ asked }: Verdict, flags: ComparisonFlags): string {
  const { baseline, candidate } = flags;
  const keys = settingsOf('compare').filter((key) => key !== 'benchmarks');
  const given = [...keys, ...OTHER_FLAGS].flatMap((key) => {
    const value = flags[camelCase(key)];
    if (value === undefined || value === false) return [];
    return [`--${key}`, ...(value === true ? [] : [value].flat().map(String))];
  });
  const only = asked === null ? [] : ['--benchmarks', asked.join()];
  const words = ['--baseline', baseline, '--candidate', candidate, ...given, ...only];
  return ['sos-bench compare', ...words.map(shellWord)].join(' ');
}

/** The plan that both were asked, by the baseline's word: the hash says that it is that one, wherever it is kept. */
async function planOfBaseline(baseline: LoadedRecord, candidate: LoadedRecord): Promise<Plan | null> {
  const { planHash } = baseline.record;
  if (planHash !== candidate.record.planHash) return null;
  return (await planBeside(baseline, planHash)) ?? (await planBeside(candidate, planHash));
}

/** The plan that a record was asked, where it has looks. */
async function lookedPlan(record: LoadedRecord): Promise<Plan | null> {
  const plan = await planBeside(record, record.record.planHash);
  return plan?.sequential === undefined ? null : plan;
}

/** A change that was judged by looks, and then asked everything: what it is called now does not take back what it was called then. */
function describeOtherPlan({ planHash }: Plan, { record }: LoadedRecord): string {
  const asked = record.suite === 'full' ? 'the full suite' : 'other questions';
  return (
    `Another comparison than that by the looks of the baseline's plan (hash ${planHash}): the candidate was asked ${asked}. ` +
    'What both answered is tested once, and a verdict by those looks stays what it was.'
  );
}

/** A candidate of another plan was asked other questions, or is judged at other looks. */
function requireFollowed(plan: Plan, { record: { planHash } }: LoadedRecord, flags: ComparisonFlags): void {
  if (planHash === plan.planHash) return;
  throw new SosBenchError(
    'plan-mismatch',
    `${flags.candidate} was evaluated by ${planHash === null ? 'no plan' : `plan ${planHash}`}, and ${flags.plan} is plan ${plan.planHash}`,
    { hint: 'evaluate it by that plan (run --plan FILE), or leave --plan out' },
  );
}

/** Boundaries and drops of another's plan may be made to hold anything. */
function describeOwnPlan({ planHash }: Plan): string {
  return (
    `Not judged look by look: the plan (hash ${planHash}) is not the baseline's, and whoever made the candidate's record may have made it. ` +
    'Where you know that it is the plan that your settings make, name it with --plan FILE.'
  );
}

/** Tasks of which questions claim several probabilities of being asked: no plan made such a sample. */
function findUneven({ items }: LoadedRecord): string[] {
  const known = new Map<string, number>();
  const uneven = new Set<string>();
  for (const { task, inclusionP } of items) {
    if ((known.get(task) ?? inclusionP) !== inclusionP) uneven.add(task);
    known.set(task, inclusionP);
  }
  return [...uneven];
}

function describeUneven(tasks: readonly string[]): string {
  const more = tasks.length > 1 ? ` and ${plural(tasks.length - 1, 'more task')}` : '';
  return (
    `The questions of ${tasks[0]}${more} claim different probabilities of being asked, and no plan says which were. So those are compared that both ` +
    "records have, and whoever made the candidate's may have chosen them. Name the plan that it was asked with --plan FILE."
  );
}

/** Who names records to learn from is told where they teach nothing. */
function requireLearned(records: readonly LoadedRecord[]): ChangeModel {
  const learned = learnChanges(records);
  if (learned !== null) return learned;
  throw new SosBenchError('usage', 'the records of --earlier teach nothing of which answers a change turns', {
    hint:
      'it takes two models in succession (the last is the baseline), evaluated alike, with margins of the same questions of options ' +
      '(records that run left), and 50 answers that turned; leave --earlier out to do without',
  });
}
