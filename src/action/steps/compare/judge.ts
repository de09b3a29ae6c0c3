import { join } from 'node:path';
import { plural } from '../../../count.ts';
import { AUTO_BACKEND } from '../../../evaluate/request.ts';
import type { Conclusion } from '../../../github/check/check-sections.ts';
import type { LoadedRecord } from '../../../record/schema.ts';
import { renderComment } from '../../../report/comment/comment.ts';
import type { ShownObjection } from '../../../report/comment/objections.ts';
import { nameField } from '../../../report/comment/tables/field-names.ts';
import { renderTrend } from '../../../report/comment/trend.ts';
import { renderReport } from '../../../report/html/document.ts';
import type { ReportPage } from '../../../report/html/page.ts';
import type { ReportLinks } from '../../../report/links.ts';
import { renderScores } from '../../../report/tables/scores.ts';
import { policyOf } from '../../../settings/policy.ts';
import type { KeyOf, Settings } from '../../../settings/table.ts';
import type { Trusted } from '../../../settings/trust/trusted.ts';
import { makeFolder, writeFileAtomic } from '../../../system/files/files.ts';
import { compare, type LooksRequest } from '../../../verdict/compare.ts';
import { judgeScores } from '../../../verdict/judge-summary.ts';
import { atVerdict } from '../../../verdict/looks/at-verdict.ts';
import { scoreRecord } from '../../../verdict/measure/record-scores.ts';
import { findMadeByChange } from '../../../verdict/protocol/made-by-change.ts';
import type { Requested } from '../../../verdict/protocol/required.ts';
import type { Verdict } from '../../../verdict/schema.ts';
import { changesOfVerdict } from '../../../verdict/signs/changes.ts';
import { type Flips, listFlips } from '../../../verdict/signs/flips.ts';
import { type Summary, summarise } from '../../../verdict/summary.ts';
import { makePage } from '../publish/make-page.ts';
import type { References } from './references.ts';

/** Why a report is never green, whatever the comparison found. */
export interface Objection extends ShownObjection {
  conclusion: Extract<Conclusion, 'failure' | 'action_required'>;
}

/** What a report says beside its verdict, and how long it may be. */
export interface Presentation {
  /** Bytes that it may take. */
  budget?: number;
  links?: ReportLinks;
  /** Whether the repository has the bot, so that its commands can be named. */
  hasBot?: boolean;
  /** Whether the store keeps what the bot's `accept` writes. */
  canAccept?: boolean;
}

/** What is said of a candidate. */
export interface Report {
  summary: Summary;
  /** Null without a baseline. */
  verdict: Verdict | null;
  /** Whether the policy lets it pass; it may ask for a baseline. */
  passed: boolean;
  /** Why it does not pass beside that. */
  objections: readonly Objection[];
  /** The items behind its counts; null without a baseline. */
  flips: Flips | null;
  /** The comment. */
  render: (presentation?: Presentation) => string;
  /** The report as one HTML page; null where it could not be made, which is said once. */
  renderPage: () => string | null;
}

const NOT_ITS_DOING =
  'This change is not the reason: the base, this program or the machine has changed since the baseline. Rebase the change, or have ' +
  "a new baseline made: run the base branch's last push again (where the bot is installed: /sos-bench rebaseline).";

/** A machine without the GPU that the baseline had does the same as a change of the architecture. */
const OTHER_BACKEND =
  ' The settings of the base leave the backend to the model and the machine (auto), and it is not the one of the baseline. If the model is not the ' +
  'reason: evaluate on machines that are alike, or name the backend in those settings; have a new baseline made where that one is older: ' +
  "run the base branch's last push again (where the bot is installed: /sos-bench rebaseline).";

