import { SosBenchError } from '../../error.ts';
import { planBeside } from '../../evaluate/planning/plan-beside.ts';
import { readPlan } from '../../evaluate/planning/read-plan.ts';
import { AUTO_BACKEND } from '../../evaluate/request.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { carriedTo, type Named, nameSettings } from '../../settings/named.ts';
import {
  ASKED_KEYS,
  type Departure,
  describeDepartures,
  findDepartures,
  isWorkflows,
  PLANNING_KEYS,
  type ToldSettings,
  tellSettings,
} from '../../settings/trust/asked.ts';
import { requireSame, trustInput } from '../../settings/trust/digests.ts';
import { parsePlan } from '../../suite/plan/parse-plan.ts';
import { findBreaches } from '../../verdict/protocol/breaches.ts';
import type { Requested } from '../../verdict/protocol/required.ts';
import type { Connection } from '../connection.ts';
import type { ActionInputs } from '../inputs.ts';
import type { ActionRuntime } from '../runtime.ts';
import { historyOf } from '../steps/compare/lookup.ts';
import type { Subject } from '../steps/compare/subject.ts';
import { readBaseFile } from './base-file.ts';
import { leadsIntoWorkspace } from './paths.ts';
import { type FoundSettings as FoundBy, findSettings } from './settings.ts';
import type { Trust } from './trust.ts';

type FoundSettings = FoundBy<(typeof ASKED_KEYS_AND_PLAN)[number]>;

interface Question {
  trust: Trust;
  subject: Subject;
  /** The base of the pull request as the event or the API names it; null for none. */
  named: string | null;
  connection: Connection;
  inputs: ActionInputs;
  runtime: ActionRuntime;
  /** Whether a digest shows that the record is what the `run` action left. */
  isDigested: boolean;
}

/**
 * Refuses a record that was evaluated in another way than its base asks, defaults filled in: it would only be not comparable, and a
 * neutral check lets a change pass.
 *
 * @returns what the candidate was to be asked, by the word of others than itself.
 * @throws SosBenchError `settings-differ`; `digest-mismatch`; and as settings are read.
 */
export async function requireAsked(candidate: LoadedRecord, question: Question): Promise<Requested> {
  const { record } = candidate;
  const { trust, inputs } = question;
  const wanted = trustInput(inputs.planHash);
  if (wanted !== null) requireSame("the record's plan", record.planHash, wanted);
  const found = await settingsOf(record.asked?.commit ?? null, question);
  const plan = await plannedBy(found, question);
  const told = record.asked?.settings ?? {};
  const asked = tellSettings(found.settings, found.origin, plan);
  const { isDigested: trusted } = question;
  const departures = [
    ...findDepartures(told, asked, { trusted }),
    ...planDepartures(record, told, plan, wanted !== null, trusted),
    ...otherDepartures(record, found, told, { trusted, isPlanned: plan !== null || wanted !== null }),
  ];
  const seen = new Set<string>();
  const listed = departures.filter(({ key }) => !seen.has(key) && seen.add(key));
  if (listed.length === 0) {
    const hash = wanted ?? plan?.hash ?? null;
    if (hash !== null) return { plan: await planBeside(candidate, hash) };
    // What the workflow gave `run` is shown by the digest alone.
    const isTold = Object.hasOwn(told, 'suite') && told.suite!.value !== String(found.settings.suite);
    return { suite: isTold || Object.hasOwn(told, 'plan') ? record.suite : found.settings.suite };
  }
  const who = trust.base?.branch ?? 'the workflow';
  throw new SosBenchError(
    'settings-differ',
    `the evaluation used other settings than ${who} asks for: ${describeDepartures(listed)}`,
    {
      hint:
        'a change is evaluated by the settings of its base: give `run` a github-token (contents: read), or check the base out beside it ' +
        '(config: base/.github/sos-bench.yml); what the workflow gives `run`, such as suite, goes to `report` too, or give `report` the record-digest',
    },
  );
}

/** The settings of the commit that the record names, where that is one of the base's; else of the newest. */
async function settingsOf(commit: string | null, question: Question): Promise<FoundSettings> {
  const { trust, connection, inputs, runtime, subject } = question;
  const { base } = trust;
  const isOfBase =
    commit !== null && base !== null && commit !== base.sha && (await isAccepted(commit, question));
  if (commit !== null && base !== null && commit !== base.sha && !isOfBase) {
    throw new SosBenchError(
      'settings-differ',
      `the evaluation used the settings of ${commit.slice(0, 12)}, which is not a commit of ${base.branch} since ${subject.sha?.slice(0, 12) ?? 'the change'} began`,
      { hint: 'rebase the change, and evaluate it again' },
    );
  }
  const by = isOfBase ? { ...trust, base: { ...base, sha: commit } } : trust;
  return await findSettings(ASKED_KEYS_AND_PLAN, inputs, by, connection, runtime);
}

