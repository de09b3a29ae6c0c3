/** `sos-bench judge` for two records, whose models' answers are kept; `plan` and `doctor` with the stage `judge`. The judge is a fake. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { answersKey } from '../../src/evaluate/judge/head-to-head.ts';
import { prepareJudge } from '../../src/evaluate/judge/prepare.ts';
import { KeptAnswers } from '../../src/judge/texts/answers-dir.ts';
import { readHeadToHead, writeHeadToHead } from '../../src/record/head-to-head.ts';
import { writeRecord } from '../../src/record/write.ts';
import { HALF } from '../support/comparisons.ts';
import { startFakeChatServer } from '../support/fake-chat-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeJudgeRequest } from '../support/judge-request.ts';
import { makeRecord } from '../support/records.ts';
import { runMain } from '../support/runtime.ts';

const COUNT = 30;
const KEY = 'judge-key-0123456789';
const folder = temporaryFolder();
const questions = join(folder, 'ours.jsonl');
writeFileSync(
  questions,
  Array.from(
    { length: COUNT },
    (_, n) => `${JSON.stringify({ id: `q${n}`, question: `What is ${n}?` })}\n`,
  ).join(''),
);
// It likes the change's answers, whatever the order.
const server = await startFakeChatServer(
  ({ prompt }) => ({
    says: `[[${prompt.indexOf('change says') < prompt.indexOf('main says') ? 'A>B' : 'B>A'}]]`,
    usage: { prompt_tokens: 400, completion_tokens: 60 },
  }),
  { key: KEY },
);
after(() => server.close());

/** Of the answers that are kept. */
const asked = { maxGenToks: 64, enableThinking: null, seed: 1 };
const settings = makeJudgeRequest({ questions, answersDir: 'answers' });
const ready = await prepareJudge(settings, asked, { cwd: folder, environment: {} });
for (const [name, says] of [
  ['main', 'main says'],
  ['pr', 'change says'],
  ['silent', null],
] as const) {
  const { record, items } = makeRecord({ model: name, benchmarks: { gpqa: { scores: HALF } } });
  await writeRecord(join(folder, name), record, items);
  if (says === null) continue;
  const kept = await KeptAnswers.open(ready.root, answersKey(ready, record.model.identity!)!);
  for (let n = 0; n < COUNT; n++) await kept.append(`q${n}`, `${says} ${n}`);
  await kept.close();
}
/** As the judge stage of a run leaves it that had no baseline. */
async function leaveUnjudged(name: string): Promise<void> {
  await writeHeadToHead(
    join(folder, name),
    {
      baseline: null,
      candidate: { name, identity: null },
      benchmark: 'ours',
      questionSet: ready.questionSet,
      manner: ready.manner,
      questions: { planned: COUNT, missing: { baseline: 0, candidate: 0 } },
      ...{ ties: 0, judges: [], skipped: { reason: 'no-baseline', text: 'none' } },
    },
    [],
  );
}
await leaveUnjudged('pr');

const JUDGE = [
  '--judge-server',
  server.url,
  '--judge-model',
  'fake-2026-01-01',
  '--judge-questions',
  questions,
];
const run = (argv: readonly string[], environment: Record<string, string> = { JUDGE_API_KEY: KEY }) =>
  runMain(argv, { cwd: folder, environment: { HOME: folder, ...environment } });
const judge = (
  baseline: string,
  candidate: string,
  more: readonly string[] = [],
  environment?: Record<string, string>,
) =>
  run(
    [
      'judge',
      '--baseline',
      baseline,
      '--candidate',
      candidate,
      ...JUDGE,
      '--answers-dir',
      'answers',
      ...more,
    ],
    environment,
  );

