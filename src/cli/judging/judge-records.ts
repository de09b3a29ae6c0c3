import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SosBenchError } from '../../error.ts';
import {
  beginDocument,
  type Contest,
  gamesFolder,
  type JudgedContest,
  judgeAgainstMain,
  leaveDocument,
  planAgainstMain,
  skipOf,
} from '../../evaluate/judge/head-to-head.ts';
import { prepareJudge, type ReadyJudge } from '../../evaluate/judge/prepare.ts';
import type { EvaluationContext, JudgeRequest } from '../../evaluate/request.ts';
import { estimateLeft, type LeftEstimate } from '../../judge/ask/estimate.ts';
import type { OpenGame } from '../../judge/ask/head-to-head.ts';
import { GAMES_FILE, type HeadToHead } from '../../judge/ask/head-to-head-run.ts';
import { judgeProtocol } from '../../judge/ask/protocol.ts';
import { digestQuestionSet } from '../../judge/texts/answers-dir.ts';
import { type HeadToHeadSkip, readHeadToHead } from '../../record/head-to-head.ts';
import { readRecord } from '../../record/read.ts';
import { type Judging, localJudgeHint } from './judging.ts';

/** Which of two paths are folders of records: both, or none of them. @throws SosBenchError `usage` for one of each. */
export async function areRecords(baseline: string, candidate: string): Promise<boolean> {
  const [one, other] = await Promise.all([isFolder(baseline), isFolder(candidate)]);
  if (one === other) return one;
  throw new SosBenchError('usage', `one of ${baseline} and ${candidate} is a folder, the other one is not`, {
    hint: 'give two files of answers, or the folders of two records',
  });
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

interface Records {
  baseline: string;
  candidate: string;
}

/**
 * Has the kept answers of two records' models judged, as the judge stage of a run does, and leaves it beside the candidate's record.
 *
 * @throws SosBenchError `data-missing` where there is nothing to judge, `run-incomplete`, `server-failed`, `interrupted`; as records are read.
 */
export async function judgeRecords(
  records: Records,
  request: JudgeRequest,
  judging: Judging,
  { repeat }: { repeat: boolean },
): Promise<JudgedContest & { ready: ReadyJudge }> {
  const { context } = judging;
  const contest: Contest = { ...judging, ...(await readContest(records, request, context)) };
  const document = beginDocument(contest);
  try {
    const judged = await judgeAgainstMain(contest, document, { repeat });
    await leaveDocument(contest, document, judged.boards);
    return { ...judged, ready: contest.ready };
  } catch (error) {
    // What an earlier run left beside the record stays.
    throw explain(error, { request, folder: records.candidate, signal: context.signal });
  }
}

/**
 * The games of two records' models, by their kept answers, and what they will come to; nothing is asked, and no judge need be named.
 *
 * @throws SosBenchError as `judgeRecords`.
 */
export async function planRecords(
  records: Records,
  request: JudgeRequest,
  context: Pick<EvaluationContext, 'cwd' | 'environment'>,
  { repeat }: { repeat: boolean },
): Promise<HeadToHead & { estimate: LeftEstimate }> {
  const contest = await readContest(records, request, context);
  try {
    const { key, planned } = await planAgainstMain(contest, { repeat });
    const estimate = await leftOf(planned, request, gamesFolder(contest.ready.root, key));
    return { ...planned, estimate };
  } catch (error) {
    const { signal } = new AbortController();
    throw explain(error, { request, folder: records.candidate, signal });
  }
}

/**
 * What is left to ask of games that lie in a folder. All of them where no server's judge is named: which model of this machine it would be shows
 * when its files are read, and it costs nothing.
 */
export async function leftOf(
  planned: HeadToHead & { again: readonly OpenGame[] },
  { server, model, prices }: Pick<JudgeRequest, 'server' | 'model' | 'prices'>,
  folder: string,
): Promise<LeftEstimate> {
  if (server === null || model === null) return { ...planned.estimate, kept: 0 };
  const protocol = judgeProtocol(model, planned.manner);
  return await estimateLeft(planned, { file: join(folder, GAMES_FILE), protocol, prices });
}

async function readContest(
  { baseline, candidate }: Records,
  request: JudgeRequest,
  context: Pick<EvaluationContext, 'cwd' | 'environment'>,
): Promise<Pick<Contest, 'ready' | 'baseline' | 'folder' | 'model'>> {
  const [main, own] = [await readRecord(baseline), await readRecord(candidate)];
  const ready = await prepareAsAsked(request, candidate, own.record.seed, context);
  const model = { name: own.record.model.name, identity: own.record.model.identity ?? null };
  return { ready, baseline: main, folder: candidate, model };
}

/** What went wrong as the command says it: a judge of this machine that failed is no server. */
function explain(
  error: unknown,
  { request, folder, signal }: { request: JudgeRequest; folder: string; signal: AbortSignal },
): SosBenchError {
  const { reason, text } = skipOf(error, signal);
  // What a judge of this machine, its Python or its files lack says so itself.
  if (reason === 'judge-failed' && error instanceof SosBenchError) return error;
  const isLocal = reason === 'judge-failed' && request.server === null;
  return new SosBenchError(isLocal ? 'worker-failed' : (CODES[reason] ?? 'data-missing'), text, {
    hint: isLocal ? localJudgeHint(folder) : (HINTS[reason] ?? 'docs/judge.md has what has to be there'),
    cause: error,
  });
}

const CODES: Partial<Record<HeadToHeadSkip, 'run-incomplete' | 'server-failed' | 'interrupted' | 'usage'>> = {
  limit: 'run-incomplete',
  interrupted: 'interrupted',
  'judge-failed': 'server-failed',
  'no-judge': 'usage',
  'no-key': 'usage',
};
const AGAIN = 'run the same command again: nothing is asked twice';
const HINTS: Partial<Record<HeadToHeadSkip, string>> = {
  limit: `raise the limit, or ${AGAIN}`,
  interrupted: AGAIN,
  'judge-failed': `see to the judge's server, judge-model and JUDGE_API_KEY, then ${AGAIN}`,
  'no-judge':
    'for example --judge-server https://judge.example.com/v1 --judge-model NAME; without --judge-server the model is one of this machine',
  'no-key': 'set JUDGE_API_KEY in the environment',
};

/** The questions as the candidate's run put them to its model: that says with which limits. */
async function prepareAsAsked(
  request: JudgeRequest,
  candidate: string,
  seed: number | null,
  context: Pick<EvaluationContext, 'cwd' | 'environment'>,
): Promise<ReadyJudge> {
  const usual = { maxGenToks: null, enableThinking: null, seed: seed ?? USUAL_SEED };
  const ready = await prepareJudge(request, usual, context);
  const left = await readHeadToHead(resolve(context.cwd, candidate));
  if (left === null) return ready;
  const { manner } = left.document;
  return { ...ready, manner, questionSet: digestQuestionSet(ready.questions, manner) };
}

/** Of what is drawn where no run says by which. */
export const USUAL_SEED = 1234;
