/** `sos-bench gate` on record folders. */
import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { writeRecord } from '../../src/record/write.ts';
import { GateSchema } from '../../src/verdict/release/gate.ts';
import { HALF, of } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { flipped, indexes } from '../support/records.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
const large = Array.from({ length: 6 }, () => HALF).flat();
for (const [name, scores] of Object.entries({
  release: large,
  good: flipped(large, 3),
  bad: flipped(large, ...indexes(150)),
  mini: large,
})) {
  const rows = Object.fromEntries(['gpqa', 'ifeval', 'bbq'].map((id) => [id, { scores }]));
  const { record, items } = of(name, rows);
  if (name === 'mini') record.suite = 'mini';
  await writeRecord(join(folder, name), record, items);
}

const CASES: { what: string; argv: string[]; exitCode: number; objections: RegExp[] }[] = [
  { what: 'not worse', argv: ['--candidate', 'good', '--release', 'release'], exitCode: 0, objections: [] },
  {
    what: 'worse than main',
    argv: ['--candidate', 'bad', '--release', 'none', '--main', 'good'],
    exitCode: 1,
    objections: [/^main: World knowledge regressed/],
  },
  {
    what: 'a release that is the candidate, by another path',
    argv: ['--candidate', 'good', '--release', `../${basename(folder)}/good`],
    exitCode: 1,
    objections: [/^release: this is the candidate's own record/],
  },
  {
    what: 'a first release',
    argv: ['--candidate', 'good', '--release', 'none'],
    exitCode: 0,
    objections: [],
  },
  {
    what: 'a candidate of the suite mini',
    argv: ['--candidate', 'mini', '--release', 'release'],
    exitCode: 1,
    objections: [/^candidate: the candidate's record is of the suite mini/],
  },
];
for (const { what, argv, exitCode, objections } of CASES) {
  test(`gate, ${what}: exit ${exitCode}`, async () => {
    const run = await runMain(['gate', ...argv, '--json'], { cwd: folder });
    assert.equal(run.exitCode, exitCode, run.stderr);
    const gate = GateSchema.parse(JSON.parse(run.stdout));
    const said = gate.objections.map(({ against, what }) => `${against}: ${what}`);
    assert.equal(said.length === 0, objections.length === 0, said.join());
    for (const objection of objections) assert.match(said[0]!, objection);
  });
}
