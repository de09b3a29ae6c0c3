/** Which list of flipped questions `explain` believes: the one of the run that our own report names. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { findFlips } from '../../src/action/bot/find-flips.ts';
import { flipsArtifact } from '../../src/action/steps/publish/upload-flips.ts';
import type { Client } from '../../src/github/client.ts';
import { postComment } from '../../src/github/comment/comment.ts';
import { fetchPull } from '../../src/github/pull.ts';
import { explainBenchmark } from '../../src/report/explain.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { makeZip } from '../support/zip.ts';

const REPORTS = ['sos-bench', 'on-demand'];
const [ARTIFACT, ON_DEMAND] = REPORTS.map((reportId) => flipsArtifact({ reportId })) as [string, string];
const LOST = { task: 'sosb_gpqa_diamond', docId: 7, docHash: '00ff00ff00ff00ff' };

let github: TestGitHub;
let service: FakeArtifacts;
let client: Client;
let pull: { number: number; headSha: string };
let other: string;

const list = (change: object = {}) =>
  JSON.stringify({
    ...{ schemaVersion: 1, baseline: 'b'.repeat(40), candidate: pull.headSha },
    benchmarks: [{ id: 'gpqa', gained: [], lost: [LOST] }],
    ...change,
  });
const archive = (content: string, name = 'flips.json') => makeZip([{ name, content: Buffer.from(content) }]);
const find = async (benchmark = 'gpqa', change = {}) =>
  findFlips(client, { ...(await fetchPull(client, pull.number)), ...change }, REPORTS, benchmark);
const post = (run: number, as = client, report = 'sos-bench') =>
  postComment(as, {
    ...{ pull: pull.number, render: () => 'A report.' },
    stamp: { report, sha: pull.headSha, run, attempt: 1 },
  });

before(async () => {
  github = await startGitHub();
  service = await startFakeArtifacts(github.proxy.url);
  client = await github.client({ apiUrl: service.url });
  pull = await github.emulator.openPull();
  other = github.emulator.people.writer;
});
after(async () => {
  service.close();
  await github.close();
});
beforeEach(() => {
  service.archives.clear();
  service.archives.set(70, new Map([[ARTIFACT, archive(list())]]));
  service.details.clear();
  service.isAbsent = false;
});

test('before any report: that there is none', async () => {
  assert.match((await find()).problem ?? '', /no report on this pull request yet/);
});

test("somebody else's comment that looks like a report names no run", async () => {
  const impostor = await github.client({ token: other });
  assert.ok((await post(66, impostor)).posted);
  service.archives.set(66, new Map([[ARTIFACT, archive(list())]]));
  assert.match((await find()).problem ?? '', /no report on this pull request yet/);
});

test('the run that the report names is believed, and no other', async () => {
  assert.ok((await post(70)).posted);
  service.archives.set(71, new Map([[ARTIFACT, archive(list({ benchmarks: [] }))]]));
  const found = await find();
  assert.ok(found.problem === null);
  assert.deepEqual(found.flips, { id: 'gpqa', gained: [], lost: [LOST] });
  assert.deepEqual([found.baseline, found.candidate, found.isCurrent], ['b'.repeat(40), pull.headSha, true]);
  assert.match(found.report, /issuecomment/);
  assert.match(found.fullLists, /of run 70$/);
});

test('a benchmark that was not compared question by question is not in it', async () => {
  const found = await find('bbq');
  assert.ok(found.problem === null && found.flips === null);
});

test('a head that has moved on since is told', async () => {
  const found = await find('gpqa', { headSha: 'e'.repeat(40) });
  assert.ok(found.problem === null && !found.isCurrent);
});

const text = { task: 'x', docId: 1, docHash: '@everybody look' };
const UNUSABLE: [string, () => void, RegExp][] = [
  ['none was left', () => service.archives.clear(), /left no list of them \(it had no baseline/],
  [
    'it has expired',
    () => service.details.set(`70/${ARTIFACT}`, { expired: true }),
    /has expired; `\/sos-bench run` makes a new one/,
  ],
  [
    'it is of another commit',
    () => keep(list({ candidate: 'd'.repeat(40) })),
    /not of the commit it reported on/,
  ],
  [
    'it has text for a hash',
    () => keep(list({ benchmarks: [{ id: 'gpqa', gained: [], lost: [text] }] })),
    /cannot be read\.$/,
  ],
  ['it is not JSON', () => keep('{'), /cannot be read\.$/],
  ['the archive has no such file', () => keep(list(), 'other.json'), /cannot be read\.$/],
  ['the archive has a hostile name', () => keep(list(), '../@everybody'), /invalid relative path/],
  [
    'it is not what was uploaded',
    () => service.details.set(`70/${ARTIFACT}`, { digest: 'sha256:other' }),
    /not what was uploaded/,
  ],
  [
    'the server keeps no artifacts, or the token may not see them',
    () => {
      service.isAbsent = true;
    },
    /could not read the artifacts of octo\/models: .*404.*actions: read/,
  ],
];
function keep(content: string, name?: string): void {
  service.archives.set(70, new Map([[ARTIFACT, archive(content, name)]]));
}
for (const [what, make, expected] of UNUSABLE) {
  test(`${what}: said in words, and nothing of it is repeated`, async () => {
    make();
    const { problem } = await find();
    assert.match(problem ?? '', expected);
    assert.doesNotMatch(problem ?? '', /@everybody/);
  });
}

describe('of a name that an unfinished upload keeps', () => {
  beforeEach(() => {
    service.archives.set(
      70,
      new Map([
        [`${ARTIFACT}-2`, archive(list())],
        [`${ARTIFACT}-later`, archive(list({ benchmarks: [] }))],
        [`${ARTIFACT}-2-2`, archive(list({ benchmarks: [] }))],
      ]),
    );
  });

  test('the next name is read', async () => {
    const found = await find();
    assert.ok(found.problem === null);
    assert.deepEqual(found.flips?.lost, [LOST]);
  });

  test('and not where there is one of the name itself', async () => {
    service.archives.get(70)!.set(ARTIFACT, archive(list({ benchmarks: [] })));
    const found = await find();
    assert.ok(found.problem === null && found.flips === null);
  });
});

describe('of a report that two jobs of a matrix share', () => {
  const legs = ['model: large', 'model: small'];
  let shared: { number: number; headSha: string };
  const findShared = async () =>
    findFlips(client, await fetchPull(client, shared.number), ['shared'], 'gpqa');

  before(async () => {
    shared = await github.emulator.openPull('shared');
    for (const name of legs) {
      const stamp = { report: 'shared', sha: shared.headSha, run: 72, attempt: 1 };
      const posted = await postComment(client, {
        ...{ pull: shared.number, stamp, render: () => 'A report.' },
        leg: { name, of: 2 },
      });
      assert.ok(posted.posted);
    }
  });
  beforeEach(() => {
    const of = (leg: string, lost: object[]) =>
      [
        flipsArtifact({ reportId: 'shared', leg }),
        archive(list({ candidate: shared.headSha, benchmarks: [{ id: 'gpqa', gained: [], lost }] })),
      ] as const;
    service.archives.set(72, new Map([of(legs[0]!, []), of(legs[1]!, [LOST])]));
  });

  test('each is told by its name', async () => {
    const found = await findShared();
    const told = [found, ...(found.others ?? [])].map(
      (part) => part.problem === null && [part.leg, part.flips?.lost],
    );
    assert.deepEqual(told, [
      [legs[0], []],
      [legs[1], [LOST]],
    ]);
    const text = explainBenchmark('gpqa', found);
    assert.match(text, /\*\*model: large\*\*\n\n.*No question of this benchmark flipped/s);
    assert.match(text, /\*\*model: small\*\*\n\n.*\*\*Lost \(1\)\*\*/s);
  });

  test('where one left no list, that is said of it alone', async () => {
    service.archives.get(72)!.delete(flipsArtifact({ reportId: 'shared', leg: legs[0]! }));
    const text = explainBenchmark('gpqa', await findShared());
    assert.match(text, /\*\*model: small\*\*\n\n.*\*\*Lost \(1\)\*\*/s);
    assert.match(
      text,
      /\*\*model: large\*\*\n\nThe flipped questions cannot be listed: run 72 .* left no list/s,
    );
  });
});