const ASKED_KEYS_AND_PLAN = [...ASKED_KEYS, 'plan'] as const;

/** Whether a record that was evaluated by the settings of a commit was evaluated for the question's base. */
export async function isOfBase(
  commit: string,
  question: Pick<Question, 'trust' | 'subject' | 'named' | 'connection' | 'runtime'>,
): Promise<boolean> {
  return commit === question.trust.base?.sha || (await isAccepted(commit, question));
}

/**
 * Whether a commit was the state of the base branch since the change began: then its settings may be asked for. GitHub may name an older
 * one as the base, and `run` then reads that.
 */
async function isAccepted(
  commit: string,
  { trust, subject, named, connection, runtime }: Parameters<typeof isOfBase>[1],
): Promise<boolean> {
  const { base } = trust;
  if (base === null || subject.sha === null) return false;
  const history = historyOf(connection, runtime);
  const began = await history.mergeBase(base.sha, subject.sha);
  let isBefore = false;
  for await (const commits of history.firstParents(base.sha)) {
    for (const { sha } of commits) {
      if (sha === commit) return !isBefore || commit === named;
      isBefore ||= sha === began.sha;
      if (isBefore && commit !== named) return false;
    }
  }
  return false;
}

/** The plan that the base names, or the workflow; null where settings make one. */
async function plannedBy(
  { settings, origin }: FoundSettings,
  { trust, connection, runtime }: Question,
): Promise<{ hash: string; from: ReturnType<FoundSettings['origin']> } | null> {
  const given = settings.plan;
  if (given === undefined) return null;
  const from = origin('plan');
  if (!(await leadsIntoWorkspace(given, runtime))) {
    const plan = await readPlan(given).catch(() => null);
    return plan === null ? null : { hash: plan.planHash, from };
  }
  const file = trust.base === null ? null : await readBaseFile(given, trust.base, connection, runtime);
  return file?.content == null ? null : { hash: parsePlan(file.content, given).planHash, from };
}

/** A plan chooses the questions: it is the one that is asked for, or none. */
function planDepartures(
  { planHash }: LoadedRecord['record'],
  told: Readonly<ToldSettings>,
  asked: { hash: string } | null,
  isNamed: boolean,
  trusted: boolean,
): Departure[] {
  if (isNamed) return [];
  const own = Object.hasOwn(told, 'plan') ? told.plan! : null;
  if (own !== null && trusted && isWorkflows(own.from, 'input')) return [];
  const found = own?.value ?? (asked === null ? null : planHash);
  if ((asked?.hash ?? null) === found) return [];
  return [{ key: 'plan', found: found ?? 'none', asked: asked?.hash ?? 'none' }];
}

/** What the record says of itself beside its settings. */
function otherDepartures(
  record: LoadedRecord['record'],
  { settings, origin }: FoundSettings,
  told: Readonly<ToldSettings>,
  { trusted, isPlanned }: { trusted: boolean; isPlanned: boolean },
): Departure[] {
  const isOpen = (key: (typeof ASKED_KEYS)[number]) => {
    if (isPlanned && PLANNING_KEYS.includes(key)) return true;
    const own = Object.hasOwn(told, key) ? told[key]! : null;
    return trusted && own !== null && isWorkflows(own.from, origin(key));
  };
  const asked: Partial<Named<(typeof CHECKED_KEYS)[number]>> = nameSettings(
    CHECKED_KEYS.filter((key) => !isOpen(key)),
    settings,
  );
  const { includePath, applyChatTemplate, enableThinking, thinkEndToken, systemInstruction, ...same } = asked;
  const { maxGenToks, backend, ...others } = same;
  const breaches = findBreaches(record, {
    ...carriedTo<Parameters<typeof findBreaches>[1]>()(others),
    // Which one that is, the machine and the model decide; records of two backends are not comparable.
    backend: backend === AUTO_BACKEND ? undefined : backend,
    includePaths: includePath,
    chatTemplate: applyChatTemplate === 'auto' ? null : applyChatTemplate,
    enableThinking: orNotSet(enableThinking),
    thinkEndToken: orNotSet(thinkEndToken),
    systemInstruction: orNotSet(systemInstruction),
    maxGenToks: maxGenToks ?? undefined,
  });
  return breaches.map(({ what, asked, found }) => ({ key: what, asked, found }));
}

/** Settings that a record tells of by itself, too. */
const CHECKED_KEYS = [
  'suite',
  'backend',
  'seed',
  'include-path',
  'apply-chat-template',
  'enable-thinking',
  'think-end-token',
  'system-instruction',
  'max-gen-toks',
] as const satisfies readonly (typeof ASKED_KEYS)[number][];

/** That nothing is set is asked for as well; undefined is nobody's to say. */
function orNotSet<Value>(value: Value | null | undefined): Value | 'not set' | undefined {
  return value === null ? 'not set' : value;
}