describe('sos-bench judge for two records', () => {
  test('judges the answers that are kept of their models, and leaves it beside the candidate', async () => {
    const { exitCode, stdout, stderr } = await judge('main', 'pr');
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, new RegExp(`answers go to ${new URL(server.url).host}, and nowhere else`));
    assert.match(stdout, /fake-2026-01-01 prefers pr to main in 100\.0 /);
    assert.equal(server.asked.length, 2 * COUNT);
    const { document, boards } = (await readHeadToHead(join(folder, 'pr')))!;
    assert.deepEqual([document.skipped, document.baseline?.name], [null, 'main']);
    assert.equal(boards[0]!.games.length, 2 * COUNT);
    for (const name of readdirSync(join(folder, 'pr')))
      assert.doesNotMatch(readFileSync(join(folder, 'pr', name), 'latin1'), /change says|What is/, name);
    assert.deepEqual(readdirSync(join(folder, 'main')).sort(), ['items.parquet', 'record.json']);
  });

  test('plan counts what criteria cost beside the verdicts', async () => {
    const argv = ['plan', '--stages', 'judge', '--judge-questions', questions, '--json'];
    const [without, by] = [await run(argv), await run([...argv, '--judge-criteria', 'true'])].map(
      ({ stdout }) => JSON.parse(stdout).judge,
    );
    assert.equal(by.tokens.output - without.tokens.output, 2 * COUNT * 60);
    assert.ok(by.tokens.input > without.tokens.input);
  });

  test('once more: nothing is asked; compare then has what the judge says', async () => {
    const before = server.asked.length;
    const { exitCode, stdout } = await judge('main', 'pr', ['--json']);
    assert.equal(exitCode, 0);
    assert.equal(server.asked.length, before);
    assert.equal(JSON.parse(stdout).judge[0].score, 1);
    const compared = await run(['compare', '--baseline', 'main', '--candidate', 'pr', '--json']);
    const { judge: rows } = JSON.parse(compared.stdout) as { judge: { id: string }[] };
    assert.deepEqual(
      rows.map(({ id }) => id),
      ['ours'],
    );
  });

  test('--dry-run prints games, tokens and cost of the kept answers, names no judge and asks nothing', async () => {
    const before = server.asked.length;
    const records = ['judge', '--baseline', 'main', '--candidate', 'pr', '--dry-run'];
    const settings = ['--judge-questions', questions, '--answers-dir', 'answers', '--judge-prices', '3/15'];
    const { exitCode, stdout, stderr } = await run([...records, ...settings, '--json'], {});
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /30 questions, 60 games to judge\n/);
    assert.match(stderr, /About [\d,]+ tokens to read, and [\d,]+ to write.*: about \d+\.\d\d at 3\/15/);
    assert.deepEqual([JSON.parse(stdout).games, JSON.parse(stdout).kept], [2 * COUNT, 0]);
    // Of the judge that was asked, nothing is left.
    const named = await judge('main', 'pr', ['--dry-run', '--json', '--judge-prices', '3/15'], {});
    assert.match(named.stderr, /0 games to judge; 60 games more are judged and kept/);
    const { games, kept, cost } = JSON.parse(named.stdout);
    assert.deepEqual([games, kept, cost], [0, 2 * COUNT, 0]);
    assert.equal(server.asked.length, before);
  });

  test('--repeat asks a tenth of the games once more, and says how often the judge disagrees with itself', async () => {
    const before = server.asked.length;
    const { exitCode, stdout } = await judge('main', 'pr', ['--repeat']);
    assert.equal(exitCode, 0);
    assert.equal(server.asked.length, before + 6);
    assert.match(stdout, /Asked again about 6 games, the judge gave another verdict in 0 of them\./);
    assert.equal((await readHeadToHead(join(folder, 'pr')))!.boards[0]!.games.length, 2 * COUNT);
    await judge('main', 'pr', ['--repeat']);
    assert.equal(server.asked.length, before + 6);
  });

  test('a judge of this machine that cannot be had is no failed server', async () => {
    const records = ['judge', '--baseline', 'main', '--candidate', 'silent-pr'];
    const { record, items } = makeRecord({ model: 'silent-pr', benchmarks: { gpqa: { scores: HALF } } });
    await writeRecord(join(folder, 'silent-pr'), record, items);
    const kept = await KeptAnswers.open(ready.root, answersKey(ready, record.model.identity!)!);
    for (let n = 0; n < COUNT; n++) await kept.append(`q${n}`, `other says ${n}`);
    await kept.close();
    await leaveUnjudged('silent-pr');
    const local = [
      '--judge-model',
      './no-such-judge',
      '--judge-questions',
      questions,
      '--answers-dir',
      'answers',
    ];
    const { exitCode, stderr } = await run([...records, ...local]);
    assert.equal(exitCode, 2);
    assert.match(stderr, /no-such-judge.*\[model-missing\]\nhint: [^\n]+\n$/);
  });

  test('compare cites an audit of this very judge, and says of one that was asked in another way that it is of another', async () => {
    const audit = (output: string, ...more: string[]) =>
      run([
        ...['judge', 'audit', '--pairs', '2', '--interventions', 'wrong-number,typos', ...JUDGE.slice(0, 4)],
        // It decides by position where no answer is the change's.
        ...['--judge-max-position', '50', '--judge-max-contradicted', '100', '--output', output, ...more],
      ]);
    const audited = await audit('audit');
    assert.equal(audited.exitCode, 0, audited.stderr);
    const compareWith = async (output: string) => {
      const argv = ['compare', '--baseline', 'main', '--candidate', 'pr', '--format', 'markdown'];
      return (await run([...argv, '--judge-audit', join(output, 'judge-audit.json')])).stdout;
    };
    const line =
      /With this judge an answer lost 0 points for a wrong number and 0 for typos \(audit of 2026-01-01, 2 pairs\)\./;
    assert.match(await compareWith('audit'), line);
    await audit('shorter', '--judge-verdict-tokens', '100');
    const other = await compareWith('shorter');
    assert.doesNotMatch(other, line);
    assert.match(other, /The audit that judge-audit names is of another judge/);
  });

  const CASES: [what: string, given: [baseline: string, candidate: string, more?: string[]], said: RegExp][] =
    [
      [
        'answers of main that are not kept',
        ['silent', 'pr'],
        /no answers of main: run the judge stage on main too/,
      ],
      ['another folder of answers', ['main', 'pr', ['--answers-dir', 'none']], /no answers of main/],
      [
        'answers of the change that are not kept',
        ['main', 'silent', ['--judge-questions', questions]],
        /lack|no answers/,
      ],
      ["main's own record", ['main', 'main'], /the model is main's/],
      ['a file and a folder', ['main', questions], /one of .* is a folder, the other one is not/],
      ['a folder that is no record', ['main', '.'], /there is no record/],
      [
        'a dry run without answers of main',
        ['silent', 'pr', ['--dry-run']],
        /no answers of main: run the judge stage on main too.*\[data-missing\]/,
      ],
      [
        'a limit of cost without prices',
        ['main', 'pr', ['--judge-max-cost', '1']],
        /judge-max-cost needs judge-prices/,
      ],
    ];
  for (const [what, [baseline, candidate, more], said] of CASES) {
    test(`${what}: exit code 2, one line`, async () => {
      const before = server.asked.length;
      const { exitCode, stderr } = await judge(baseline, candidate, more);
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, said);
      assert.equal(server.asked.length, before);
      assert.equal((await readHeadToHead(join(folder, 'pr')))!.boards.length, 1);
    });
  }
});

