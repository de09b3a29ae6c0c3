/**
 * Judge benchmarks: statistics of 76 models x 500 questions in both orders (to be < 1 s); with `--data DIR`, a folder of Arena-Hard's judgments
 * and `--published FILE`, its leaderboard (columns `model`, `score`): scores beside the published ones (to be within 0.05), Arena-Hard's own
 * interval beside ours, and how often each covers when questions are drawn again.
 *
 * With `--games N` alone: our own processor time and memory for so many games with a judge that answers at once (to be < 2 ms a game, and
 * < 150 MB at 5,000).
 *
 *   node bench/judge.ts [--data DIR --published FILE] [--rounds 1500]
 *   node bench/judge.ts --games 5000
 *
 * With `--local MODEL`: seconds a game with that model of this machine as judge, `choice` against `verdict` (at most `--verdict-tokens`
 * tokens), one game at a time, without loading.
 *
 *   node bench/judge.ts --local FOLDER [--questions 5] [--verdict-tokens 256] [--device cuda:0]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { withLocalJudge } from '../src/evaluate/local-judge/local-judge.ts';
import { importResults } from '../src/import/import-results.ts';
import { planHeadToHead, runHeadToHead } from '../src/judge/ask/head-to-head-run.ts';
import type { JudgeMode } from '../src/judge/ask/judge.ts';
import { shareDifference } from '../src/judge/score/difference.ts';
import type { JudgedGames } from '../src/judge/score/game.ts';
import { summariseGames } from '../src/judge/score/judge-result.ts';
import { pairOrders, type QuestionGames } from '../src/judge/score/pair-orders.ts';
import { STRONG_WEIGHT, shareOfWins } from '../src/judge/score/share.ts';
import { upstreamInterval } from '../src/judge/score/upstream-interval.ts';
import { readRecord } from '../src/record/read.ts';
import { createProgress } from '../src/system/progress.ts';
import { makeBoard, makeGames, randomVerdicts } from '../test/support/judged.ts';
import { writeMiniAnswers } from '../test/support/mini-answers.ts';
import { createRandom } from '../test/support/random.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    published: { type: 'string' },
    rounds: { type: 'string', default: '1500' },
    games: { type: 'string' },
    local: { type: 'string' },
    questions: { type: 'string', default: '5' },
    'verdict-tokens': { type: 'string', default: '256' },
    device: { type: 'string' },
  },
});
const MODELS = 76;
const QUESTIONS = 500;
const CLI = join(import.meta.dirname, '..', 'dist', 'cli.js');
const TELL_USAGE = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write('usage ' + Math.round((userCPUTime + systemCPUTime) / 1000) + ' ms ' + Math.round(maxRSS / 1024) + ' MB');
});`;
const OPTIONS = { counted: 'game', strongWeight: STRONG_WEIGHT } as const;

if (values.local !== undefined) await measureLocal(values.local);
else if (values.games !== undefined) await measureAsking(Number(values.games));
else measureStatistics();
if (values.data !== undefined) await compareWithPublished(values.data, values.published);

/** Scores, intervals, order effects of each model, and the difference of each from the one before. */
function measureStatistics(): void {
  const random = createRandom(1);
  const boards = Array.from({ length: MODELS }, (_, i) =>
    makeBoard(makeGames(randomVerdicts(random, QUESTIONS, (i + 1) / (MODELS + 1)))),
  );
  const before = process.cpuUsage();
  const started = performance.now();
  let previous: QuestionGames[] | null = null;
  for (const board of boards) {
    summariseGames(board);
    const questions = pairOrders(board.games);
    upstreamInterval(questions, { counted: 'game', level: 0.95 });
    if (previous !== null) shareDifference(previous, questions, OPTIONS);
    previous = questions;
  }
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  say(
    `statistics of ${MODELS} models x ${QUESTIONS} questions, both orders: ${seconds.toFixed(2)} s, ` +
      `processor time ${((user + system) / 1e6).toFixed(2)} s (to be < 1 s)`,
  );
}

