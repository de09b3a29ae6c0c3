import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { z } from 'zod';
import { plural } from '../count.ts';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { firstIssue } from '../first-issue.ts';
import { parseJson } from '../json.ts';
import type { JudgedGames } from '../judge/score/game.ts';
import { Sha256Schema } from '../sha256.ts';
import { fileError, makeFolder, writeFileAtomic } from '../system/files/files.ts';
import { decodeGames, encodeGames } from './games.ts';
import { recordPaths } from './paths.ts';

/** Whose answers the model's are held against, in the games of head to head: main's, whatever its model is called. */
export const HEAD_TO_HEAD_REFERENCE = 'baseline';
/** What the two files may take up, in bytes. 10,000 games take 200 KB. */
export const HEAD_TO_HEAD_LIMITS = {
  'head-to-head.json': 200_000,
  'head-to-head.parquet': 16_000_000,
} as const;
const MAX_JUDGES = 10;
/** Names of one judge by its server. */
export const MAX_SERVED = 10;
const MAX_TEXT_LENGTH = 500;

const name = z.string().min(1).max(300);
const text = z.string().max(MAX_TEXT_LENGTH);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const ModelSchema = z.object({
  name,
  /** As `answers-dir` knows it; null where it is not known. */
  identity: Sha256Schema.nullable(),
});

/** What games came to, whichever run asked them. */
const spent = {
  requests: count,
  tokens: z.object({ input: count, output: count }),
  /** By the prices that were given; null without them. */
  cost: z.number().min(0).nullable(),
};

/** A judge that was asked, or was to be asked. */
const HeadToHeadJudgeSchema = z.object({
  model: name,
  /** All that decides a verdict beside the game (`judgeProtocol`). */
  protocol: Sha256Schema,
  /** Whether the name says which version it is. */
  pinned: z.boolean(),
  /** What its server called the models that judged; left out where that is its own name, and by older versions. */
  servedBy: z.array(name).max(MAX_SERVED).optional(),
  ...spent,
});

/**
 * Why there are no games. `no-judge`: no judge was named; `no-key`: none is here, as for forks; `no-baseline`, `no-main-answers`: nothing to
 * hold the answers against; `no-answers`: the model's own could not be had; `no-identity`: which model answered is not known; `same-model`: it is
 * main's; `judge-failed`, `limit`, `interrupted`: the judge was not asked to the end, and the next run goes on.
 */
export const HEAD_TO_HEAD_SKIPS = [
  'no-judge',
  'no-key',
  'no-baseline',
  'no-main-answers',
  'no-answers',
  'no-identity',
  'same-model',
  'judge-failed',
  'limit',
  'interrupted',
] as const;

/** `head-to-head.json`: what is said of the games in `head-to-head.parquet`. Neither holds a text of a question or an answer. */
export const HeadToHeadSchema = z.object({
  schemaVersion: z.literal(1),
  /** Null where there is none. */
  baseline: ModelSchema.nullable(),
  candidate: ModelSchema,
  /** `judge-mini`, or the name of the file of questions. */
  benchmark: name,
  /** Digest of the questions and of how they were put; null where there are none. */
  questionSet: Sha256Schema.nullable(),
  manner: z.object({
    maxTokens: count,
    enableThinking: z.boolean().nullable(),
    reasoningEnd: text.nullable(),
  }),
  /** Questions that were to be judged, and those of them without an answer of a side. */
  questions: z.object({ planned: count, missing: z.object({ baseline: count, candidate: count }) }),
  /** Games with equal answers: ties, which nobody was asked about. */
  ties: count,
  /** One today. */
  judges: z.array(HeadToHeadJudgeSchema).max(MAX_JUDGES),
  /**
   * References that main's answers were held against once more, beside the candidate's, since the judge's name does not say which version judges; left
   * out where there are none, and by older versions.
   */
  rejudged: z
    .array(
      z
        .object({ judge: name, reference: name, protocol: Sha256Schema })
        // Older versions do not have what it came to.
        .extend(z.object(spent).partial().shape),
    )
    .max(MAX_JUDGES)
    .optional(),
  /** Why there are no games, with what to do about it; null where there are. */
  skipped: z.object({ reason: z.enum(HEAD_TO_HEAD_SKIPS), text }).nullable(),
  /** SHA-256 of the file of games; null where there is none. */
  games: Sha256Schema.nullable(),
});
export type HeadToHeadDocument = z.infer<typeof HeadToHeadSchema>;
export type HeadToHeadSkip = (typeof HEAD_TO_HEAD_SKIPS)[number];

/** Main's answers against a candidate's, as it lies beside the candidate's record. */
export interface LeftHeadToHead {
  document: HeadToHeadDocument;
  /** One for each benchmark and judge; none where it was skipped. */
  boards: JudgedGames[];
  /** Main's answers against a reference, judged in the same run as the candidate's; left out where there are none. */
  rejudged?: JudgedGames[];
}

