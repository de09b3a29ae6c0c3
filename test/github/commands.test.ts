import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Command, commandHelp, parseComment } from '../../src/github/commands/commands.ts';
import { writeMarker } from '../../src/github/comment/marker.ts';
import type { CommentContext } from '../../src/github/event.ts';

const KNOWN = ['wk', 'if', 'safety', 'ifeval', 'mmlu-pro', 'bbq', 'our-own-task'];
const SHA = '0123456789abcdef0123456789abcdef01234567';

function context(body: string, changes: Partial<CommentContext> = {}): CommentContext {
  return {
    kind: 'comment',
    event: 'issue_comment',
    repository: 'octo/models',
    defaultBranch: 'main',
    runId: 1,
    attempt: 1,
    workflow: 'bot',
    action: 'created',
    number: 7,
    isPull: true,
    comment: { id: 1, body, author: 'writer', isBot: false, createdAt: '2026-01-01T00:00:00Z' },
    ...changes,
  };
}

const run = (given: Partial<Extract<Command, { name: 'run' }>> = {}): Command => ({
  name: 'run',
  sha: null,
  suite: 'pr',
  benchmarks: [],
  ...given,
});

for (const [body, command] of [
  ['/sos-bench run', run()],
  ['/sos-bench   run  ', run()],
  ['/SOS-Bench RUN', run()],
  [`/sos-bench run ${SHA}`, run({ sha: SHA })],
  [`/sos-bench run ${SHA.slice(0, 7).toUpperCase()}`, run({ sha: SHA.slice(0, 7) })],
  ['/sos-bench run full', run({ suite: 'full' })],
  ['/sos-bench run mini ifeval', run({ suite: 'mini', benchmarks: ['ifeval'] })],
  [
    `/sos-bench run ${SHA} full IFEval,wk our-own-task`,
    run({ sha: SHA, suite: 'full', benchmarks: ['ifeval', 'wk', 'our-own-task'] }),
  ],
  ['/sos-bench full', run({ suite: 'full' })],
  [`/sos-bench full ${SHA} bbq`, run({ sha: SHA, suite: 'full', benchmarks: ['bbq'] })],
  ['/sos-bench rebaseline', { name: 'rebaseline' }],
  [
    '/sos-bench accept bbq  known: the  data set changed',
    { name: 'accept', subject: 'bbq', reason: 'known: the data set changed' },
  ],
  ['/sos-bench accept wk because', { name: 'accept', subject: 'wk', reason: 'because' }],
  // A report names it where the benchmarks of LiveBench fell only together.
  ['/sos-bench accept livebench-wk known', { name: 'accept', subject: 'livebench-wk', reason: 'known' }],
  ['/sos-bench explain MMLU-Pro', { name: 'explain', benchmark: 'mmlu-pro' }],
  ['/sos-bench help', { name: 'help' }],
  ['/sos-bench', { name: 'help' }],
  ['Thank you!\r\n\r\n/sos-bench run\r\nsee you', run()],
  ['> /sos-bench full\n\n/sos-bench run', run()],
  ['```\n/sos-bench full\n```\n/sos-bench run', run()],
  ['```not a fence```\n/sos-bench run', run()],
] as [string, Command][]) {
  test(`${JSON.stringify(body)} is ${JSON.stringify(command)}`, () => {
    assert.deepEqual(parseComment(context(body), KNOWN), { kind: 'command', command });
  });
}

for (const [title, body, changes] of [
  ['no command', 'LGTM', {}],
  ['a longer word', '/sos-benchmark run', {}],
  ['a command in mid-line', 'try /sos-bench run', {}],
  ['an indented one', '    /sos-bench run', {}],
  ['a quoted one', '> /sos-bench run', {}],
  ['one quoted twice', '>> /sos-bench run', {}],
  ['one in a fence', '```sh\n/sos-bench run\n```', {}],
  ['one in a fence of tildes', '~~~\n/sos-bench run\n~~~', {}],
  ['one in a longer fence', '````\n```\n/sos-bench run\n```\n````', {}],
  ['one in a fence that never ends', '```\n/sos-bench run', {}],
  ['one in inline code', '`/sos-bench run`', {}],
  ['one in a list', '- /sos-bench run', {}],
  ['one in an HTML comment', '<!--\n/sos-bench run\n-->', {}],
  ['one behind an HTML comment', '<!-- -->/sos-bench run', {}],
  ['one in an HTML quote', '<blockquote>\n/sos-bench run\n</blockquote>', {}],
  ['one in preformatted HTML', '<pre>\n/sos-bench run\n</pre>', {}],
  ['an edited comment', '/sos-bench run', { action: 'edited' }],
  ['a deleted comment', '/sos-bench run', { action: 'deleted' }],
  [
    'a comment of ours',
    `${writeMarker({ report: 'bot', sha: SHA, run: 1, attempt: 1 })}\n/sos-bench run`,
    {},
  ],
  [
    'a bot',
    '/sos-bench run',
    { comment: { id: 1, body: '/sos-bench run', author: 'x[bot]', isBot: true, createdAt: '' } },
  ],
] as [string, string, Partial<CommentContext>][]) {
  test(`${title}: nothing is done`, () => {
    assert.deepEqual(parseComment(context(body, changes), KNOWN), { kind: 'none' });
  });
}

for (const [body, says] of [
  ['/sos-bench rnu', /nearest is `run`/],
  ['/sos-bench run ifevl', /nearest is <code>ifeval</],
  ['/sos-bench full pr', /takes no other suite/],
  ['/sos-bench rebaseline now', /takes nothing after it/],
  ['/sos-bench accept', /needs a benchmark or factor, and a reason/],
  ['/sos-bench accept bbq', /needs a reason/],
  ['/sos-bench accept bqb because', /nearest is <code>bbq</],
  [`/sos-bench accept bbq ${'x'.repeat(501)}`, /at most 500/],
  ['/sos-bench explain', /needs one benchmark/],
  ['/sos-bench explain bbq wk', /needs one benchmark/],
  ['/sos-bench run livebench-wk', /no such benchmark/],
  ['/sos-bench run\n/sos-bench full', /One command per comment/],
  ['/sos-bench run @everyone<script>', /no such benchmark/],
] as const) {
  test(`${JSON.stringify(body.slice(0, 50))} is a mistake: ${says.source}`, () => {
    const parsed = parseComment(context(body), KNOWN);
    assert.ok(parsed.kind === 'mistake');
    assert.match(parsed.message, says);
    assert.ok(parsed.message.endsWith(commandHelp()));
    assert.doesNotMatch(parsed.message, /everyone|<script|x{20}/);
  });
}

test('a command on an issue is a mistake', () => {
  const parsed = parseComment(context('/sos-bench run', { isPull: false }), KNOWN);
  assert.ok(parsed.kind === 'mistake' && /pull requests only/.test(parsed.message));
});

test('the help is not a command itself', () => {
  assert.deepEqual(parseComment(context(commandHelp()), KNOWN), { kind: 'none' });
});
