/** What a judge found head to head is a claim of the job that evaluated: it makes a warning appear or be missing, and nothing else. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ActionRuntime } from '../../src/action/runtime.ts';
import { readGivenRecord } from '../../src/action/steps/compare/given-record.ts';
import { judge } from '../../src/action/steps/compare/judge.ts';
import { conclusionOf } from '../../src/action/steps/publish/publish.ts';
import { writeHeadToHead } from '../../src/record/head-to-head.ts';
import { encodeItems } from '../../src/record/items.ts';
import { readRecord } from '../../src/record/read.ts';
import { type LoadedRecord, runOf } from '../../src/record/schema.ts';
import { unpackRecord } from '../../src/record/unpack.ts';
import { writeRecord } from '../../src/record/write.ts';
import { renderComment } from '../../src/report/comment/comment.ts';
import { renderCompareTable } from '../../src/report/tables/table.ts';
import { resolveSettings } from '../../src/settings/resolve.ts';
import { settingsOf } from '../../src/settings/table.ts';
import { compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import { gateRelease } from '../../src/verdict/release/gate-release.ts';
import type { Verdict } from '../../src/verdict/schema.ts';
import { after, HALF } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { beside, makeHeadToHead, makeHeadToHeadGames } from '../support/head-to-head.ts';
import { assertHarmless, HOSTILE } from '../support/hostile-record.ts';
import { makeJudgeAudit, sha256 } from '../support/judge-audits.ts';
import type { MadeVerdicts } from '../support/judged.ts';
import { makeRecord } from '../support/records.ts';
import { rejectsWith } from '../support/reject.ts';
import { runMain } from '../support/runtime.ts';
import { makeZip } from '../support/zip.ts';

const NOW = new Date('2026-03-04T13:00:00Z');
const record = (model: string, scores: number[]): LoadedRecord =>
  makeRecord({
    model,
    benchmarks: { 'mmlu-pro': { scores }, ifeval: { scores: HALF }, bbq: { scores: HALF } },
  });
const MAIN = record('main', HALF);
const fill = (verdicts: MadeVerdicts, count = 300) =>
  makeHeadToHeadGames(new Array<MadeVerdicts>(count).fill(verdicts));

/** What may lie beside the candidate's record, by the candidate. */
const CLAIMS: [what: string, claim: (candidate: LoadedRecord) => LoadedRecord['headToHead']][] = [
  ['all games won', (pr) => makeHeadToHead([MAIN, pr], fill(['B>>A', 'A>>B']))],
  ['all games lost', (pr) => makeHeadToHead([MAIN, pr], fill(['A>>B', 'B>>A']))],
  ['nothing that can be read', (pr) => makeHeadToHead([MAIN, pr], fill([null, null]))],
  ['a judge that decides by position', (pr) => makeHeadToHead([MAIN, pr], fill(['A>>B', 'A>>B']))],
  ['answers of other models', (pr) => makeHeadToHead([pr, MAIN], fill(['B>>A', 'A>>B']))],
  [
    'a judge that was skipped',
    (pr) =>
      makeHeadToHead([MAIN, pr], [], {
        document: { skipped: { reason: 'no-key', text: HOSTILE }, games: null },
      }),
  ],
  ['what cannot be read', () => ({ problem: HOSTILE })],
  [
    'the largest counts',
    (pr) =>
      makeHeadToHead([MAIN, pr], fill(['B>>A', 'A>>B']), {
        document: {
          ties: Number.MAX_SAFE_INTEGER,
          judges: [
            {
              ...{
                model: 'a-judge',
                protocol: '0'.repeat(64),
                pinned: false,
                requests: Number.MAX_SAFE_INTEGER,
              },
              tokens: { input: Number.MAX_SAFE_INTEGER, output: Number.MAX_SAFE_INTEGER },
              cost: Number.MAX_VALUE,
            },
          ],
        },
      }),
  ],
  [
    'one endless answer',
    (pr) =>
      makeHeadToHead(
        [MAIN, pr],
        makeHeadToHeadGames(new Array<MadeVerdicts>(300).fill(['B>>A', 'A>>B']), (i) => ({
          model: { chars: i === 0 ? 2 ** 24 : 0, headers: 0, listItems: 0, bold: 0 },
          reference: { chars: i, headers: 0, listItems: 0, bold: 0 },
        })),
      ),
  ],
];
const OUTCOMES: [string, number[]][] = [
  ['a drop', after(90, 5)],
  ['no change', HALF],
  ['a gain', after(5, 90)],
];