describe('with a report beside it that somebody asked for', () => {
  before(async () => {
    assert.ok((await post(80, client, 'on-demand')).posted);
  });
  beforeEach(() => {
    const asked = list({ benchmarks: [{ id: 'gpqa', gained: [LOST], lost: [] }] });
    service.archives.set(80, new Map([[ON_DEMAND, archive(asked)]]));
  });

  test('the newer of the two is told', async () => {
    const found = await find();
    assert.ok(found.problem === null);
    assert.deepEqual(found.flips, { id: 'gpqa', gained: [LOST], lost: [] });
    assert.match(found.fullLists, new RegExp(`${ON_DEMAND}.* of run 80$`));
  });

  test('what it did not compare is told from the older one', async () => {
    service.archives.set(80, new Map([[ON_DEMAND, archive(list({ benchmarks: [] }))]]));
    const found = await find();
    assert.ok(found.problem === null);
    assert.deepEqual(found.flips?.lost, [LOST]);
    assert.match(found.fullLists, /of run 70$/);
  });

  test('what neither compared is told of the newer one', async () => {
    const found = await find('bbq');
    assert.ok(found.problem === null && found.flips === null);
    assert.match(found.fullLists, /of run 80$/);
  });

  test('where the newer one left no list, the older one does not pass for it', async () => {
    service.archives.delete(80);
    assert.match((await find()).problem ?? '', /^run 80 .* left no list of them/);
  });

  test("once the pull request's own has run again, that is the newer one", async () => {
    assert.ok((await post(90)).posted);
    service.archives.set(90, new Map([[ARTIFACT, archive(list())]]));
    const found = await find();
    assert.ok(found.problem === null);
    assert.match(found.fullLists, /of run 90$/);
  });
});

test('a report id that a name cannot hold is encoded', () => {
  assert.equal(flipsArtifact({ reportId: 'a/b: "c"*' }), 'sos-bench-flips-a%2Fb%3A%20%22c%22%2A');
});