/** What the report says beside the comparison. */
export interface ReportOptions {
  now: Date;
  notes: readonly string[];
  /** Of the candidate in the trend. */
  label: string;
  /** The command line that gives the same comparison; null for none. */
  reproduce: string | null;
  /** On the main branch; in a pull request drift is only said. */
  failOnDrift: boolean;
  /** What trusted settings ask of the candidate; taken from the records where left out. */
  requested?: Requested;
  /** The looks that it is judged by; one test of all that was asked where null or left out. */
  looks?: LooksRequest | null;
  objections?: readonly Objection[];
  /** Whether a change is judged: then what it made incomparable fails. */
  isChange?: boolean;
  /** Whether this job knows which model the candidate is of, and not by the candidate's record alone. */
  isModelKnown?: boolean;
  /** Where readers of the page get on. */
  pageLinks?: ReportPage['links'];
}

/** Compares a candidate with what was found, by the policy of the settings. */
export function judge(
  candidate: LoadedRecord,
  references: References,
  settings: Trusted<Pick<Settings, KeyOf<'report'>>>,
  {
    now,
    notes,
    label,
    reproduce,
    failOnDrift,
    requested = {},
    looks = null,
    isChange = false,
    isModelKnown = true,
    pageLinks = {},
    ...beside
  }: ReportOptions,
): Report {
  const { baseline, anchor, learned, calibration, judgeAudit, waivers, distance } = references;
  const policy = policyOf(settings);
  const taken = scoreRecord(candidate, settings.preset);
  const summary = summarise(candidate, settings.preset, taken);
  const scores = Object.fromEntries(summary.factors.map(({ id, score }) => [id, score]));
  const judged = judgeScores(candidate);
  // The stored scores are of preset `paper`.
  const trend =
    settings.preset === 'paper'
      ? renderTrend(references.trend, {
          label,
          scores: { wk: null, if: null, safety: null, ...scores },
          judge: judged,
        })
      : null;
  const failsWithoutBaseline = policy.failOn.includes('no-baseline');
  const objections = [...(beside.objections ?? []), ...(isChange ? objectToResumed(candidate) : [])];
  const all = [...references.notes, ...notes, ...describeResumed(candidate), ...describeReused(candidate)];
  // Made when all is known: notes are added below.
  const pageOf = (found: () => Pick<ReportPage, 'verdict' | 'changes'>) =>
    once(() =>
      makePage(() =>
        renderReport({
          ...{ summary, label, objections, notes: all, now, distance, reproduce, links: pageLinks },
          ...{ judged, failsWithoutBaseline },
          trend: settings.preset === 'paper' ? references.trend : [],
          ...found(),
        }),
      ),
    );
  if (baseline === null) {
    const { commit } = candidate.record;
    return {
      summary,
      verdict: null,
      passed: !failsWithoutBaseline && objections.length === 0,
      objections,
      flips: null,
      render: (presentation) =>
        renderScores(summary, {
          ...{ notes: all, trend, commit, objections },
          fails: failsWithoutBaseline,
          ...presentation,
        }),
      renderPage: pageOf(() => ({ verdict: null, changes: [] })),
    };
  }
  const verdict = compare(baseline, candidate, {
    policy,
    benchmarks: settings.benchmarks,
    requested,
    isModelKnown,
    anchor,
    learned,
    failOnDrift,
    calibration,
    judgeAudit,
    waivers: { list: waivers, now },
    scores: taken,
    looks,
  });
  const shown = looks && atVerdict(candidate, looks.plan, verdict);
  // Whatever a record says of why: what the model, its arguments and its devices may choose is the change's to answer for.
  const { backend } = candidate.record.asked?.settings ?? {};
  // That it tells what the base asks was looked at before; one that tells nothing was asked nothing by name.
  const isBackendOpen = (backend?.value ?? AUTO_BACKEND) === AUTO_BACKEND;
  const made = isChange ? findMadeByChange(verdict.notComparable, { isBackendOpen }) : [];
  if (made.length > 0) {
    const text = `The change itself made this incomparable: ${nameFields(made)}. That fails, as a drop would.${made.includes('backend') ? OTHER_BACKEND : ''}`;
    objections.push({ conclusion: 'failure', title: 'Made incomparable by the change', text });
  } else if (isChange && verdict.notComparable.length > 0) {
    all.push(NOT_ITS_DOING);
  }
  return {
    summary,
    verdict,
    passed: verdict.passed && objections.length === 0,
    objections,
    flips: listFlips(
      baseline,
      shown?.candidate ?? candidate,
      verdict,
      shown === null ? requested : { ...requested, plan: shown.plan },
    ),
    render: (presentation) =>
      renderComment(verdict, { now, reproduce, distance, trend, notes: all, objections, ...presentation }),
    renderPage: pageOf(() => ({
      verdict,
      changes: changesOfVerdict({ baseline, candidate, verdict, requested, looks }),
    })),
  };
}