/** The alarm's own alert, and no other, may stand beside that of the verdict. */
function assertHarmlessWithAlarm(comment: string): void {
  assertHarmless(
    comment
      .replace('> [!WARNING]\n> **Style over substance.**', '> **Style over substance.**')
      .replace('> [!WARNING]\n> **Judge up, substance down.**', ''),
  );
}

/** All that is decided: everything but what is shown of the judge. */
function decided({ judge: _, alarm: __, ...rest }: Verdict): unknown {
  return rest;
}

describe('no claim of a judge changes verdict, policy, report or gate', () => {
  for (const [what, scores] of OUTCOMES) {
    const plain = record('pr', scores);
    const honest = compare(MAIN, plain);
    for (const [claim, make] of CLAIMS)
      test(`${what} (${honest.verdict}), where the file claims ${claim}`, () => {
        const claimed = beside(plain, make(plain));
        const verdict = compare(MAIN, claimed);
        assert.ok(verdict.alarm);
        assert.deepEqual(decided(verdict), decided(honest));
        const comment = renderComment(verdict, { now: NOW, reproduce: null });
        const first = (text: string) => text.split('\n').slice(0, 4).join('\n');
        assert.equal(first(comment), first(renderComment(honest, { now: NOW, reproduce: null })));
        assert.doesNotMatch(comment, /NaN|Infinity|undefined/);
        assertHarmlessWithAlarm(comment);
        const gateOf = (candidate: LoadedRecord) => {
          const { passed, objections } = gateRelease(candidate, [{ against: 'release', found: MAIN }], {
            ...{ policy: DEFAULT_POLICY, rule: 'not-worse', anchor: null },
          });
          return { passed, objections };
        };
        assert.deepEqual(gateOf(claimed), gateOf(plain));
      });
  }
});

test('names and reasons of the files are text, on a terminal and in markdown', () => {
  const pr = record('pr', HALF);
  const left = makeHeadToHead([MAIN, pr], fill(['B>>A', 'A>>B']), { judge: HOSTILE, benchmark: HOSTILE });
  const verdict = compare(MAIN, beside(pr, left));
  assert.equal(verdict.alarm?.state, 'style over substance');
  assertHarmlessWithAlarm(renderComment(verdict, { now: NOW, reproduce: null }));
  const table = renderCompareTable(verdict, { colour: false });
  assert.match(table, /^Style over substance: The judge prefers the new answers/m);
  assert.doesNotMatch(table, /\p{Cf}|(?!\n)\p{Cc}/u);
});

/** A folder with main's record and the change's, which has so much beside it. */
async function makeFolders(
  scores: number[],
  claim?: (candidate: LoadedRecord) => LoadedRecord['headToHead'],
): Promise<string> {
  const folder = temporaryFolder();
  const pr = record('pr', scores);
  await writeRecord(join(folder, 'main'), MAIN.record, MAIN.items);
  await writeRecord(join(folder, 'pr'), pr.record, pr.items);
  const left = claim?.(pr);
  if (left !== undefined && 'document' in left)
    await writeHeadToHead(join(folder, 'pr'), left.document, left.boards);
  return folder;
}
const WON = CLAIMS[0]![1];

