/** Counts in sentences take the form of their number: no source says `${count} items` of what may be one. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { noun, plural } from '../../src/count.ts';

const NOUNS =
  'items|questions|benchmarks|rows|tasks|chunks|answers|documents|models|files|records|lines|entries|commits|workers|shards|' +
  'clusters|runs|minutes|days|pairs|jobs|attempts|things|reports|artifacts|GPUs|data sets|cores|characters|settings|checks';
const COUNTED = new RegExp(String.raw`\$\{([^}]+)\} (?:of [^ ]+ )?(?:more |planned )?(?:${NOUNS})\b`);
/** The line, or one just before it, tells one from several. */
const TELLS = /(?:=== 1|> 1|>= 2)\b/;

/** What is never one, and why. */
const NEVER_ONE: Readonly<Record<string, string>> = {
  'src/history/backends/artifact-listing.ts': 'hundreds',
  'src/cache/choose.ts': 'two days and more',
  'src/doctor/data/check-livebench.ts': 'no number: answers is what a server does',
  'src/github/check/check-run.ts': 'several jobs that share a report',
  'src/github/check/check-sections.ts': 'several jobs that share a report',
  'src/github/comment/comment-legs.ts': 'several jobs that share a report',
  'src/harness/livebench/checkout/checkout.ts': 'of its files',
  'src/import/format/parquet-rows.ts': 'more than the most there may be',
  'src/import/summarise-tasks.ts': 'some of several tasks',
  'src/import/write-records.ts': 'a fault of ours',
  'src/record/parquet/parquet-limits.ts': 'more than the most there may be',
  'src/report/tables/calibration.ts': 'three models and more',
  'src/report/comment/comment.ts': 'a decimal fraction',
  'src/report/comment/preset.ts': 'three runs and more',
  'src/report/comment/sections.ts': 'a share',
  'src/report/comment/tables/benchmarks.ts': 'groups have two members and more',
  'src/report/outcome-words.ts': 'factors have two benchmarks and more',
  'src/stats/run-spread.ts': 'a fault of ours',
  'src/stats/tango-interval.ts': 'a fault of ours',
  'src/suite/plan/sample.ts': 'a decimal fraction',
  'src/serving/engine-fault.ts': 'a model is split over two and more',
  'src/serving/given-server.ts': 'several models',
  'src/system/files/zip.ts': 'more than the most there may be',
};

describe('in the sources', () => {
  for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const path = join('src', file);
    const lines = readFileSync(path, 'utf8').split('\n');
    const counted = lines.flatMap((line, index) => {
      const [whole, expression = ''] = COUNTED.exec(line) ?? [];
      // Limits in capitals are constants.
      if (whole === undefined || /^[A-Z_]+$/.test(expression)) return [];
      return lines.slice(Math.max(0, index - 3), index + 1).some((near) => TELLS.test(near))
        ? []
        : [`${path}:${index + 1}: ${whole}`];
    });
    if (counted.length > 0 && NEVER_ONE[path] === undefined) test(path, () => assert.deepEqual(counted, []));
  }
});

test('one of them, none of them, many of them', () => {
  assert.deepEqual(
    [0, 1, 2, 1200].map((n) => plural(n, 'item')),
    ['0 items', '1 item', '2 items', '1,200 items'],
  );
  assert.equal(plural(1, 'entry', 'entries'), '1 entry');
  assert.equal(plural(3, 'entry', 'entries'), '3 entries');
  assert.deepEqual([noun(1, 'chunk'), noun(2, 'chunk')], ['chunk', 'chunks']);
});