/** Fields in words, each once: the same one usually differs in many tasks. */
function nameFields(paths: readonly string[]): string {
  return [...new Set(paths.map((path) => nameField(path).name))].join(', ');
}

/** Made when it is first asked for. */
function once<Made>(make: () => Made): () => Made {
  let made: { value: Made } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** `run` resumes nothing of the kind for a change; another program, or an earlier version of it, may have. */
function objectToResumed({ record: { resumed } }: LoadedRecord): Objection[] {
  if (resumed?.from !== 'artifact') return [];
  return [
    {
      conclusion: 'action_required',
      title: 'Resumed from what any job could write',
      text:
        `${resumed.questions} results of this record come from an artifact that every job of the workflow run could write, the training job too. ` +
        'Run all jobs again, and give `run` a `resume-key` (a secret of the jobs that evaluate) or a `state-dir`, so that a later attempt can resume.',
    },
  ];
}

/** That a part of a record is older than its run, and who may have written that part. */
function describeResumed({ record: { resumed } }: LoadedRecord): string[] {
  if (resumed === undefined) return [];
  const { questions, from } = resumed;
  const what = `${questions} ${questions === 1 ? 'question was' : 'questions were'} not asked again, but resumed from`;
  switch (from) {
    case 'artifact':
      return [
        `${what} an artifact of an earlier attempt. Every job of this workflow run could write that, the training job too: these results are the change's claim.`,
      ];
    case 'signed-artifact':
      return [`${what} an artifact of an earlier attempt, signed with resume-key.`];
    case 'state-dir':
      return [`${what} an earlier attempt, in state-dir.`];
    case 'output':
      return [`${what} an earlier run in the same folder.`];
  }
}

/** Whose answers a part of a record are. */
function describeReused({ record: { reused = [], totals } }: LoadedRecord): string[] {
  if (reused.length === 0) return [];
  const items = reused.reduce((sum, one) => sum + one.items, 0);
  const from = reused.map(({ commit }) => (commit === null ? 'a given record' : commit.slice(0, 12)));
  return [
    `Of ${plural(totals.items, 'question')} ${items} ${items === 1 ? 'was' : 'were'} not asked again: this very model answered them for ${from.join(', ')}.`,
  ];
}

/** Writes comment, page, verdict and flipped items beside the record; returns the folder. */
export async function writeReport(folder: string, report: Report): Promise<string> {
  const { verdict, flips } = report;
  const path = join(folder, 'report');
  await makeFolder(path);
  await writeComment(path, report);
  const page = report.renderPage();
  if (page !== null) await writeFileAtomic(pagePath(path), page);
  if (verdict) await writeFileAtomic(join(path, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`);
  if (flips) await writeFileAtomic(join(path, 'flips.json'), `${JSON.stringify(flips, null, 2)}\n`);
  return path;
}

/** Where the page of a report is, in the report's folder. */
export function pagePath(folder: string): string {
  return join(folder, 'report.html');
}

/** Writes the comment into the folder of a report; again where its links are known. */
export async function writeComment(folder: string, { render }: Pick<Report, 'render'>): Promise<void> {
  await writeFileAtomic(join(folder, 'comment.md'), render());
}
