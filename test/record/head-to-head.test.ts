import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { encodeGames } from '../../src/record/games.ts';
import { type HeadToHeadDocument, readHeadToHead, writeHeadToHead } from '../../src/record/head-to-head.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeBoard, makeGames } from '../support/judged.ts';
import { rejectsWith } from '../support/reject.ts';

const SHA = 'ab'.repeat(32);
const board = makeBoard(
  makeGames([
    ['A>B', 'B>A'],
    [null, 'A=B'],
  ]),
  { benchmark: 'judge-mini', judge: 'a-judge-2026-01-01', reference: 'baseline' },
);
const document: Omit<HeadToHeadDocument, 'schemaVersion' | 'games'> = {
  baseline: { name: 'main', identity: SHA },
  candidate: { name: 'pr', identity: 'cd'.repeat(32) },
  benchmark: 'judge-mini',
  questionSet: 'ef'.repeat(32),
  manner: { maxTokens: 4096, enableThinking: null, reasoningEnd: null },
  questions: { planned: 3, missing: { baseline: 1, candidate: 0 } },
  ties: 0,
  judges: [
    {
      ...{ model: 'a-judge-2026-01-01', protocol: SHA, pinned: true, requests: 4 },
      ...{ tokens: { input: 4000, output: 200 }, cost: null },
    },
  ],
  skipped: null,
};
const skipped = { reason: 'no-key', text: 'JUDGE_API_KEY is not set' } as const;

test('games and what is said of them come back as they were left', async () => {
  const folder = join(temporaryFolder(), 'record');
  await writeHeadToHead(folder, document, [board]);
  const left = (await readHeadToHead(folder))!;
  assert.deepEqual(left.boards, [board]);
  const { games, schemaVersion, ...rest } = left.document;
  assert.deepEqual([rest, schemaVersion], [document, 1]);
  assert.match(games!, /^[0-9a-f]{64}$/);
});

test('a run that skips it leaves the reason, and no games of an earlier run', async () => {
  const folder = temporaryFolder();
  await writeHeadToHead(folder, document, [board]);
  await writeHeadToHead(folder, { ...document, baseline: null, judges: [], skipped }, []);
  assert.ok(!existsSync(join(folder, 'head-to-head.parquet')));
  const left = (await readHeadToHead(folder))!;
  assert.deepEqual([left.document.skipped, left.boards], [skipped, []]);
});

test('there is none beside a record that nobody judged', async () => {
  assert.equal(await readHeadToHead(temporaryFolder()), null);
});

describe('what somebody else left is refused', () => {
  const edit = (change: (text: string) => string) => (folder: string) => {
    const path = join(folder, 'head-to-head.json');
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  };
  const set = (path: string[], value: unknown) =>
    edit((text) => {
      const json = JSON.parse(text);
      let at = json;
      for (const name of path.slice(0, -1)) at = at[name];
      at[path.at(-1)!] = value;
      return JSON.stringify(json);
    });
  const games = (other: Parameters<typeof encodeGames>[0]) => async (folder: string) => {
    await writeHeadToHead(folder, document, [board]);
    const { createHash } = await import('node:crypto');
    const content = encodeGames(other, 'head-to-head');
    writeFileSync(join(folder, 'head-to-head.parquet'), content);
    set(['games'], createHash('sha256').update(content).digest('hex'))(folder);
  };
  const CASES: [what: string, damage: (folder: string) => unknown, reason: RegExp][] = [
    ['text that is no JSON', edit(() => 'none'), /head-to-head\.json cannot be used: it is not JSON/],
    ['a document of a megabyte', edit((text) => text + ' '.repeat(1_000_000)), /more than 200000/],
    ['a document nested without end', edit(() => '['.repeat(100_000)), /not JSON/],
    ['another version', set(['schemaVersion'], 2), /schemaVersion/],
    ['a cost below nothing', set(['judges', '0', 'cost'], -1), /judges\.0\.cost/],
    ['tokens beyond all numbers', set(['judges', '0', 'tokens', 'input'], 1e300), /tokens\.input/],
    ['an identity that is a path', set(['baseline', 'identity'], '../../x'), /baseline\.identity/],
    ['a name of 10,000 characters', set(['candidate', 'name'], 'x'.repeat(10_000)), /candidate\.name/],
    ['a reason that is not known', set(['skipped'], { reason: 'because', text: '' }), /skipped\.reason/],
    ['games and a reason for none', set(['skipped'], skipped), /has games and a reason for having none/],
    ['neither games nor a reason', set(['games'], null), /has neither games nor a reason/],
    ['games without a baseline', set(['baseline'], null), /has games without a baseline/],
    [
      'games of a judge that it does not name',
      set(['judges', '0', 'model'], 'other'),
      /judge that it does not/,
    ],
    ['more games than questions', set(['questions', 'planned'], 1), /4 games of 1 question/],
    ['games of another benchmark', set(['benchmark'], 'arena-hard-v2'), /games of another benchmark/],
    ['games that are missing', (folder) => rmSync(join(folder, 'head-to-head.parquet')), /it is missing/],
    [
      'games of another run',
      (folder) =>
        writeFileSync(join(folder, 'head-to-head.parquet'), encodeGames([{ ...board, games: [] }], 'x')),
      /not the file that head-to-head\.json lists/,
    ],
    ['games against another model', games([{ ...board, reference: 'gpt-4' }]), /games against 'gpt-4'/],
    [
      'a folder in place of the document',
      (folder) => {
        rmSync(join(folder, 'head-to-head.json'));
        mkdirSync(join(folder, 'head-to-head.json'));
      },
      /it is not a file/,
    ],
  ];
  for (const [what, damage, reason] of CASES) {
    test(what, async () => {
      const folder = temporaryFolder();
      await writeHeadToHead(folder, document, [board]);
      await damage(folder);
      await rejectsWith(() => readHeadToHead(folder), 'record-invalid', reason);
    });
  }
});