describe('the stage judge, before anything is asked', () => {
  const EVALUATED = ['--stages', 'judge', '--judge-questions', questions];
  test('plan prints games, tokens and cost', async () => {
    const { exitCode, stdout, stderr } = await run(['plan', ...EVALUATED, '--judge-prices', '3/15']);
    assert.equal(exitCode, 0, stderr);
    assert.match(
      stdout,
      /^Judge, on ours: 60 games against main at most\. About [\d,]+ tokens to read.*about \d+\.\d\d at 3\/15\.$/m,
    );
    const { judge: estimate } = JSON.parse((await run(['plan', ...EVALUATED, '--json'])).stdout);
    assert.deepEqual([estimate.games, estimate.questions, estimate.cost], [60, 30, null]);
  });

  test("plan counts main's games against a reference, too, where the judge's name does not say which version it is", async () => {
    const reference = join(folder, 'theirs.jsonl');
    writeFileSync(
      reference,
      Array.from(
        { length: COUNT },
        (_, n) => `${JSON.stringify({ id: `q${n}`, answer: `It is ${n}.` })}\n`,
      ).join(''),
    );
    const planned = async (name: string, ...more: string[]) => {
      const judge = ['--judge-server', 'https://judge.example.com/v1', '--judge-model', name];
      return (await run(['plan', ...EVALUATED, ...judge, '--judge-reference', reference, ...more])).stdout;
    };
    assert.match(
      await planned('latest'),
      /^Judge, on ours: 180 games against main and theirs at most, 60 of them of main's answers, since the judge's name does not say which version judges\. About /m,
    );
    assert.match(
      await planned('m-2026-01-01'),
      /^Judge, on ours: 120 games against main and theirs at most\. About /m,
    );
    const [alias, dated] = [await planned('latest', '--json'), await planned('m-2026-01-01', '--json')].map(
      (text) => JSON.parse(text).judge,
    );
    assert.deepEqual([alias.games, alias.rejudged, dated.games, dated.rejudged], [180, 60, 120, 0]);
    assert.ok(alias.tokens.input > 1.3 * dated.tokens.input);
  });

  const CHECKS: [what: string, more: string[], environment: object, status: string, said: RegExp][] = [
    [
      'a judge with a key',
      ['--judge-server', 'https://judge.example.com/v1', '--judge-model', 'm-2026-01-01'],
      { JUDGE_API_KEY: KEY },
      'ok',
      /30 questions of ours and models' answers to them go to judge\.example\.com, and nowhere else/,
    ],
    [
      'an alias',
      ['--judge-server', 'https://judge.example.com/v1', '--judge-model', 'latest'],
      { JUDGE_API_KEY: KEY },
      'warn',
      /judge\.example\.com.*'latest' may be an alias/,
    ],
    [
      'no key',
      ['--judge-server', 'https://judge.example.com/v1', '--judge-model', 'm'],
      {},
      'warn',
      /JUDGE_API_KEY is not set/,
    ],
    ['no judge', [], {}, 'warn', /no judge is named/],
    ['questions that are not there', ['--judge-questions', 'none.jsonl'], {}, 'fail', /no such file/],
  ];
  for (const [what, more, environment, status, said] of CHECKS) {
    test(`doctor, ${what}: ${status}`, async () => {
      const given = ['doctor', ...EVALUATED, ...more, '--json'];
      const { stdout } = await run(given, environment as Record<string, string>);
      const { checks } = JSON.parse(stdout) as { checks: { id: string; status: string; message: string }[] };
      const check = checks.find(({ id }) => id === 'judge')!;
      assert.equal(check.status, status, check.message);
      assert.match(check.message, said);
    });
  }

  test('doctor says nothing of a judge where the stage is not asked for', async () => {
    const { stdout } = await run(['doctor', '--stages', 'lm-eval', '--suite', 'mini', '--json']);
    assert.ok(!stdout.includes('"judge"'));
    assert.ok(!existsSync(join(folder, '.cache', 'sos-bench', 'answers')));
  });
});
