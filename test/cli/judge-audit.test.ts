/** `sos-bench judge audit`: a fake judge that knows our answers, and a fake rewriter. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { bundledAuditQuestions } from '../../src/judge/audit/audit-answers.ts';
import { type JudgeAudit, JudgeAuditSchema } from '../../src/judge/audit/schema.ts';
import { type Reaction, startFakeChatServer } from '../support/fake-chat-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
const KEY = 'judge-key-0123456789';
const write = (name: string, content: string | object[]) =>
  writeFileSync(
    join(folder, name),
    typeof content === 'string' ? content : content.map((row) => `${JSON.stringify(row)}\n`).join(''),
  );
const bundled = await bundledAuditQuestions();
const originals = new Set(bundled.map(({ answer }) => answer));

const lettersOf = (text: string) => [...text].sort().join('');
/** What a fake judge says of two answers: right is better than altered, and what only says more or has typos is as good. */
function verdictOf(prompt: string): string {
  const [a, b] = ['A', 'B'].map(
    (name) => new RegExp(`<answer-${name} \\w+>\\n(.*?)\\n</answer-${name} `, 's').exec(prompt)![1]!,
  );
  const [original, altered] = originals.has(a!) ? [a!, b!] : [b!, a!];
  if (altered.includes(original) || lettersOf(altered) === lettersOf(original)) return 'A=B';
  return original === a ? 'A>B' : 'B>A';
}
const server = await startFakeChatServer(
  ({ prompt }) => ({
    says: `[[${verdictOf(prompt)}]]`,
    usage: { prompt_tokens: 400, completion_tokens: 20 },
  }),
  { key: KEY },
);
const rewriter = await startFakeChatServer(({ prompt, body }) => ({
  says: `<think>Hm.</think>${/sarcastic/.test(body.messages[0]!.content) ? 'Oh please. ' : 'Short: '}${prompt.slice(0, 40)}`,
}));
after(() => {
  server.close();
  rewriter.close();
});

const JUDGE = ['--judge-server', server.url, '--judge-model', 'fake-2026-01-01'];
const run = (argv: string[], environment: Record<string, string> = { JUDGE_API_KEY: KEY }) =>
  runMain(['judge', 'audit', ...argv], { cwd: folder, environment });
const read = (output: string): JudgeAudit =>
  JudgeAuditSchema.parse(JSON.parse(readFileSync(join(folder, output, 'judge-audit.json'), 'utf8')));
const lost = ({ interventions }: JudgeAudit, id: string) => interventions.find((one) => one.id === id)?.lost;

