import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../error.ts';
import { evaluate } from '../evaluate/evaluate.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readRecord } from '../record/read.ts';
import { renderComment } from '../report/comment.ts';
import { escapeTerminal } from '../report/escape.ts';
import { writeHeadline } from '../report/headline.ts';
import { renderScores } from '../report/scores.ts';
import { readCalibration } from '../settings/calibration-file.ts';
import { evaluationRequest } from '../settings/evaluation.ts';
import { policyOf } from '../settings/policy.ts';
import { makeFolder, writeFileAtomic } from '../system/files.ts';
import { gitOrigin } from '../system/git.ts';
import { interruptible } from '../system/interruptible.ts';
import { createProgress } from '../system/progress.ts';
import { compare } from '../verdict/compare.ts';
import type { Verdict } from '../verdict/schema.ts';
import { summarise } from '../verdict/summary.ts';
import { type ActionInputs, readInputs } from './inputs.ts';
import { setOutputs } from './outputs.ts';
import type { ActionWorld } from './world.ts';

/** The whole job in one step. */
export async function main(world: ActionWorld): Promise<ExitCode> {
  try {
    const inputs = await readInputs(world.cwd);
    const folder = resolve(world.cwd, inputs.settings.output);
    const { baseline, anchor, calibration } = await readReferences(inputs, world.cwd);
    await core.group('Evaluate the model', () => evaluateModel(inputs, world));
    const candidate = await readRecord(folder);
    const summary = summarise(candidate, inputs.settings.preset);
    const verdict =
      baseline === null
        ? null
        : compare(baseline, candidate, { policy: policyOf(inputs.settings), anchor, calibration });
    const markdown = verdict
      ? renderComment(verdict, { now: world.now(), reproduce: null })
      : renderScores(summary);
    const reportPath = await writeReport(folder, markdown, verdict);
    await writeJobSummary(markdown, world);
    setOutputs({ summary, verdict, recordPath: folder, reportPath });
    return conclude(verdict);
  } catch (error) {
    return reportFailure(error);
  }
}

/** What to compare with, read before GPU time is spent. */
async function readReferences({ baseline, anchor, runSpread }: ActionInputs, cwd: string) {
  const record = (folder: string | null) => (folder === null ? null : readRecord(resolve(cwd, folder)));
  return {
    baseline: await record(baseline),
    anchor: await record(anchor),
    calibration: runSpread === null ? null : await readCalibration(resolve(cwd, runSpread)),
  };
}

async function evaluateModel({ settings, token }: ActionInputs, world: ActionWorld): Promise<void> {
  const { environment } = world;
  const git = await gitOrigin(world.cwd, environment);
  await interruptible(world, (signal) =>
    evaluate(evaluationRequest(settings), {
      cwd: world.cwd,
      environment: { ...environment, HF_TOKEN: token ?? environment.HF_TOKEN },
      // A log, whatever the runner's stream claims to be.
      progress: createProgress({ write: (text) => process.stdout.write(text) }),
      signal,
      now: world.now,
      origin: {
        commit: environment.GITHUB_SHA ?? git.commit,
        branch: environment.GITHUB_HEAD_REF || environment.GITHUB_REF_NAME || git.branch,
        event: environment.GITHUB_EVENT_NAME ?? null,
      },
    }),
  );
}

async function writeReport(folder: string, markdown: string, verdict: Verdict | null): Promise<string> {
  const report = join(folder, 'report');
  await makeFolder(report);
  await writeFileAtomic(join(report, 'comment.md'), markdown);
  if (verdict) await writeFileAtomic(join(report, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`);
  return report;
}

/** A step without a summary file (another CI, an old runner) still has its log. */
async function writeJobSummary(markdown: string, { environment }: ActionWorld): Promise<void> {
  if (!environment.GITHUB_STEP_SUMMARY) return;
  try {
    await core.summary.addRaw(markdown, true).write();
  } catch (error) {
    core.warning(`the job summary could not be written: ${error instanceof Error ? error.message : error}`);
  }
}

function conclude(verdict: Verdict | null): ExitCode {
  if (verdict === null) {
    core.notice('There is no baseline to compare with; the scores are in the job summary.');
    return EXIT.passed;
  }
  const { title, text } = writeHeadline(verdict, escapeTerminal);
  if (verdict.passed) {
    core.info(`${title}. ${text}`);
    return EXIT.passed;
  }
  core.error(`${verdict.verdict}: ${title}. ${text}`, { title: `SOS-Bench: ${verdict.verdict}` });
  return EXIT.failedPolicy;
}

function reportFailure(error: unknown): ExitCode {
  if (error instanceof SosBenchError) {
    core.error(`${error.message} [${error.code}]${error.hint ? `. Hint: ${error.hint}` : ''}`, {
      title: 'SOS-Bench could not run',
    });
    return EXIT.notDone;
  }
  core.error(error instanceof Error ? (error.stack ?? error.message) : String(error), {
    title: 'SOS-Bench: this should not happen',
  });
  return EXIT.notDone;
}
