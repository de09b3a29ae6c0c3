/**
 * Both stages in one command with a tiny model, and LiveBench's benchmarks killed and resumed. LiveBench is a fake; worker,
 * `transformers serve`, sandbox and all of ours are real.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import { execa } from 'execa';
import { readJournal } from '../../src/evaluate/journal/journal.ts';
import { recordPaths } from '../../src/record/paths.ts';
import { readRecord } from '../../src/record/read.ts';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { startCli } from '../support/cli.ts';
import { makeTinyModel, writeQuestions } from '../support/datasets.ts';
import {
  type Asked,
  type FakeChatServer,
  type Reaction,
  startFakeChatServer,
} from '../support/fake-chat-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { cacheWithFakeLiveBench, fakeLiveBench, makeQuestion } from '../support/livebench.ts';
import { endAfterTests, processesWith, type RunningProcess, within } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { inE2e, inNightly } from '../support/tier.ts';

const folder = temporaryFolder();
const model = await makeTinyModel(await testPython(), join(folder, 'tiny'));
const environment = await cacheWithFakeLiveBench(folder);
const checkout = fakeLiveBench(folder).checkout.folder;
// Its tokens are characters.
const config = join(model, 'config.json');
writeFileSync(
  config,
  JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), max_position_embeddings: 16_384 }),
);
writeFileSync(
  join(model, 'chat_template.jinja'),
  "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant: ",
);
const runs: RunningProcess[] = [];
endAfterTests(runs);

function start(output: string, more: readonly string[]): RunningProcess {
  const run = startCli(
    [
      [
        'run',
        '--model',
        model,
        '--model-args',
        'dtype=float32',
        '--device',
        'cpu',
        '--livebench-dir',
        checkout,
      ],
      ['--max-gen-toks', '8', '--output', output, ...more],
    ].flat(),
    { environment },
  );
  runs.push(run);
  return run;
}

/** What a run had started, graders in their sandbox too, which have another environment. */
const left = (run: RunningProcess) => [
  ...run.descendants(),
  ...processesWith(checkout).filter((line) => !line.includes('bin.ts')),
];

inE2e(
  'one command runs both stages: one plan, one journal, one record with all benchmarks, none skipped without a reason',
  async () => {
    const output = join(folder, 'both');
    const run = start(output, ['--suite', 'mini']);
    const { exitCode, stderr } = await run.result;
    assert.equal(exitCode, 0, stderr);
    const { record, items } = await readRecord(output);
    assert.deepEqual(
      record.benchmarks.map(({ id }) => id),
      CATALOGUE.map(({ id }) => id),
    );
    for (const { id, status, reason, n } of record.benchmarks) {
      if (status === 'skipped') assert.match(reason ?? '', /sandbox/, id);
      else assert.deepEqual([status, n > 0], ['done', true], id);
    }
    const harness = new Set(
      record.benchmarks.filter(({ n }) => n > 0).map(({ id }) => id.startsWith('livebench')),
    );
    assert.deepEqual(harness, new Set([true, false]));
    assert.equal(items.length, record.totals.items);
    const journal = (await readJournal(recordPaths(output).journal))!;
    const types = journal.entries.map(({ type }) => type);
    assert.deepEqual([types[0], types.filter((type) => type === 'server').length], ['hello', 1]);
    assert.ok(types.lastIndexOf('hello') < types.indexOf('server'), types.join());
    // One progress over both: it never goes back.
    const told = [...stderr.matchAll(/^ *(\d+)% /gm)].map(([, percent]) => Number(percent));
    assert.deepEqual(
      told,
      [...told].sort((a, b) => a - b),
    );
    assert.equal(stderr.match(/questions? of \d+ benchmarks? in/g)?.length, 1);
    assert.match(stderr, /Model loaded.*Starting transformers serve.*LiveBench scores \d+ answers/s);
    assert.deepEqual(left(run), []);
  },
);

