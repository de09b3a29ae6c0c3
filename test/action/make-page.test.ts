/** A page that cannot be made takes nothing of a report away. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { judge, writeReport } from '../../src/action/steps/compare/judge.ts';
import { resolveSettings } from '../../src/settings/resolve.ts';
import { settingsOf } from '../../src/settings/table.ts';
import { after, HALF } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeRecord } from '../support/records.ts';

const record = (model: string, scores: number[]) => makeRecord({ model, benchmarks: { gpqa: { scores } } });
/** A link that nothing can print: stands for any fault of the page. */
const BROKEN = {
  get run(): string {
    throw new Error('a fault of the page');
  },
};

for (const [what, pageLinks, hasPage] of [
  ['a page that can be made is written', {}, true],
  ['one that cannot is left out, and comment and verdict are written', BROKEN, false],
] as const)
  test(what, async () => {
    const settings = await resolveSettings(settingsOf('report'), {}, { path: 'absent.yml', required: false });
    const references = {
      ...{ baseline: record('main', HALF), distance: null, rerun: false, anchor: null, learned: null },
      ...{ calibration: null, judgeAudit: null, waivers: [], trend: [], notes: [] },
    };
    const report = judge(record('pr', after(60)), references, settings as Parameters<typeof judge>[2], {
      now: new Date(0),
      notes: [],
      label: 'PR',
      reproduce: null,
      failOnDrift: false,
      pageLinks,
    });
    const path = await writeReport(temporaryFolder(), report);
    assert.equal(existsSync(join(path, 'report.html')), hasPage);
    assert.match(readFileSync(join(path, 'comment.md'), 'utf8'), /GPQA/);
    assert.equal(JSON.parse(readFileSync(join(path, 'verdict.json'), 'utf8')).verdict, 'regressed');
  });
