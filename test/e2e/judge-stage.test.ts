/**
 * Both models of a pull request answer a judge's questions through a real server; a run is killed outright in the middle of the judge, and
 * the next one goes on. The judge is a fake; worker, `transformers serve` and all of ours are real.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { readHeadToHead } from '../../src/record/head-to-head.ts';
import { readRecord } from '../../src/record/read.ts';
import { startCli, testCache } from '../support/cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { type Asked, type Reaction, startFakeChatServer } from '../support/fake-chat-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, type RunningProcess } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { inE2e, inNightly } from '../support/tier.ts';

const KEY = 'judge-key-0123456789';
const COUNT = 6;
const folder = temporaryFolder();
const python = await testPython();
const environment = { ...testCache(folder), JUDGE_API_KEY: KEY };
const runs: RunningProcess[] = [];
endAfterTests(runs);
writeFileSync(
  join(folder, 'questions.jsonl'),
  Array.from({ length: COUNT }, (_, n) => `${JSON.stringify({ id: `q${n}`, question: `Say ${n}.` })}\n`).join(
    '',
  ),
);

const VERDICT: Reaction = { says: '{"reason": "why not", "verdict": "A>B"}' };
let react: (asked: Asked) => Reaction = () => VERDICT;
const judge = await startFakeChatServer((asked) => react(asked), { key: KEY });
after(() => judge.close());

async function makeModel(name: string, seed: number): Promise<string> {
  const path = await makeTinyModel(python, join(folder, name), seed);
  writeFileSync(
    join(path, 'chat_template.jinja'),
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant: ",
  );
  return path;
}

function start(model: string, output: string, more: readonly string[] = []): RunningProcess {
  const run = startCli(
    [
      ...['run', '--model', model, '--model-args', 'dtype=float32', '--device', 'cpu', '--suite', 'mini'],
      ...['--benchmarks', 'gpqa', '--stages', 'lm-eval,judge', '--max-gen-toks', '8', '--output', output],
      ...['--judge-questions', join(folder, 'questions.jsonl'), '--judge-server', judge.url],
      ...['--judge-model', 'fake-2026-01-01', '--judge-concurrency', '2'],
      ...['--answers-dir', join(folder, 'answers'), '--python', python, ...more],
    ],
    { environment, cwd: folder },
  );
  runs.push(run);
  return run;
}

/** What a run has started that has the key, but for a child that is still about to become another program. */
function withKey(run: RunningProcess): string[] {
  const has = (pid: number) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(KEY);
    } catch {
      return false;
    }
  };
  return run
    .descendants()
    .filter(({ pid, command }) => !command.includes('bin.ts run') && has(pid))
    .map(({ command }) => command);
}

inE2e(
  'main, then the change, killed in the middle of the judge: nothing is asked twice, and no child has the key',
  async () => {
    const [main, pr] = [await makeModel('main', 1), await makeModel('pr', 2)];
    const records = { main: join(folder, 'record-main'), pr: join(folder, 'record-pr') };
    const first = await start(main, records.main).result;
    assert.equal(first.exitCode, 0, first.stderr);
    assert.match(
      first.stderr,
      /Judge: 6 questions of questions; they and both models' answers go to 127\.0\.0\.1/,
    );
    assert.match(first.stderr, /Judge: skipped: no baseline/);
    assert.equal(judge.asked.length, 0);
    assert.equal((await readHeadToHead(records.main))!.document.skipped?.reason, 'no-baseline');

    const keys = new Set<string>();
    let killed: RunningProcess;
    react = () => {
      for (const command of withKey(killed)) keys.add(command);
      if (judge.asked.length === 6) killed.kill('SIGKILL');
      return { ...VERDICT, after: 20 } as Reaction;
    };
    killed = start(pr, records.pr, ['--baseline', records.main]);
    // While the model is loaded and served.
    await killed.said('Starting transformers serve');
    for (const command of withKey(killed)) keys.add(command);
    assert.equal((await killed.result).signal, 'SIGKILL', killed.heard());
    assert.deepEqual([...keys], []);
    const before = judge.asked.length;

    react = () => VERDICT;
    const reference = join(folder, 'reference.jsonl');
    writeFileSync(
      reference,
      Array.from({ length: COUNT }, (_, n) => `${JSON.stringify({ id: `q${n}`, answer: `${n}` })}\n`).join(
        '',
      ),
    );
    const more = ['--baseline', records.main, '--judge-reference', reference];
    const last = await start(pr, records.pr, more).result;
    assert.equal(last.exitCode, 0, last.stderr);
    assert.match(last.stderr, /Judge: all 6 answers of the model are kept/);
    assert.doesNotMatch(last.stderr, /Starting transformers serve/);
    const { document, boards } = (await readHeadToHead(records.pr))!;
    assert.equal(document.skipped, null, last.stderr);
    const games = boards[0]!.games.length;
    assert.equal(games, 2 * COUNT);
    // Two at a time were in flight.
    assert.ok(
      judge.asked.length <= games - document.ties + 2 + 2 * COUNT,
      `${before}, then ${judge.asked.length}`,
    );
    const { record: judged, games: against } = await readRecord(records.pr);
    assert.deepEqual(
      judged.judge!.map((result) => [result.reference, result.games, result.status]),
      [['reference', 2 * COUNT, 'failed']],
    );
    assert.match(judged.judge![0]!.reason!, /judge decides by position/);
    assert.equal(against![0]!.games.length, 2 * COUNT);
    for (const record of Object.values(records)) {
      assert.equal((await readRecord(record)).record.complete, true);
      for (const name of readdirSync(record))
        if (/head-to-head|record\.json/.test(name))
          assert.doesNotMatch(readFileSync(join(record, name), 'latin1'), /Say \d\.|judge-key/, name);
    }
  },
);

inNightly(
  "main's own model, pushed again after answers-dir was lost: it answers the judge, once, and nothing else",
  async () => {
    const main = await makeModel('main', 1);
    const record = join(folder, 'record-first');
    const first = await start(main, record).result;
    assert.equal(first.exitCode, 0, first.stderr);
    const again = join(folder, 'record-again');
    const lost = ['--baseline', record, '--answers-dir', join(folder, 'lost')];
    const pushed = await start(main, again, lost).result;
    assert.equal(pushed.exitCode, 0, pushed.stderr);
    assert.match(pushed.stderr, /but a judge has not had all of its answers yet/);
    assert.match(pushed.stderr, /Starting transformers serve/);
    assert.deepEqual((await readRecord(again)).items, (await readRecord(record)).items);
    const once = await start(main, join(folder, 'record-once'), lost).result;
    assert.match(once.stderr, /nothing is evaluated/, once.stderr);
  },
);
