import { join } from 'node:path';
import * as core from '@actions/core';
import { makeLogDocument } from '../../../loggers/document.ts';
import { logTo } from '../../../loggers/log-to.ts';
import { logToEach } from '../../../loggers/log-to-each.ts';
import { type LogTarget, localPathOf } from '../../../loggers/target.ts';
import type { LoadedRecord } from '../../../record/schema.ts';
import { inputDefault } from '../../../settings/action-inputs.ts';
import type { Settings } from '../../../settings/table.ts';
import type { Trusted } from '../../../settings/trust/trusted.ts';
import { makeFolder } from '../../../system/files/files.ts';
import { logLine } from '../../../system/log-line.ts';
import { cacheRoot } from '../../../system/paths.ts';
import { interruptible } from '../../../system/process/interruptible.ts';
import { VERSION } from '../../../version.ts';
import type { Connection } from '../../connection.ts';
import type { ActionInputs } from '../../inputs.ts';
import { privateFolder } from '../../private-folder.ts';
import type { ActionRuntime } from '../../runtime.ts';
import { trustPath } from '../../trust/paths.ts';
import type { Trust } from '../../trust/trust.ts';
import type { Report } from '../compare/judge.ts';
import type { References } from '../compare/references.ts';
import type { Subject } from '../compare/subject.ts';
import { describeFailure } from './failure.ts';
import type { ReportTarget } from './publish.ts';

/** What was published, and whose word it is. */
interface Published extends Pick<Report, 'summary' | 'verdict'> {
  record: LoadedRecord;
  isClaim: boolean;
}

/** Where it was published, and who judged. */
interface Publishing {
  inputs: Pick<ActionInputs, 'reportId' | 'leg'>;
  connection: Connection;
  runtime: ActionRuntime;
  reportTarget: ReportTarget | null;
  trust: Trust;
  subject: Subject;
  settings: Trusted<Pick<Settings, 'log' | 'log-python' | 'preset'>>;
  references: Pick<References, 'trend'>;
}

/**
 * Logs a published report where `log` says. Nothing depends on it: whatever fails is a warning.
 */
export async function logReport(published: Published, publishing: Publishing): Promise<void> {
  const { settings, reportTarget, runtime } = publishing;
  const targets = settings.log;
  if (targets.length === 0) return;
  if (reportTarget?.claimant != null) {
    const who = reportTarget.claimant === 'fork' ? 'a fork' : 'Dependabot';
    core.info(`Not logged: the record is the word of ${who}, whose runs have no secrets either.`);
    return;
  }
  const document = makeLogDocument({
    ...published,
    record: published.record.record,
    version: VERSION,
    series: seriesOf(publishing),
    pull: reportTarget?.pull?.number ?? null,
    run: publishing.connection.runUrl,
    history: settings.preset === 'paper' ? publishing.references.trend : [],
    now: runtime.now(),
  });
  await logToEach(targets, {
    log: (target) => logOne(target, document, publishing),
    logged: (target, { where, note }) => {
      core.info(logLine(`Logged to ${target.text}: ${where}`));
      if (note !== null) core.warning(note, { title: `SOS-Bench: ${target.logger}` });
    },
    failed: (target, error) =>
      core.warning(describeFailure(error), { title: `SOS-Bench: not logged to ${target.logger}` }),
  });
}

async function logOne(
  target: LogTarget,
  document: ReturnType<typeof makeLogDocument>,
  { settings, trust, runtime }: Publishing,
) {
  const { cwd, environment } = runtime;
  const path = localPathOf(target, cwd);
  if (path !== null) await trustPath('log', path, trust, runtime, `${target.logger}:`);
  const named = settings['log-python'];
  const python =
    named === 'managed' || !named.includes('/')
      ? named
      : await trustPath('log-python', named, trust, runtime);
  const folder = join(privateFolder(runtime), 'log');
  await makeFolder(folder);
  const means = { python, cwd, environment, cache: cacheRoot(environment), folder, note: core.info };
  return await interruptible(runtime, (signal) => logTo(target, document, { ...means, signal }));
}

/** One curve for each branch and pull request; for each report and each job of a matrix where there are several. */
function seriesOf({ inputs, connection, reportTarget, subject }: Publishing): string[] {
  const { event } = connection;
  const pull = reportTarget?.pull?.number;
  const branch = event?.kind === 'commit' ? event.branch : null;
  const isQueued = branch?.startsWith('gh-readonly-queue/') ?? false;
  const what = pull === undefined ? (isQueued ? 'merge-queue' : branch) : `pr-${pull}`;
  const { reportId, leg } = inputs;
  return [
    what ?? subject.sha?.slice(0, 7) ?? 'no-branch',
    ...(reportId === inputDefault('report-id') ? [] : [reportId]),
    ...(leg === null ? [] : [leg.name]),
  ];
}
