import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseEntries } from '../../src/cache/choose.ts';
import type { CacheEntry } from '../../src/cache/entry.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const DAY = 86_400;
const GB = 1e9;

const entry = (name: string, daysAgo: number, more: Partial<CacheEntry> = {}): CacheEntry => ({
  kind: 'python',
  path: `/cache/${name}`,
  bytes: 5 * GB,
  lastUsed: new Date(NOW.getTime() - daysAgo * DAY * 1000),
  current: false,
  ...more,
});

interface Case {
  entries: CacheEntry[];
  maxSize?: number;
  olderThan?: number;
  inUse?: string[];
}

const CASES: [string, Case, string[]][] = [
  ['what was not used for 30 days goes', { entries: [entry('old', 31), entry('new', 29)] }, ['old']],
  ['what the next run needs stays, however old', { entries: [entry('own', 300, { current: true })] }, []],
  ['what a process uses stays, however old', { entries: [entry('old', 300)], inUse: ['old'] }, []],
  [
    'what is not known stays, however old and large',
    { entries: [entry('notes', 900, { kind: 'other', bytes: 90 * GB })], maxSize: GB },
    [],
  ],
  [
    'what broke off goes after an hour, whatever age was asked for',
    { entries: [entry('a', 0.1, { kind: 'broken' }), entry('b', 0.01, { kind: 'broken' })] },
    ['a'],
  ],
  [
    'an age of 0 takes all that nobody needs',
    { entries: [entry('a', 0), entry('b', 1)], olderThan: 0 },
    ['a', 'b'],
  ],
  [
    'down to a size, what was used least recently goes first',
    { entries: [entry('a', 1), entry('b', 9), entry('c', 5)], maxSize: 6 * GB },
    ['b', 'c'],
  ],
  [
    'down to a size, no more goes than must',
    { entries: [entry('a', 1), entry('b', 9), entry('c', 5)], maxSize: 10 * GB },
    ['b'],
  ],
  [
    'what age takes counts towards the size',
    { entries: [entry('a', 1), entry('b', 40), entry('c', 5)], maxSize: 10 * GB },
    ['b'],
  ],
  [
    'a size that cannot be reached leaves what is needed and used',
    { entries: [entry('a', 1), entry('b', 9), entry('own', 5, { current: true })], maxSize: 0, inUse: ['b'] },
    ['a'],
  ],
];
for (const [what, { entries, maxSize = null, olderThan = 30 * DAY, inUse = [] }, gone] of CASES) {
  test(what, () => {
    const rules = { now: NOW, olderThan, maxSize, inUse: new Set(inUse.map((name) => `/cache/${name}`)) };
    const removed = chooseEntries(entries, rules).filter(({ remove }) => remove);
    assert.deepEqual(removed.map(({ entry: { path } }) => path.slice(7)).sort(), gone);
  });
}