describe('sos-bench judge audit', () => {
  test('--dry-run prints games, tokens and cost, and asks nothing', async () => {
    const { exitCode, stderr, stdout } = await run(['--dry-run', '--json', '--judge-prices', '3/15']);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /^40 questions, 11 interventions: \d+ pairs, \d+ games to judge$/m);
    assert.match(stderr, /^Answers that cannot be altered so: markdown stripped \d+$/m);
    const { games, tokens, cost, rewriter: rewriting } = JSON.parse(stdout);
    assert.ok(games > 800 && games <= 880, String(games));
    assert.equal(cost, (tokens.input * 3 + tokens.output * 15) / 1e6);
    assert.equal(rewriting, null);
    assert.equal(server.asked.length, 0);
    assert.ok(!existsSync(join(folder, 'sos-bench-judge-audit')));
  });

  test('a limit ends it with exit code 2, the next run asks the rest alone, and a third one nothing', async () => {
    const audit = [...JUDGE, '--pairs', '4', '--output', 'out'];
    const limited = await run([...audit, '--judge-max-tokens', '30000']);
    assert.equal(limited.exitCode, 2);
    assert.match(
      limited.stderr,
      /could exceed judge-max-tokens: judged and kept in .*out: \d+ games; left: \d+ \[run-incomplete\]/,
    );
    assert.ok(!existsSync(join(folder, 'out', 'judge-audit.json')));
    const before = server.asked.length;
    assert.ok(before > 10, String(before));

    const { exitCode, stdout, stderr } = await run(audit);
    assert.equal(exitCode, 0, stderr);
    assert.match(
      stderr,
      new RegExp(
        `^The questions, and the answers as they are and altered, go to ${new URL(server.url).host}, and nowhere else\\.$`,
        'm',
      ),
    );
    assert.match(stdout, /^What fake-2026-01-01 punishes: 4 answers, \d+ games$/m);
    const found = read('out');
    assert.equal(server.asked.length, found.games);
    assert.equal(found.requests, found.games);
    assert.deepEqual(
      ['wrong-number', 'negated', 'truncated', 'constant', 'padded', 'repeated', 'typos', 'injection'].map(
        (id) => lost(found, id),
      ),
      [0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0],
    );
    assert.deepEqual([found.identical!.first, found.identical!.ties], [0.5, 1]);
    assert.deepEqual([found.status, found.styleJudge, found.judge.pinned], ['done', false, true]);

    const again = await run([...audit, '--json']);
    assert.equal(again.exitCode, 0);
    assert.equal(server.asked.length, found.games);
    assert.deepEqual(JSON.parse(again.stdout), found);
  });

  test('neither text nor key is left', () => {
    for (const name of readdirSync(join(folder, 'out'))) {
      const content = readFileSync(join(folder, 'out', name), 'utf8');
      for (const { answer } of bundled) assert.ok(!content.includes(answer.slice(0, 30)), name);
      assert.ok(!content.includes(KEY));
    }
  });

  test('chosen interventions alone', async () => {
    const { exitCode, stderr } = await run([
      ...JUDGE,
      '--pairs',
      '2',
      '--interventions',
      'typos, truncated',
      '--output',
      'two',
    ]);
    assert.equal(exitCode, 0, stderr);
    const { interventions, headline, games } = read('two');
    assert.deepEqual(
      interventions.map(({ id }) => id),
      ['truncated', 'typos'],
    );
    assert.deepEqual([headline!.substance, headline!.style, games], [['truncated'], ['typos'], 8]);
  });

  test('a rewriter writes each version once; reasoning is no part of one', async () => {
    const audit = [
      ...JUDGE,
      '--pairs',
      '3',
      '--interventions',
      'truncated,sarcastic,undiverse,concise',
      '--output',
      'written',
    ];
    const written = [...audit, '--rewriter-server', rewriter.url, '--rewriter-model', 'a-rewriter'];
    const dry = await run([...written, '--dry-run']);
    assert.match(dry.stderr, /^Before that 9 answers to rewrite: about/m);
    assert.equal(rewriter.asked.length, 0);
    const { exitCode, stderr } = await run(written, { JUDGE_API_KEY: KEY, REWRITER_API_KEY: 'rewriter-key' });
    assert.equal(exitCode, 0, stderr);
    assert.equal(rewriter.asked.length, 9);
    assert.ok(rewriter.asked.every(({ headers }) => headers.authorization === 'Bearer rewriter-key'));
    const found = read('written');
    assert.deepEqual(
      found.interventions.map(({ id, pairs }) => [id, pairs]),
      [
        ['truncated', 3],
        ['sarcastic', 3],
        ['undiverse', 3],
        ['concise', 3],
      ],
    );
    assert.deepEqual(found.rewriter, { model: 'a-rewriter', pinned: false });
    assert.ok(!readFileSync(join(folder, 'written', 'rewritten.ndjson'), 'utf8').includes('Hm.'));
    await run(written, { JUDGE_API_KEY: KEY });
    assert.equal(rewriter.asked.length, 9);
  });

  test("a file of versions with a wrong fact, as the paper's is: to questions and answers of one's own", async () => {
    const own = bundled.slice(0, 5);
    write(
      'questions.jsonl',
      own.map(({ id, question }) => ({ uid: id, prompt: question })),
    );
    write(
      'answers.jsonl',
      own.map(({ id, answer }) => ({ uid: id, answer })),
    );
    write(
      'wrong.jsonl',
      own.slice(1).map(({ id, answer }) => ({ uid: id, answer: `No. ${answer.slice(9)}` })),
    );
    const files = [
      '--judge-questions',
      'questions.jsonl',
      '--answers',
      'answers.jsonl',
      '--rewritten',
      'wrong.jsonl',
    ];
    const { exitCode, stdout, stderr } = await run([...JUDGE, ...files, '--output', 'paper']);
    assert.equal(exitCode, 0, stderr);
    const found = read('paper');
    assert.equal(found.benchmark, 'questions');
    assert.equal(lost(found, 'wrong'), 0.5);
    const of = (id: string) => found.interventions.find((one) => one.id === id)!;
    assert.deepEqual(
      [of('wrong').pairs, of('wrong').notApplicable, of('wrong-number').notApplicable],
      [4, 1, 5],
    );
    assert.match(found.rewritten[0]!.sha256, /^[0-9a-f]{64}$/);
    assert.match(stdout, /^ {2}wrong fact +4 /m);
  });

  test('an alias is said, and a judge that cannot be read fails: exit code 1', async () => {
    const vague = await startFakeChatServer(() => ({ says: 'Both are good.' }));
    try {
      const judge = ['--judge-server', vague.url, '--judge-model', 'vague'];
      const { exitCode, stdout } = await run([...judge, '--pairs', '1', '--output', 'vague']);
      assert.equal(exitCode, 1);
      assert.match(stdout, /^No audit: \d+ of \d+ verdicts could not be read\.$/m);
      assert.match(stdout, /^The name of the judge does not say which version it is/m);
      assert.equal(read('vague').status, 'failed');
    } finally {
      vague.close();
    }
  });

  write('empty.jsonl', []);
  write('strange.jsonl', [{ id: 'other', answer: 'x' }]);
  write('asked.jsonl', [{ id: 'one', question: 'x?' }]);
  write('answered.jsonl', [{ id: 'one', answer: 'Only this.' }]);
  write('long-id.jsonl', [{ id: 'x'.repeat(201), question: 'x?' }]);
  const refused: [what: string, argv: string[], says: RegExp][] = [
    ['no judge', ['--pairs', '2'], /^error: --judge-model must be given \[usage\]\nhint: /m],
    [
      'no such intervention',
      [...JUDGE, '--interventions', 'negatd'],
      /there is no 'negatd' \[usage\]\nhint: choose of wrong-number, negated/,
    ],
    ['an empty list', [...JUDGE, '--interventions', ' ,'], /--interventions is empty/],
    [
      'a version that nobody writes',
      [...JUDGE, '--interventions', 'sarcastic'],
      /nobody writes sarcastic versions.*\nhint: give --rewriter-server/,
    ],
    [
      'a wrong fact without its file',
      [...JUDGE, '--interventions', 'wrong'],
      /nobody writes wrong versions.*\nhint: give --rewritten FILE/,
    ],
    [
      'no pairs',
      [...JUDGE, '--pairs', '0'],
      /--pairs <N>' argument '0' is invalid\. It has to be a whole number from 1 to 10000/,
    ],
    ['too many pairs', [...JUDGE, '--pairs', '10001'], /from 1 to 10000/],
    ['half of a pair', [...JUDGE, '--pairs', '1.5'], /whole number/],
    [
      'a rewriter without its model',
      [...JUDGE, '--rewriter-server', 'https://llm.example.com/v1'],
      /--rewriter-model must be given too/,
    ],
    [
      'a rewriter without its server',
      [...JUDGE, '--rewriter-model', 'x'],
      /--rewriter-server must be given too/,
    ],
    [
      'a rewriter over http',
      [...JUDGE, '--rewriter-server', 'http://llm.example.com/v1', '--rewriter-model', 'x'],
      /neither https nor on this machine/,
    ],
    [
      'a rewriter without its key',
      [...JUDGE, '--rewriter-server', 'https://llm.example.com/v1', '--rewriter-model', 'x'],
      /REWRITER_API_KEY is not set, and the rewriter is not on this machine/,
    ],
    [
      'a choice of a server',
      [...JUDGE, '--judge-mode', 'choice'],
      /judge-mode choice is for a judge of this machine/,
    ],
    [
      'questions without answers',
      [...JUDGE, '--judge-questions', 'asked.jsonl'],
      /--judge-questions needs --answers/,
    ],
    [
      'answers without questions',
      [...JUDGE, '--answers', 'strange.jsonl'],
      /--answers needs --judge-questions/,
    ],
    [
      'answers to other questions',
      [...JUDGE, '--judge-questions', 'asked.jsonl', '--answers', 'strange.jsonl'],
      /has no answer to any question of/,
    ],
    [
      'answers none of which can be altered so',
      [
        ...[...JUDGE, '--judge-questions', 'asked.jsonl', '--answers', 'answered.jsonl'],
        ...['--interventions', 'wrong-number,markdown-stripped'],
      ],
      /no answer of 1 question can be altered \(wrong-number: no number is known that makes it right; markdown-stripped: it has no markup\) \[data-invalid\]\nhint: name other --interventions/,
    ],
    [
      'versions that are the answers themselves',
      [
        ...[...JUDGE, '--judge-questions', 'asked.jsonl', '--answers', 'answered.jsonl'],
        ...['--rewritten', 'answered.jsonl', '--interventions', 'wrong', '--dry-run'],
      ],
      /no answer of 1 question can be altered \(wrong: it was written as it was\)/,
    ],
    [
      'a question whose id is too long',
      [...JUDGE, '--judge-questions', 'long-id.jsonl', '--answers', 'answered.jsonl'],
      /line 1 is no question with 'id' \(200 characters at most\) and 'question' \[data-invalid\]\nhint: .*\{"id": "q1", "question": "\.\.\."\}/,
    ],
    [
      'versions that are not there',
      [...JUDGE, '--rewritten', 'none.jsonl'],
      /none\.jsonl: there is no such file/,
    ],
    ['versions of nothing', [...JUDGE, '--rewritten', 'empty.jsonl'], /empty\.jsonl: it holds no answer/],
    [
      'versions of other answers',
      [...JUDGE, '--rewritten', 'strange.jsonl'],
      /has no version of the answers to the 40 questions/,
    ],
    [
      'an unknown kind of versions',
      [...JUDGE, '--rewritten', 'funny=wrong.jsonl'],
      /there is no 'funny' that answers may be rewritten to/,
    ],
    [
      'two files of one kind',
      [...JUDGE, '--rewritten', 'wrong.jsonl', '--rewritten', 'wrong=wrong.jsonl'],
      /--rewritten is there twice for wrong/,
    ],
    [
      'a file that the list leaves out',
      [...JUDGE, '--rewritten', 'wrong.jsonl', '--interventions', 'typos'],
      /--interventions leaves out wrong, which --rewritten gives/,
    ],
    [
      'a prompt that is not there',
      [...JUDGE, '--judge-prompt', 'none.txt'],
      /the judge's prompt .*none\.txt cannot be read/,
    ],
  ];
  for (const [what, argv, says] of refused)
    test(`${what}: exit code 2, and one line that says so`, async () => {
      const before = server.asked.length;
      const { exitCode, stderr } = await run([...argv, '--output', 'never']);
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, says);
      assert.equal(server.asked.length, before);
      assert.ok(!existsSync(join(folder, 'never', 'judge-audit.json')));
    });

  test('a byte order mark and CRLF are no part of questions, answers and versions', async () => {
    const marked = (name: string, row: object) => write(name, `\uFEFF${JSON.stringify(row)}\r\n`);
    marked('marked-questions.jsonl', { id: 'one', question: 'x?' });
    marked('marked-answers.jsonl', { id: 'one', answer: 'Only this.' });
    marked('marked-wrong.jsonl', { id: 'one', answer: 'Only that.' });
    const files = ['--judge-questions', 'marked-questions.jsonl', '--answers', 'marked-answers.jsonl'];
    const versions = ['--rewritten', 'marked-wrong.jsonl', '--interventions', 'wrong'];
    const { exitCode, stderr } = await run([...JUDGE, ...files, ...versions, '--dry-run']);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /^1 question, 1 intervention: 1 pair, 2 games to judge$/m);
  });

  test('an option before the name of the command is refused, since it would not count', async () => {
    const { exitCode, stderr } = await runMain(['judge', '--judge-model', 'x', 'audit', ...JUDGE], {
      cwd: folder,
    });
    assert.equal(exitCode, 2);
    assert.match(
      stderr,
      /--judge-model stands before 'audit', and would not count \[usage\]\nhint: give it behind/,
    );
  });

  const REWRITERS: [what: string, options: { key?: string }, reaction: Reaction, says: RegExp][] = [
    [
      'that refuses the key',
      { key: 'another' },
      { says: 'x' },
      /the rewriter failed: status 401: Unauthorized; left: 6 answers/,
    ],
    ['that fails', {}, { status: 500 }, /the rewriter failed: status 500.*; left: 6 answers/],
  ];
  for (const [what, options, reaction, says] of REWRITERS)
    test(`a rewriter ${what}: exit code 2, one line, and the judge is not asked`, async () => {
      const before = server.asked.length;
      const failing = await startFakeChatServer(() => reaction, options);
      try {
        const asked = [
          '--rewriter-server',
          failing.url,
          '--rewriter-model',
          'x',
          '--pairs',
          '2',
          '--output',
          'failing',
        ];
        const { exitCode, stderr } = await run([...JUDGE, ...asked]);
        assert.equal(exitCode, 2);
        assert.match(stderr, says);
        assert.match(
          stderr,
          /\[server-failed\]\nhint: see to rewriter-server, rewriter-model and REWRITER_API_KEY/,
        );
        assert.equal(server.asked.length, before);
      } finally {
        failing.close();
      }
    });

  test('a rewriter that writes nothing is asked once, and its versions are left out', async () => {
    const silent = await startFakeChatServer(({ body }) => ({
      says: /sarcastic/.test(body.messages[0]!.content) ? '' : 'Something else.',
    }));
    try {
      const asked = [
        '--rewriter-server',
        silent.url,
        '--rewriter-model',
        'x',
        '--pairs',
        '2',
        '--output',
        'nothing',
      ];
      const { exitCode, stderr } = await run([
        ...JUDGE,
        ...asked,
        '--interventions',
        'sarcastic,concise,truncated',
      ]);
      assert.equal(exitCode, 0, stderr);
      assert.equal(silent.asked.length, 4);
      assert.deepEqual(
        read('nothing').interventions.map(({ id, pairs, notApplicable }) => [id, pairs, notApplicable]),
        [
          ['truncated', 2, 0],
          ['sarcastic', 0, 2],
          ['concise', 2, 0],
        ],
      );
    } finally {
      silent.close();
    }
  });

  test('criteria are asked as a run asks them, and the verdicts count alone', async () => {
    const judging = [
      '--pairs',
      '1',
      '--interventions',
      'negated,padded,identical',
      '--judge-criteria',
      'true',
    ];
    const { exitCode, stderr } = await run([...JUDGE, ...judging, '--output', 'criteria']);
    assert.equal(exitCode, 0, stderr);
    assert.notEqual(read('criteria').judge.protocol, read('out').judge.protocol);
    assert.equal(lost(read('criteria'), 'negated'), 0.5);
  });
});
