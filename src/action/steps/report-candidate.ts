import type { ExitCode } from '../../exit-code.ts';
import { keepsWaivers } from '../../history/store/open-store.ts';
import type { Store } from '../../history/store/store.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import type { KeyOf, Settings } from '../../settings/table.ts';
import type { Trusted } from '../../settings/trust/trusted.ts';
import type { LooksRequest } from '../../verdict/compare.ts';
import type { Requested } from '../../verdict/protocol/required.ts';
import type { Connection } from '../connection.ts';
import type { ActionInputs } from '../inputs.ts';
import type { StepOutputs } from '../outputs.ts';
import type { ActionRuntime } from '../runtime.ts';
import { CLAIM } from '../trust/record-digest.ts';
import type { Trust } from '../trust/trust.ts';
import type { WorkflowEdits } from '../trust/workflow-file.ts';
import { objectionsTo } from './compare/claim.ts';
import { judge, type Presentation, pagePath, type Report, writeComment } from './compare/judge.ts';
import type { References } from './compare/references.ts';
import { isOfMain, type Subject } from './compare/subject.ts';
import { conclude } from './publish/conclude.ts';
import { findBot } from './publish/find-bot.ts';
import { linksOf } from './publish/links.ts';
import { logReport } from './publish/log-report.ts';
import {
  type CheckHandle,
  concludeClaim,
  conclusionOf,
  postReport,
  type ReportTarget,
  writeJobSummary,
} from './publish/publish.ts';
import { anchorSource, baselineSource, type Reproducible, reproduceCommand } from './publish/reproduce.ts';
import { storeRecord } from './publish/store-record.ts';
import { uploadFlips } from './publish/upload-flips.ts';
import { uploadPage } from './publish/upload-page.ts';

/** How a report comes about and where it goes, in the job that evaluates and in one that only reports. */
export interface Reporting {
  inputs: ActionInputs;
  connection: Connection;
  runtime: ActionRuntime;
  /** Where it is said; null for the log and the summary alone. */
  reportTarget: ReportTarget | null;
  /** Who judges, and what. */
  trust: Trust;
  subject: Subject;
  settings: Trusted<Pick<Settings, KeyOf<'report'>>>;
  store: Store | null;
  references: References;
}

/** What is to be known of a candidate for its report. */
export interface Candidate {
  record: LoadedRecord;
  /** Whether the word of nobody but its author stands for it. */
  isClaim: boolean;
  /** Whether this job took the model's identity itself: then its record claims nothing by what it says of that. */
  isModelKnown: boolean;
  requested: Requested;
  /** The looks that it is judged by; null for one test of all that was asked. */
  looks: LooksRequest | null;
  /** What the reader should know of how it was made, in this order. */
  notes: readonly string[];
  edits: WorkflowEdits;
  found: Omit<Reproducible, 'baseline' | 'anchor' | 'failOnDrift'>;
  /** The folder that got a copy of the record, where the baseline was evaluated in this job too. */
  output?: string;
}

/** Compares a candidate with what was found. */
export function compareCandidate(
  { record, isClaim, isModelKnown, requested, looks, notes, edits, found, output }: Candidate,
  { inputs, connection, runtime, reportTarget, trust, subject, settings, references }: Reporting,
): Report {
  const failOnDrift = isOfMain(connection.event, subject);
  return judge(record, references, settings, {
    now: runtime.now(),
    notes: [...(isClaim ? [CLAIM] : []), ...notes],
    objections: [...edits.objections, ...objectionsTo(reportTarget)],
    isChange: trust.isChange,
    isModelKnown,
    requested,
    looks,
    pageLinks: connection.runUrl === null ? {} : { run: connection.runUrl },
    label: reportTarget?.pull ? 'PR' : (subject.sha?.slice(0, 7) ?? 'now'),
    failOnDrift,
    reproduce: reproduceCommand(inputs, {
      ...found,
      baseline: baselineSource(inputs, references, output),
      anchor: anchorSource(inputs, references),
      failOnDrift,
    }),
  });
}

/**
 * Says a report wherever it is to be said, and keeps the record of a commit of the default branch.
 *
 * @param given.path folder that has its files; `given.isClaim` whether the word of nobody but its author stands for the record; `given.pull` the number of the pull request where one run reports on several.
 * @param tell is given the step's outputs as soon as they are known: what fails after that takes nothing of them away.
 * @returns how the step ends, and whether what had to be kept is.
 */
export async function publishReport(
  given: Report & { path: string; record: LoadedRecord; isClaim: boolean; pull: number | null },
  check: CheckHandle,
  reporting: Reporting,
  tell: (outputs: StepOutputs) => void,
): Promise<{ exitCode: ExitCode; isKept: boolean }> {
  const { inputs, connection, runtime, reportTarget, store, references } = reporting;
  const { path, record, pull } = given;
  const flips = await uploadFlips(given.flips, inputs, reportTarget, runtime, pull);
  const commits = { baseline: references.baseline?.record.commit ?? null, candidate: record.record.commit };
  const part = { reportId: inputs.reportId, leg: inputs.leg?.name ?? null, pull };
  const html = given.renderPage();
  const page = html === null ? null : await uploadPage(html, part, connection, runtime);
  const links = linksOf(connection, runtime, { commits, flips, report: page });
  const hasBot = await findBot(connection, reportTarget, given.verdict);
  const canAccept = keepsWaivers(inputs.store);
  const report = {
    ...given,
    render: (presentation: Presentation = {}) => given.render({ links, hasBot, canAccept, ...presentation }),
  };
  const render = (budget: number) => report.render({ budget });
  await writeComment(path, report);
  const heading = pull === null ? '' : `## Pull request #${pull}\n\n`;
  await writeJobSummary(heading + report.render(), runtime);
  const commentUrl = await postReport(inputs, connection, reportTarget, report);
  tell({
    ...report,
    recordPath: record.path,
    reportPath: path,
    pagePath: html === null ? null : pagePath(path),
    commentUrl,
  });
  const { conclusion, title } = conclusionOf(report);
  await check.conclude(conclusion, title, render);
  await concludeClaim(inputs, connection, reportTarget, { conclusion, title, summary: render });
  const verdict = { verdict: report.verdict, anchor: references.anchor };
  const isKept = await storeRecord(store, record.path, verdict, connection, runtime);
  const exitCode = conclude(report);
  // Last: all that counts is said by now.
  await logReport(given, reporting);
  return { exitCode, isKept };
}
