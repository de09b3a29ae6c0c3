import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import type { Client } from '../../github/client.ts';
import type { Pull } from '../../github/event.ts';
import { fetchPull, findPull } from '../../github/pull.ts';
import { readRecord } from '../../record/read.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { type Connection, connect } from '../connection.ts';
import { readDoorInputs, readSettings } from '../inputs.ts';
import { setOutputs } from '../outputs.ts';
import { conclude, describeFailure, reportFailure } from '../steps/conclude.ts';
import { findConfig } from '../steps/config.ts';
import { judge, writeReport } from '../steps/judge.ts';
import { keepRecord } from '../steps/keep.ts';
import {
  beginCheck,
  conclusionOf,
  type OpenCheck,
  type Place,
  postReport,
  writeJobSummary,
} from '../steps/publish.ts';
import { findReferences, type Subject, storeOf, subjectOf, temporaryFolder } from '../steps/references.ts';
import type { ActionWorld } from '../world.ts';
import { fetchRecord } from './fetch-record.ts';

/** Compares a record that another job or run left, and reports it. Runs nothing of the change itself. */
export async function main(world: ActionWorld): Promise<ExitCode> {
  let check: OpenCheck | null = null;
  try {
    const inputs = readDoorInputs();
    const connection = await connect(world, { token: inputs.githubToken, log: core.info });
    const target = await findTarget(connection);
    if (target === null) {
      core.notice('No open pull request has that commit as its head any more: nothing to report on.');
      return EXIT.passed;
    }
    const { subject, place } = target;
    const config = await findConfig(inputs, world.cwd, connection, subject.base?.sha ?? null);
    const settings = await readSettings('report', config.source);
    check = await beginCheck(inputs, connection, place);
    const candidate = await obtainRecord(connection, subject, world);
    const store = await storeOf(inputs, world, connection);
    const { suite } = candidate.record;
    const references = await findReferences(inputs, world, connection, store, subject, suite);
    const label = place?.pull ? 'PR' : (subject.sha?.slice(0, 7) ?? 'now');
    const report = judge(candidate, references, settings, { now: world.now(), notes: config.notes, label });
    const reportPath = await writeReport(join(temporaryFolder(world), 'report'), report);
    await writeJobSummary(report.render(), world);
    const commentUrl = await postReport(inputs, connection, place, report);
    setOutputs({ ...report, recordPath: candidate.path, reportPath, commentUrl });
    const { conclusion, title } = conclusionOf(report);
    await check.conclude(conclusion, title, report.render);
    const kept = await keepRecord(store, candidate.path, report.verdict, connection, world);
    const exitCode = conclude(report.verdict);
    return kept ? exitCode : EXIT.notDone;
  } catch (error) {
    await check?.conclude('failure', 'Could not run', () => describeFailure(error));
    return reportFailure(error);
  }
}

interface Target {
  subject: Subject;
  place: Place | null;
}

/**
 * What the report is about: the pull request that a dispatched run names, or for a run that ended, the one that the API says
 * it was for; null where that is gone.
 */
async function findTarget({ event, client }: Connection): Promise<Target | null> {
  const named = core.getInput('pull');
  if (named !== '') return targetOf(await fetchPull(requireClient(client), readNumber(named)));
  if (event?.kind !== 'workflow-run') {
    const place = event?.kind === 'pull' ? { pull: event.pull, sha: event.pull.headSha } : null;
    return { subject: subjectOf(event), place };
  }
  const pull = await findPull(requireClient(client), event.source);
  return pull && targetOf(pull);
}

function targetOf(pull: Pull): Target {
  return {
    subject: { sha: pull.headSha, base: { sha: pull.baseSha, branch: pull.baseRef } },
    place: { pull, sha: pull.headSha },
  };
}

function readNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new SosBenchError('usage', `pull is '${text}'`, { hint: 'it is the number of a pull request' });
}

function requireClient(client: Client | null): Client {
  if (client !== null) return client;
  throw new SosBenchError('usage', 'reporting on another run needs a github-token', {
    hint: 'give `github-token: $' + '{{ github.token }}` and the permissions of docs/permissions.md',
  });
}

/** The candidate's record: a folder of an earlier job of this run, or the artifact of the run that ended. */
async function obtainRecord(
  { event, client }: Connection,
  { sha }: Subject,
  world: ActionWorld,
): Promise<LoadedRecord> {
  const given = core.getInput('record');
  const name = core.getInput('artifact') || 'sos-bench-record';
  const candidate =
    given === '' && event?.kind === 'workflow-run' && client !== null
      ? await fetchRecord(client, event.source, name, join(temporaryFolder(world), 'candidate'))
      : await readRecord(resolve(world.cwd, given || 'sos-bench-record'));
  const { commit } = candidate.record;
  if (sha !== null && commit !== sha) {
    throw new SosBenchError(
      'record-invalid',
      `the record claims to be of ${commit ?? 'no commit'}, the run was for ${sha}`,
      {
        hint: 'evaluate with the `run` action in a workflow that this pull request started',
      },
    );
  }
  return candidate;
}