describe('LiveBench benchmarks, killed outright at any point and resumed', () => {
  const data = join(folder, 'data');
  for (const [task, count] of [
    ['spatial', 12],
    ['web_of_lies_v2', 6],
    ['zebra_puzzle', 6],
  ] as const) {
    const questions = Array.from({ length: count }, (_, n) => makeQuestion(`${task} ${n}`, { task }).raw);
    writeQuestions(data, `livebench-reasoning/${task}`, questions);
  }
  const third = ({ prompt }: Asked): Reaction => {
    const number = Number(prompt.split(' ').at(-1));
    // Grading takes a while.
    if (prompt.endsWith('spatial 0')) return { says: 'right, slowly' };
    return { says: `${number % 3 === 0 ? 'right' : 'wrong'} ${'x'.repeat(600)}` };
  };
  let react = third;
  let server: FakeChatServer;
  const opened = startFakeChatServer((asked) => react(asked)).then((one) => {
    server = one;
  });
  after(() => server.close());
  const rows = (output: string) => {
    const setting = ['--stages', 'livebench', '--benchmarks', 'livebench-reasoning', '--datasets-dir', data];
    return start(output, [...setting, '--server', server.url, '--server-parallel', '2']);
  };
  const asked = () => server.asked.filter(({ prompt }) => prompt.startsWith('Question')).length;

  async function goesOn(output: string, { questions }: { questions: [least: number, most: number] }) {
    react = third;
    const before = asked();
    const { exitCode, stderr } = await rows(output).result;
    assert.equal(exitCode, 0, stderr);
    const whole = await undisturbed();
    assert.ok(readFileSync(recordPaths(output).items).equals(readFileSync(recordPaths(whole).items)));
    const [resumed, straight] = await Promise.all([readRecord(output), readRecord(whole)]);
    assert.deepEqual(resumed.record.benchmarks, straight.record.benchmarks);
    const count = asked() - before;
    assert.ok(count >= questions[0] && count <= questions[1], `${count} questions asked`);
  }

  let straight: Promise<string> | null = null;
  function undisturbed(): Promise<string> {
    straight ??= (async () => {
      await opened;
      const output = join(folder, 'undisturbed');
      const { exitCode, stderr } = await rows(output).result;
      assert.equal(exitCode, 0, stderr);
      return output;
    })();
    return straight;
  }

  inE2e('while questions are asked: only what was not answered is asked again', async () => {
    await undisturbed();
    const output = join(folder, 'asking');
    let answered = 0;
    react = (one) => (one.prompt.startsWith('Question') && ++answered > 9 ? 'silent' : third(one));
    const run = rows(output);
    assert.ok(await within(300, () => answered >= 11), run.heard());
    run.kill('SIGKILL');
    assert.equal((await run.result).signal, 'SIGKILL');
    assert.ok(await within(60, () => left(run).length === 0), JSON.stringify(left(run)));
    await goesOn(output, { questions: [15, 15] });
  });

  inNightly('while answers are graded: no grader is left, and no question is asked again', async () => {
    await undisturbed();
    const output = join(folder, 'grading');
    const run = rows(output);
    const grading = () =>
      processesWith(checkout).some((line) => line.includes('gen_ground_truth_judgment.py'));
    assert.ok(await within(300, grading), run.heard());
    run.kill('SIGKILL');
    assert.equal((await run.result).signal, 'SIGKILL');
    assert.ok(await within(60, () => left(run).length === 0), JSON.stringify(left(run)));
    await goesOn(output, { questions: [0, 0] });
  });

  const disk = join(folder, 'small-disk');
  inNightly('on a full disk: exit 2 and what to do; with room again nothing is asked twice', async (t) => {
    mkdirSync(disk);
    const mount = await execa('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', disk], { reject: false });
    t.after(() => execa('umount', ['--lazy', disk], { reject: false }));
    if (mount.exitCode !== 0) return t.skip('a small disk cannot be mounted here');
    await undisturbed();
    const before = asked();
    const run = rows(disk);
    const { exitCode, stderr } = await run.result;
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, /no space left to write .*answers\.jsonl \[disk-full\]\nhint: free some space/);
    assert.ok(await within(60, () => left(run).length === 0), JSON.stringify(left(run)));
    const answers = readFileSync(join(disk, 'livebench', 'answers.jsonl'), 'utf8');
    assert.match(answers, /\n$/, 'no torn line is left');
    const kept = answers.split('\n').length - 1;
    assert.ok(kept > 0 && kept < 24 && asked() - before > kept, `${kept} answers`);
    await execa('mount', ['-o', 'remount,size=8m', disk]);
    await goesOn(disk, { questions: [24 - kept, 24 - kept] });
  });
});