describe('compare ends as it would without the files', () => {
  const run = (folder: string) =>
    runMain(['compare', '--baseline', 'main', '--candidate', 'pr'], { cwd: folder });
  for (const [what, scores, exitCode] of [
    ['a drop fails', after(90, 5), 1],
    ['no change passes', HALF, 0],
  ] as const)
    test(what, async () => {
      const ran = await run(await makeFolders([...scores], WON));
      assert.equal(ran.exitCode, exitCode, ran.stderr);
      assert.match(
        ran.stdout,
        /Judge: The judge prefers the new answers: 100\.0% \[\d+\.\d, 100\.0\] of 300 questions\./,
      );
    });

  const BROKEN: [what: string, name: string, content: string | null, said: RegExp][] = [
    [
      'games that are no Parquet',
      'head-to-head.parquet',
      'PAR1 and nothing more',
      /head-to-head\.parquet cannot be used/,
    ],
    ['a document that is no JSON', 'head-to-head.json', '{', /head-to-head\.json cannot be used/],
    [
      'a document of another kind',
      'head-to-head.json',
      '{"schemaVersion": 2}',
      /head-to-head\.json cannot be used/,
    ],
    ['a folder in place of games', 'head-to-head.parquet', null, /head-to-head\.parquet/],
  ];
  for (const [what, name, content, said] of BROKEN)
    test(`${what}: one line, and no other verdict`, async () => {
      const folder = await makeFolders(HALF, content === null ? undefined : WON);
      const path = join(folder, 'pr', name);
      if (content === null) {
        mkdirSync(path);
        writeFileSync(join(folder, 'pr', 'head-to-head.json'), await documentText());
      } else writeFileSync(path, content);
      const ran = await run(folder);
      assert.equal(ran.exitCode, 0, ran.stderr);
      assert.match(ran.stdout, /^Judge: No judge's word on the new answers: /m);
      assert.match(ran.stdout, said);
      assert.ok(!ran.stdout.includes(folder), 'no path of the machine');
    });
});

async function documentText(): Promise<string> {
  const folder = await makeFolders(HALF, WON);
  return readFileSync(join(folder, 'pr', 'head-to-head.json'), 'utf8');
}

describe('a check concludes as it would without the files, and its summary has the warning', () => {
  for (const [what, scores] of OUTCOMES)
    test(what, async () => {
      const settings = await resolveSettings(
        settingsOf('report'),
        {},
        { path: 'absent.yml', required: false },
      );
      const references = {
        ...{ baseline: MAIN, distance: null, rerun: false, anchor: null, learned: null, calibration: null },
        judgeAudit: makeJudgeAudit(sha256('protocol')),
        ...{ waivers: [], trend: [], notes: [] },
      };
      const options = {
        now: NOW,
        notes: [],
        label: 'PR',
        reproduce: null,
        failOnDrift: false,
        isChange: true,
      };
      const plain = record('pr', scores);
      const report = (candidate: LoadedRecord) =>
        judge(candidate, references, settings as Parameters<typeof judge>[2], options);
      const claimed = report(beside(plain, WON(plain)));
      assert.deepEqual(conclusionOf(claimed), conclusionOf(report(plain)));
      assert.equal(claimed.passed, report(plain).passed);
      assert.match(claimed.render(), /\*\*Judge\.\*\* The judge prefers the new answers/);
      assert.match(claimed.render(), /With this judge an answer lost 31 points for a wrong number/);
    });
});

test('an archive of somebody else’s brings the files, and broken ones do not refuse the record', async () => {
  const folder = await makeFolders(HALF, WON);
  const pr = await readRecord(join(folder, 'pr'));
  const content = (name: string) => readFileSync(join(folder, 'pr', name));
  const archive = (games: Buffer) =>
    makeZip([
      { name: 'record.json', content: content('record.json') },
      { name: 'items.parquet', content: Buffer.from(encodeItems(pr.items, runOf(pr.record))) },
      { name: 'head-to-head.json', content: content('head-to-head.json') },
      { name: 'head-to-head.parquet', content: games },
    ]);
  const whole = await unpackRecord(archive(content('head-to-head.parquet')), temporaryFolder());
  assert.equal(compare(MAIN, whole).alarm?.state, 'style over substance');
  const broken = await unpackRecord(archive(Buffer.from('PAR1')), temporaryFolder());
  assert.equal(compare(MAIN, broken).alarm?.state, 'no alarm');
});

for (const name of ['head-to-head.json', 'head-to-head.parquet'])
  test(`${name} that is a link in the workspace is not followed`, async () => {
    const folder = await makeFolders(HALF);
    symlinkSync('/proc/self/environ', join(folder, 'pr', name));
    await rejectsWith(
      () => readGivenRecord('pr', { cwd: folder } as ActionRuntime),
      'usage',
      `${name} is a link`,
    );
  });
