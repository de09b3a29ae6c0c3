import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compareRuns,
  readExternalId,
  readMarker,
  writeExternalId,
  writeMarker,
} from '../../src/github/comment/marker.ts';
import { rejectsWith } from '../support/reject.ts';

const stamp = { report: 'pr', sha: 'c'.repeat(40), run: 12_345_678_901, attempt: 3 };

test('the marker has the form that the documentation promises', () => {
  assert.equal(writeMarker(stamp), `<!-- sos-bench:report=pr sha=${stamp.sha} run=12345678901 attempt=3 -->`);
});

for (const report of [
  'pr',
  'nightly / big',
  'a--b',
  'ends-',
  '-->',
  '<b>"x"',
  'größe',
  'a%2Fb',
  'x sha=1 run=2',
]) {
  test(`the report id ${JSON.stringify(report)} comes back from marker and check, and ends neither early`, () => {
    const marker = writeMarker({ ...stamp, report });
    assert.deepEqual(readMarker(`${marker}\ntext`), { ...stamp, report });
    assert.deepEqual(readMarker(`${marker}\r\ntext`), { ...stamp, report });
    assert.doesNotMatch(marker.slice(4, -3), /--|[<>]/);
    const { sha: _, ...rest } = { ...stamp, report };
    const alone = { pull: null, leg: null, isClaim: false, isConfirming: false };
    assert.deepEqual(readExternalId(writeExternalId({ ...stamp, report })), { ...rest, ...alone });
    const part = { pull: 7, leg: report, isClaim: true, isConfirming: true };
    assert.deepEqual(readExternalId(writeExternalId({ ...stamp, report, ...part })), { ...rest, ...part });
  });
}

for (const body of [
  '',
  'text',
  ` ${writeMarker(stamp)}`,
  `text\n${writeMarker(stamp)}`,
  `${writeMarker(stamp)} more on the line`,
  writeMarker(stamp).replace('run=', 'run=-'),
  writeMarker(stamp).replace('report=pr', 'report=%E0%A4%A'),
]) {
  test(`${JSON.stringify(body.slice(0, 60))} is not a comment of ours`, () => {
    assert.equal(readMarker(body), null);
  });
}

for (const id of [null, '', 'other-tool', 'sos-bench:report=a run=x attempt=1']) {
  test(`the external id ${JSON.stringify(id)} is none of ours`, () => assert.equal(readExternalId(id), null));
}

for (const report of ['', '  ', 'x'.repeat(101), '\ud800']) {
  test(`${JSON.stringify(report.slice(0, 10))} (${report.length}) cannot be a report id`, async () => {
    await rejectsWith(() => writeMarker({ ...stamp, report }), 'usage', 'report id');
  });
}

test('runs are ordered by number, then by attempt', () => {
  const order = [
    { run: 2, attempt: 1 },
    { run: 1, attempt: 10 },
    { run: 1, attempt: 9 },
  ].sort(compareRuns);
  assert.deepEqual(
    order.map(({ run, attempt }) => `${run}.${attempt}`),
    ['1.9', '1.10', '2.1'],
  );
});
