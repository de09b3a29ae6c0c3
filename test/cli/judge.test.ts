/** `sos-bench judge`: two models' answers, head to head, by a fake judge. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { decodeGames } from '../../src/record/games.ts';
import { startFakeChatServer } from '../support/fake-chat-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runMain } from '../support/runtime.ts';

const COUNT = 40;
const KEY = 'judge-key-0123456789';
const folder = temporaryFolder();
const write = (name: string, rows: object[]) =>
  writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const numbers = Array.from({ length: COUNT }, (_, n) => n);
write(
  'questions.jsonl',
  numbers.map((n) => ({ id: `q${n}`, question: `What is ${n} + ${n}?` })),
);
write(
  'main.jsonl',
  numbers.map((n) => ({ id: `q${n}`, model: 'ours-1', answer: n < 4 ? 'Same.' : `wrong ${n}` })),
);
write(
  'pr.jsonl',
  numbers.map((n) => ({ id: `q${n}`, model: 'ours-2', answer: n < 4 ? 'Same.' : `right ${n}` })),
);
// It knows right from wrong, nine times of ten.
const server = await startFakeChatServer(
  ({ prompt }) => {
    const number = Number(/What is (\d+)/.exec(prompt)![1]);
    const isFirst = prompt.indexOf('right') < prompt.indexOf('wrong');
    const says = `[[${isFirst === (number % 10 !== 0) ? 'A>B' : 'B>A'}]]`;
    return { says, usage: { prompt_tokens: 400, completion_tokens: 60 } };
  },
  { key: KEY },
);
after(() => server.close());

const FILES = ['--baseline', 'main.jsonl', '--candidate', 'pr.jsonl', '--judge-questions', 'questions.jsonl'];
const JUDGE = ['--judge-server', server.url, '--judge-model', 'fake-2026-01-01'];
const run = (argv: string[], environment: Record<string, string> = { JUDGE_API_KEY: KEY }) =>
  runMain(['judge', ...argv], { cwd: folder, environment });

describe('sos-bench judge', () => {
  test('--dry-run prints games, tokens and cost, and asks nothing', async () => {
    const { exitCode, stderr, stdout } = await run([
      ...FILES,
      '--dry-run',
      '--json',
      '--judge-prices',
      '3/15',
    ]);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /40 questions, 72 games to judge; 4 questions with equal answers/);
    assert.match(stderr, /about \d+\.\d\d at 3\/15/);
    const { games, tokens, cost } = JSON.parse(stdout);
    assert.equal(games, 72);
    assert.equal(cost, (tokens.input * 3 + tokens.output * 15) / 1e6);
    assert.equal(server.asked.length, 0);
  });

  test('asks each pair in both orders, keeps the games without a text, and prints the preference', async () => {
    const { exitCode, stdout, stderr } = await run([...FILES, ...JUDGE, '--output', 'out', '--repeat']);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, new RegExp(`answers go to ${new URL(server.url).host}, and nowhere else`));
    assert.match(
      stdout,
      /fake-2026-01-01 prefers ours-2 to ours-1 in 8\d\.\d \[\d+\.\d, \d+\.\d\] of the games/,
    );
    assert.match(stdout, /0 of 72 verdicts could not be read/);
    assert.match(stdout, /Equal answers: 8 games, counted as ties/);
    assert.match(stdout, /Asked again about 8 games, the judge gave another verdict in 0/);
    assert.equal(server.asked.length, 72 + 8);
    const { boards } = await decodeGames(readFileSync(join(folder, 'out', 'games.parquet')));
    assert.equal(boards[0]!.games.length, 80);
    for (const name of readdirSync(join(folder, 'out'))) {
      const content = readFileSync(join(folder, 'out', name), 'latin1');
      assert.doesNotMatch(content, /What is|right \d|wrong \d|judge-key/, name);
    }
  });

  test('once more: nothing is asked, and the result is the same', async () => {
    const before = server.asked.length;
    const first = readFileSync(join(folder, 'out', 'judge.json'), 'utf8');
    const { exitCode, stdout } = await run([...FILES, ...JUDGE, '--output', 'out', '--repeat', '--json']);
    assert.equal(exitCode, 0);
    assert.equal(server.asked.length, before);
    assert.deepEqual(JSON.parse(stdout).judge, JSON.parse(first).judge);
    const { requests, spent } = JSON.parse(stdout);
    assert.deepEqual([requests, spent], [0, JSON.parse(first).spent]);
    assert.deepEqual(spent.requests, 72 + 8);
  });

  test('--judge-sample: so many questions, the same each time', async () => {
    const before = server.asked.length;
    const sampled = [...FILES, ...JUDGE, '--output', 'sampled', '--judge-sample', '12'];
    const { exitCode, stdout, stderr } = await run(sampled);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /^12 questions, /m);
    assert.doesNotMatch(stderr, /left out/);
    assert.ok(server.asked.length - before <= 24);
    const again = await run(sampled);
    assert.match(
      again.stdout,
      /^0 tokens read and 0 written in this run\. [\d,]+ tokens read and [\d,]+ written in all runs\.$/m,
    );
    assert.equal(again.stdout.split('\n')[0], stdout.split('\n')[0]);
  });

  test('judge-max-position and judge-max-contradicted say what a judge may do', async () => {
    const biased = await startFakeChatServer(() => ({ says: '[[A>B]]' }));
    try {
      const argv = [...FILES, '--judge-server', biased.url, '--judge-model', 'biased', '--output', 'biased'];
      const strict = await run(argv, {});
      assert.equal(strict.exitCode, 1, strict.stderr);
      assert.match(strict.stdout, /judge decides by position/);
      const loose = await run([...argv, '--judge-max-position', '50', '--judge-max-contradicted', '100'], {});
      assert.equal(loose.exitCode, 0, loose.stderr);
      assert.match(loose.stdout, /prefers ours-2 to ours-1 in 50\.0 /);
    } finally {
      biased.close();
    }
  });

  test('a limit: exit code 2, what is judged is kept, and how to go on', async () => {
    const limited = [...FILES, ...JUDGE, '--output', 'limited', '--judge-max-tokens', '12000'];
    const { exitCode, stderr } = await run(limited);
    assert.equal(exitCode, 2);
    const left = Number(/limited: \d+ games; left: (\d+)/.exec(stderr)![1]);
    const rest = await run([...limited, '--dry-run', '--json', '--judge-prices', '3/15']);
    assert.match(
      rest.stderr,
      new RegExp(`${left} games to judge; .*; ${72 - left} games more are judged and kept`),
    );
    const { games, kept, tokens, cost } = JSON.parse(rest.stdout);
    assert.deepEqual([games, kept], [left, 72 - left]);
    assert.equal(cost, (tokens.input * 3 + tokens.output * 15) / 1e6);
    assert.match(stderr, /could exceed judge-max-tokens: judged and kept in .*limited: \d+ games; left: \d+/);
    assert.match(stderr, /nothing is asked twice/);
    assert.ok(!existsSync(join(folder, 'limited', 'games.parquet')));
  });

  test('a wrong key is one line, and the key is not in it', async () => {
    const { exitCode, stderr } = await run([...FILES, ...JUDGE, '--output', 'refused'], {
      JUDGE_API_KEY: 'wrong-key',
    });
    assert.equal(exitCode, 2);
    assert.match(stderr, /error: status 401: Unauthorized; judged and kept in .*: 8 games; left: 72/);
    assert.doesNotMatch(stderr, /wrong-key/);
  });

  test('a judge whose verdicts cannot be read has no result: exit code 1', async () => {
    const vague = await startFakeChatServer(() => ({ says: 'Both are good.' }));
    try {
      const judge = ['--judge-server', vague.url, '--judge-model', 'vague'];
      const { exitCode, stdout } = await run([...FILES, ...judge, '--output', 'vague']);
      assert.equal(exitCode, 1);
      assert.match(stdout, /No result: 72 of 72 verdicts could not be read\./);
      assert.match(stdout, /Unread: 72 without a verdict/);
    } finally {
      vague.close();
    }
  });

  test('a judge that goes by position is rejected: exit code 1', async () => {
    const first = await startFakeChatServer(() => ({ says: '[[A>>B]]' }));
    try {
      const judge = ['--judge-server', first.url, '--judge-model', 'first'];
      const { exitCode, stdout } = await run([...FILES, ...judge, '--output', 'first']);
      assert.equal(exitCode, 1);
      assert.match(stdout, /No result: judge decides by position: it prefers the answer shown first/);
    } finally {
      first.close();
    }
  });

  test('--judge-criteria: shares by criterion and what the verdict rests on, in one request a game', async () => {
    const by = await startFakeChatServer(({ prompt }) => {
      const isFirst = prompt.indexOf('right') < prompt.indexOf('wrong');
      const [good, bad] = isFirst ? ['A>B', 'B>A'] : ['B>A', 'A>B'];
      const number = Number(/What is (\d+)/.exec(prompt)![1]);
      return {
        says: JSON.stringify({
          reason: 'r',
          correctness: good,
          style: number % 2 ? bad : good,
          overall: good,
        }),
      };
    });
    try {
      const judge = ['--judge-server', by.url, '--judge-model', 'by-criterion'];
      const criteria = ['--judge-criteria', 'style,correctness', '--judge-weights', 'correctness=3,style=1'];
      const { exitCode, stdout, stderr } = await run([...FILES, ...judge, ...criteria, '--output', 'by']);
      assert.equal(exitCode, 0, stderr);
      assert.match(stderr, /to write if a verdict takes 324/);
      assert.equal(by.asked.length, 72);
      assert.match(stdout, /^Criterion +Share won +Unread$/m);
      assert.match(stdout, /^correctness +95\.0 \[\d+\.\d, \d+\.\d\] +0 of 72$/m);
      assert.match(stdout, /^style +50\.0 \[\d+\.\d, \d+\.\d\] +0 of 72$/m);
      assert.match(
        stdout,
        /^What the verdict rests on is not known: 36 questions with every verdict read in both orders, fewer than 100\.$/m,
      );
      const { judge: found } = JSON.parse(readFileSync(join(folder, 'by', 'judge.json'), 'utf8'));
      assert.deepEqual(
        found[0].criteria.shares.map(({ criterion }: { criterion: string }) => criterion),
        ['correctness', 'style'],
      );
      const { boards } = await decodeGames(readFileSync(join(folder, 'by', 'games.parquet')));
      assert.deepEqual(Object.keys(boards[0]!.games[0]!.criteria!), ['correctness', 'style']);
    } finally {
      by.close();
    }
  });

  const refused: [what: string, argv: string[], says: RegExp][] = [
    ['no judge', FILES, /--judge-model must be given/],
    ['a model that is not there', [...FILES, '--judge-model', './none'], /there is no model at \.\/none/],
    [
      'a choice of a server',
      [...FILES, ...JUDGE, '--judge-mode', 'choice'],
      /judge-mode choice is for a judge of this machine/,
    ],
    [
      'criteria by choice',
      [...FILES, '--judge-model', './none', '--judge-mode', 'choice', '--judge-criteria', 'true'],
      /error: judge-criteria needs a judge that writes: with judge-mode choice it writes nothing/,
    ],
    [
      'a criterion that there is not',
      [...FILES, ...JUDGE, '--judge-criteria', 'correctness,stile'],
      /'stile' is not one of correctness, completeness, safety, conciseness, style; did you mean 'style'\?/,
    ],
    ['a criterion twice', [...FILES, ...JUDGE, '--judge-criteria', 'style,style'], /style is given twice/],
    [
      'no criterion',
      [...FILES, ...JUDGE, '--judge-criteria', ','],
      /neither true, false nor some of correctness/,
    ],
    [
      'a weight of what is not asked',
      [...FILES, ...JUDGE, '--judge-criteria', 'style', '--judge-weights', 'safety=1,style=1'],
      /judge-weights has safety, which judge-criteria does not ask/,
    ],
    ['a weight below 0', [...FILES, ...JUDGE, '--judge-weights', 'style=-1'], /below 0/],
    ['weights of nothing', [...FILES, ...JUDGE, '--judge-weights', 'style=0'], /all of them weigh nothing/],
    [
      'a weight of what is no criterion',
      [...FILES, ...JUDGE, '--judge-weights', 'helpfulness=1'],
      /'helpfulness' is not one of correctness/,
    ],
    [
      'http to another machine',
      [...FILES, '--judge-server', 'http://judge.example.com/v1'],
      /neither https nor on this machine/,
    ],
    [
      'a password in the address',
      [...FILES, '--judge-server', 'https://me:pw@judge.example.com/v1'],
      /holds a name, a password/,
    ],
    [
      'a cost without prices',
      [...FILES, ...JUDGE, '--judge-max-cost', '3'],
      /judge-max-cost needs judge-prices/,
    ],
    ['prices that are none', [...FILES, ...JUDGE, '--judge-prices', '3'], /not two prices/],
    [
      'no such file',
      ['--baseline', 'none.jsonl', ...FILES.slice(2), ...JUDGE],
      /none\.jsonl: there is no such file/,
    ],
    [
      'questions as answers',
      ['--baseline', 'questions.jsonl', ...FILES.slice(2), ...JUDGE],
      /line 1 is no answer/,
    ],
    [
      'two models in one file',
      ['--baseline', 'mixed.jsonl', ...FILES.slice(2), ...JUDGE],
      /answers of two models, a and b/,
    ],
    [
      'a second answer',
      ['--baseline', 'double.jsonl', ...FILES.slice(2), ...JUDGE],
      /line 2 has a second answer to question q0/,
    ],
    [
      'too few answers',
      ['--baseline', 'few.jsonl', ...FILES.slice(2), ...JUDGE],
      /the baseline's answers lack 39 of 40 questions/,
    ],
    ['no JSON', ['--baseline', 'torn.jsonl', ...FILES.slice(2), ...JUDGE], /line 1 is not JSON/],
  ];
  write('mixed.jsonl', [
    { id: 'q0', model: 'a', answer: 'x' },
    { id: 'q1', model: 'b', answer: 'x' },
  ]);
  write('double.jsonl', [
    { id: 'q0', answer: 'x' },
    { id: 'q0', answer: 'y' },
  ]);
  write('few.jsonl', [{ id: 'q0', answer: 'x' }]);
  writeFileSync(join(folder, 'torn.jsonl'), '{"id": "q0"');
  for (const [what, argv, says] of refused) {
    test(`${what}: exit code 2, and one line that says so`, async () => {
      const before = server.asked.length;
      const { exitCode, stderr } = await run([...argv, '--output', 'never']);
      assert.equal(exitCode, 2);
      assert.match(stderr, says);
      assert.equal(server.asked.length, before);
      assert.ok(!existsSync(join(folder, 'never')));
    });
  }

  test("Arena-Hard's own files are read, of v0.1 and v2", async () => {
    write(
      'v01.jsonl',
      numbers.map((n) => ({ question_id: `q${n}`, category: 'x', turns: [{ content: `What is ${n}?` }] })),
    );
    write(
      'v01-main.jsonl',
      numbers.map((n) => ({
        question_id: `q${n}`,
        model_id: 'old',
        choices: [{ index: 0, turns: [{ content: `wrong ${n}`, token_len: 2 }] }],
      })),
    );
    write(
      'v2-pr.jsonl',
      numbers.map((n) => ({
        uid: `q${n}`,
        model: 'new',
        messages: [
          { role: 'user', content: '' },
          { role: 'assistant', content: { answer: `right ${n}` } },
        ],
      })),
    );
    const argv = [
      '--baseline',
      'v01-main.jsonl',
      '--candidate',
      'v2-pr.jsonl',
      '--judge-questions',
      'v01.jsonl',
    ];
    const { exitCode, stderr } = await run([...argv, '--dry-run']);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /40 questions, 80 games to judge/);
  });
});
