/** Questions of judge benchmarks that do not come with this program, from a fake host of files. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fetchPinned, type PinnedFile } from '../../../src/evaluate/judge/fetch-arena-hard.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { rejectsWith } from '../../support/reject.ts';
import { runMain } from '../../support/runtime.ts';

const QUESTIONS = '{"uid": "q1", "prompt": "Wie heißt du? 你好"}\n';
const ANSWERS = '{"uid": "q1", "model": "m", "messages": [{"content": {"answer": "Ich"}}]}\n';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const FILES: PinnedFile[] = [
  { path: 'v/question.jsonl', name: 'ours.jsonl', sha256: sha256(QUESTIONS) },
  { path: 'v/model_answer/m.jsonl', name: 'm.jsonl', sha256: sha256(ANSWERS) },
];

let served: Record<string, string | number>;
let asked: string[];
const host = createServer((request, response) => {
  asked.push(request.url!);
  const content = served[request.url!] ?? 404;
  if (typeof content === 'number') response.writeHead(content, { location: 'http://127.0.0.1:9/' }).end('no');
  else response.end(content);
});
let source: string;
before(async () => {
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  source = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
});
after(() => host.close());

function begin(): string {
  asked = [];
  served = { '/v/question.jsonl': QUESTIONS, '/v/model_answer/m.jsonl': ANSWERS };
  return join(temporaryFolder(), 'judge');
}
const fetchInto = (folder: string) =>
  fetchPinned(FILES, { folder, source, signal: new AbortController().signal });

describe('Files with a known content', () => {
  test('are fetched once', async () => {
    const folder = begin();
    assert.deepEqual(await fetchInto(folder), [join(folder, 'ours.jsonl'), join(folder, 'm.jsonl')]);
    assert.equal(readFileSync(join(folder, 'ours.jsonl'), 'utf8'), QUESTIONS);
    await fetchInto(folder);
    assert.equal(asked.length, 2);
  });

  const CASES: [what: string, answer: string | number, said: RegExp][] = [
    ['another content', `${ANSWERS} `, /is not the pinned file: its SHA-256 is another/],
    ['no such file', 404, /could not be fetched: status 404/],
    ['a redirect', 302, /could not be fetched: status 302/],
  ];
  for (const [what, answer, said] of CASES) {
    test(`${what}: one line, what was fetched before stays, and nothing else is left`, async () => {
      const folder = begin();
      served['/v/model_answer/m.jsonl'] = answer;
      await rejectsWith(() => fetchInto(folder), 'data-missing', said);
      assert.deepEqual(readdirSync(folder), ['ours.jsonl']);
    });
  }

  test('a file of somebody else in its place is not replaced', async () => {
    const folder = begin();
    mkdirSync(folder);
    writeFileSync(join(folder, 'ours.jsonl'), 'mine');
    await rejectsWith(() => fetchInto(folder), 'data-invalid', /is there already, with another content/);
    assert.equal(readFileSync(join(folder, 'ours.jsonl'), 'utf8'), 'mine');
    assert.equal(asked.length, 0);
  });

  test('nobody there: it says so', async () => {
    const folder = begin();
    const signal = new AbortController().signal;
    await rejectsWith(
      () => fetchPinned(FILES, { folder, source: 'http://127.0.0.1:9', signal }),
      'data-missing',
      /could not be fetched: .*ECONNREFUSED/,
    );
  });
});

describe('prefetch --judge-benchmarks', () => {
  const BAD: [what: string, argv: string[], said: RegExp][] = [
    ['a name that is none', ['arena-soft', '--datasets-dir', 'data'], /no such judge benchmark to fetch/],
    ['judge-mini', ['judge-mini', '--datasets-dir', 'data'], /judge-mini come with this program/],
    ['no folder', ['arena-hard-v0.1'], /needs --datasets-dir/],
  ];
  for (const [what, argv, said] of BAD) {
    test(`${what}: exit code 2 before anything is fetched or built`, async () => {
      const cwd = temporaryFolder();
      const { exitCode, stderr } = await runMain(['prefetch', '--judge-benchmarks', ...argv], { cwd });
      assert.equal(exitCode, 2);
      assert.match(stderr, said);
      assert.ok(!existsSync(join(cwd, 'data')));
    });
  }
});