/**
 * Writes both files, in place of what an earlier run left: games first, so that the document always has the games it speaks of.
 *
 * @param boards none where the document says that it was skipped; with those of `rejudged`.
 * @throws SosBenchError `disk-full`, `permission-denied`.
 */
export async function writeHeadToHead(
  folder: string,
  document: Omit<HeadToHeadDocument, 'schemaVersion' | 'games'>,
  boards: readonly JudgedGames[],
): Promise<void> {
  const paths = recordPaths(folder);
  const games = boards.length === 0 ? null : encodeGames(boards, 'head-to-head');
  const whole = HeadToHeadSchema.parse({
    ...{ schemaVersion: 1, ...document },
    games: games === null ? null : digest(games),
  } satisfies HeadToHeadDocument);
  const fault = contradiction({ document: whole, boards: [...boards] });
  if (fault !== null) throw new Error(`head to head ${fault}`);
  await makeFolder(folder);
  if (games !== null) await writeFileAtomic(paths.headToHeadGames, games);
  await writeFileAtomic(paths.headToHead, `${JSON.stringify(whole, null, 2)}\n`);
  if (games === null) await rm(paths.headToHeadGames, { force: true });
}

/**
 * Reads head to head as it lies beside a candidate's record. It is a claim of the job that evaluated, and taken for hostile: sizes, schemas
 * and that both files belong together are checked. That it is of this record and baseline is for the caller to see.
 *
 * @returns null where there is none.
 * @throws SosBenchError `record-invalid`, naming the file and what is wrong with it.
 */
export async function readHeadToHead(folder: string): Promise<LeftHeadToHead | null> {
  const paths = recordPaths(folder);
  const json = await readWithin(paths.headToHead, HEAD_TO_HEAD_LIMITS['head-to-head.json']);
  if (json === null) return null;
  let parsed: z.ZodSafeParseResult<HeadToHeadDocument>;
  try {
    parsed = HeadToHeadSchema.safeParse(parseJson(json.toString('utf8')));
  } catch (cause) {
    throw invalid(paths.headToHead, 'it is not JSON', cause);
  }
  if (!parsed.success) throw invalid(paths.headToHead, firstIssue(parsed.error), parsed.error);
  const document = parsed.data;
  const all = document.games === null ? [] : await readBoards(paths.headToHeadGames, document.games);
  const fault = contradiction({ document, boards: all });
  if (fault !== null) throw invalid(paths.headToHead, `it ${fault}`);
  const isHeadToHead = ({ reference }: JudgedGames) => reference === HEAD_TO_HEAD_REFERENCE;
  const rejudged = all.filter((board) => !isHeadToHead(board));
  return { document, boards: all.filter(isHeadToHead), ...(rejudged.length > 0 && { rejudged }) };
}

async function readBoards(path: string, listed: string): Promise<JudgedGames[]> {
  const content = await readWithin(path, HEAD_TO_HEAD_LIMITS['head-to-head.parquet']);
  if (content === null) throw invalid(path, 'it is missing');
  if (digest(content) !== listed) throw invalid(path, 'it is not the file that head-to-head.json lists');
  try {
    return (await decodeGames(content)).boards;
  } catch (cause) {
    const what = cause instanceof Error ? cause.message.split('\n')[0]!.slice(0, 200) : String(cause);
    throw invalid(path, `it is not a complete Parquet file of games (${what})`, cause);
  }
}

function contradiction({ document, boards }: LeftHeadToHead): string | null {
  const { skipped, games, questions, judges, benchmark, baseline, rejudged = [] } = document;
  if ((skipped === null) !== (games !== null))
    return skipped === null ? 'has neither games nor a reason' : 'has games and a reason for having none';
  if (games !== null && baseline === null) return 'has games without a baseline';
  const names = new Set(judges.map(({ model }) => model));
  for (const board of boards) {
    const isListed = rejudged.some(
      ({ judge, reference }) => judge === board.judge && reference === board.reference,
    );
    if (board.reference !== HEAD_TO_HEAD_REFERENCE && !isListed)
      return `has games against '${board.reference}'`;
    if (board.benchmark !== benchmark) return `has games of another benchmark, ${board.benchmark}`;
    if (!names.has(board.judge)) return `has games of a judge that it does not name, ${board.judge}`;
    if (board.games.length > 2 * questions.planned)
      return `has ${plural(board.games.length, 'game')} of ${plural(questions.planned, 'question')}`;
  }
  return null;
}

/** A file's content; null where there is none. */
async function readWithin(path: string, limit: number): Promise<Buffer | null> {
  try {
    // A pipe would be waited for.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw invalid(path, 'it is not a file');
      if (stats.size > limit) throw invalid(path, `it has ${stats.size} bytes, more than ${limit}`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw fileError(error, path, 'read');
  }
}

function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function invalid(path: string, what: string, cause?: unknown): SosBenchError {
  return new SosBenchError('record-invalid', `${path} cannot be used: ${what}`, {
    hint: 'have the answers judged again: sos-bench judge, or the judge stage of run',
    cause,
  });
}