/** The command itself, as it is built, with answers of 2,000 characters. */
async function measureAsking(games: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sos-bench-judge-'));
  const server = execa('node', [join(import.meta.dirname, 'support', 'instant-judge.ts')]);
  try {
    const { value: url } = await server[Symbol.asyncIterator]().next();
    const write = (name: string, text: (n: number) => object) => {
      const path = join(folder, name);
      const rows = Array.from(
        { length: games / 2 },
        (_, n) => `${JSON.stringify({ id: `q${n}`, ...text(n) })}\n`,
      );
      writeFileSync(path, rows.join(''));
      return path;
    };
    const answer = (model: string) => (n: number) => ({
      model,
      answer: `${model} ${n} `.repeat(200).slice(0, 2000),
    });
    const files = {
      questions: write('questions.jsonl', (n) => ({ question: `What about ${n}?` })),
      baseline: write('baseline.jsonl', answer('main')),
      candidate: write('candidate.jsonl', answer('change')),
    };
    const started = performance.now();
    const { stdout, stderr } = await execa('node', [
      ...['--import', `data:text/javascript,${encodeURIComponent(TELL_USAGE)}`, CLI, 'judge', '--json'],
      ...['--judge-questions', files.questions, '--baseline', files.baseline, '--candidate', files.candidate],
      ...['--judge-server', String(url), '--judge-model', 'fake', '--output', join(folder, 'out')],
    ]);
    const seconds = (performance.now() - started) / 1000;
    const judged = JSON.parse(stdout).judge[0].games;
    if (judged !== games) throw new Error(`${judged} games`);
    const [, milliseconds, megabytes] = /usage (\d+) ms (\d+) MB/.exec(stderr)!.map(Number);
    say(
      `${games} games: ${(milliseconds! / games).toFixed(2)} ms of processor time a game (to be < 2), ` +
        `${megabytes} MB at most (to be < 150), ${seconds.toFixed(1)} s on the clock`,
    );
  } finally {
    server.kill();
    await server.catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Questions of judge-mini in both orders, answers of 500 characters. */
async function measureLocal(model: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sos-bench-judge-'));
  const budget = { maxTokens: null, maxCost: null, prices: null };
  const signal = new AbortController().signal;
  const seconds = new Map<JudgeMode, number>();
  try {
    const files = writeMiniAnswers(folder, Number(values.questions), 500);
    for (const mode of ['choice', 'verdict'] as const) {
      const verdictTokens = Number(values['verdict-tokens']);
      const planned = await planHeadToHead(files, {
        mode,
        prompt: null,
        verdictTokens,
        repeat: false,
        budget,
      });
      const output = join(folder, mode);
      const done: number[] = [];
      const { result, tokens } = await withLocalJudge(
        {
          ...{ model, modelArgs: {}, python: 'managed', device: values.device ?? null, tensorParallel: null },
          ...{ devices: values.device === undefined ? { kind: 'cpu', workers: 1 } : { kind: 'auto' } },
          ...{ stallTimeout: 1800, mode, manner: planned.manner, concurrency: 1, folder: output },
        },
        {
          ...{
            cwd: process.cwd(),
            environment: process.env,
            progress: createProgress(process.stderr),
            signal,
          },
          ...{ now: () => new Date(), origin: { commit: null, branch: null, event: null } },
        },
        (judge) =>
          runHeadToHead(planned, {
            ...{ judge, benchmark: 'bench', folder: output, concurrency: 1, budget, signal },
            onGame: () => void done.push(performance.now()),
          }),
      );
      // The first one waits for the model.
      const each = (done.at(-1)! - done[0]!) / 1000 / (done.length - 1);
      seconds.set(mode, each);
      say(
        `${mode}: ${each.toFixed(2)} s a game, ${tokens.input} tokens read and ${tokens.output} written in ${done.length} games; ` +
          `${result.unread} of ${result.games} unread${result.reason === null ? '' : `; ${result.reason}`}`,
      );
    }
    say(`verdict / choice: ${(seconds.get('verdict')! / seconds.get('choice')!).toFixed(1)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compareWithPublished(data: string, published: string | undefined): Promise<void> {
  const output = mkdtempSync(join(tmpdir(), 'sos-bench-judge-'));
  try {
    await importResults({ paths: [data], output, names: null, repair: false, onProgress: () => undefined });
    const scores = published === undefined ? new Map<string, number>() : readScores(published);
    const errors: number[] = [];
    const covered = { ours: [] as number[], upstream: [] as number[] };
    for (const name of readdirSync(output)) {
      const { record, games = [] } = await readRecord(join(output, name));
      for (const board of games) {
        const { score, ci } = summariseGames(board);
        const known = scores.get(record.model.name);
        if (score === null || ci === null) continue;
        const upstream = upstreamInterval(pairOrders(board.games), { counted: 'game', level: 0.95 })!;
        const half = ([low, high]: [number, number]) => (50 * (high - low)).toFixed(2);
        const share = coverage(board, score);
        covered.ours.push(share.ours);
        covered.upstream.push(share.upstream);
        if (known !== undefined) errors.push(Math.abs(100 * score - known));
        say(
          `${record.model.name}: ${(100 * score).toFixed(2)}, published ${known ?? '-'}; half an interval ${half(ci)}, Arena-Hard's ${half(upstream)}; ` +
            `covers ${share.ours.toFixed(3)}, Arena-Hard's ${share.upstream.toFixed(3)}`,
        );
      }
    }
    if (errors.length > 0)
      say(
        `${errors.length} published scores: largest error ${Math.max(...errors).toFixed(3)} points (to be <= 0.05)`,
      );
    const mean = (list: readonly number[]) => list.reduce((sum, own) => sum + own, 0) / list.length;
    say(
      `coverage over ${covered.ours.length} scores: ${mean(covered.ours).toFixed(3)} (to be 0.94 to 0.965), Arena-Hard's ${mean(covered.upstream).toFixed(3)}`,
    );
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** Questions drawn again from the board's own, as many: how often the interval holds the board's score. */
function coverage({ games }: JudgedGames, truth: number): { ours: number; upstream: number } {
  const random = createRandom(games.length);
  const questions = pairOrders(games);
  const rounds = Number(values.rounds);
  const holds = ([low, high]: [number, number]) => low <= truth && truth <= high;
  let [ours, upstream] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const drawn = questions.map(() => questions[random.integer(questions.length)]!);
    // One question drawn twice is two clusters: they have numbers by position.
    if (holds(shareOfWins(drawn, { ...OPTIONS, level: 0.95 }).ci!)) ours++;
    if (holds(upstreamInterval(drawn, { counted: 'game', level: 0.95 })!)) upstream++;
  }
  return { ours: ours / rounds, upstream: upstream / rounds };
}

function readScores(path: string): Map<string, number> {
  const [head, ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const columns = head!.split(',');
  const [model, score] = [columns.indexOf('model'), columns.indexOf('score')];
  return new Map(
    rows.map((row) => {
      const cells = row.split(',');
      return [cells[model]!, Number(cells[score])];
    }),
  );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
