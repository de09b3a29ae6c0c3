/** Agreement on scores that others published, which are no part of the project: skipped where they are not there. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gatherBoards } from '../../src/agreement/gather-boards.ts';
import { measureAgreement } from '../../src/agreement/measure-agreement.ts';
import type { Agreement } from '../../src/agreement/schema.ts';
import type { Preset } from '../../src/verdict/policy.ts';
import { temporaryFolder } from '../support/folder.ts';
import { importAll, needsShared, SHARED } from '../support/imports.ts';

const NAMES = join(SHARED ?? '', 'sos-bench/names.csv');

async function agreeOnPublished(repair: boolean, preset: Preset): Promise<Agreement> {
  const output = join(temporaryFolder(), 'records');
  await importAll(join(SHARED ?? '', 'sos-bench'), { names: NAMES, repair, output });
  const gathered = await gatherBoards({
    records: readdirSync(output).map((name) => join(output, name)),
    tables: [join(SHARED ?? '', 'sos-bench/arena_hard_auto.csv')],
    names: NAMES,
    ...{ preset, changes: false },
  });
  const options = { chosen: null, references: null, changes: false, preset, seed: 1 };
  return measureAgreement({ ...gathered, ...options });
}

/** Spearman with its interval, Kendall, p of Spearman, models. */
type Row = [reference: string, rho: string, low: string, high: string, tau: string, p: string, n: number];

describe('the judge of "Style Outweighs Substance" with the three factors', needsShared, () => {
  const TABLES: { title: string; repair: boolean; preset: Preset; rows: Row[] }[] = [
    {
      title: 'as published, by the sizes of the paper',
      ...{ repair: false, preset: 'paper' },
      rows: [
        ['wk', '0.26', '-0.10', '0.56', '0.21', '0.15', 32],
        ['if', '0.52', '0.18', '0.74', '0.35', '0.00', 32],
        ['safety', '0.12', '-0.24', '0.45', '0.07', '0.53', 32],
      ],
    },
  ];
  for (const { title, repair, preset, rows } of TABLES) {
    test(title, async () => {
      const { pairs } = await agreeOnPublished(repair, preset);
      const shown = pairs.map(({ reference, views: [all] }) => {
        const { spearman, kendall, p, n } = all!;
        const numbers = [spearman!.estimate, ...spearman!.ci!, kendall!.estimate, p!];
        return [reference, ...numbers.map((value) => value.toFixed(2)), n];
      });
      assert.deepEqual(shown, rows);
    });
  }
});
