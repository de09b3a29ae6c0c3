/**
 * Judge benchmarks: statistics of 76 models x 500 questions in both orders (to be < 1 s); with `--data DIR`, a folder of Arena-Hard's judgments
 * and `--published FILE`, its leaderboard (columns `model`, `score`): scores beside the published ones (to be within 0.05), Arena-Hard's own
 * interval beside ours, and how often each covers when questions are drawn again.
 *
 *   node bench/judge.ts [--data DIR --published FILE] [--rounds 1500]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { importResults } from '../src/import/import-results.ts';
import { shareDifference } from '../src/judge/score/difference.ts';
import type { JudgedGames } from '../src/judge/score/game.ts';
import { summariseGames } from '../src/judge/score/judge-result.ts';
import { pairOrders, type QuestionGames } from '../src/judge/score/pair-orders.ts';
import { STRONG_WEIGHT, shareOfWins } from '../src/judge/score/share.ts';
import { upstreamInterval } from '../src/judge/score/upstream-interval.ts';
import { readRecord } from '../src/record/read.ts';
import { makeBoard, makeGames, randomVerdicts } from '../test/support/judged.ts';
import { createRandom } from '../test/support/random.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    published: { type: 'string' },
    rounds: { type: 'string', default: '1500' },
  },
});
const MODELS = 76;
const QUESTIONS = 500;
const OPTIONS = { counted: 'game', strongWeight: STRONG_WEIGHT } as const;

measureStatistics();
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
