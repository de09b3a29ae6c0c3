/** The command on a report that gives the same comparison: every input that changes it is in it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  anchorSource,
  type Reproducible,
  reproduceCommand,
} from '../../src/action/steps/publish/reproduce.ts';
import { makeRecord } from '../support/records.ts';

const [BASE, RELEASE] = ['b'.repeat(40), 'c'.repeat(40)];
const INPUTS = { artifact: 'sos-bench-record', store: 'branch', runSpread: null, judgeAudit: null };
const FOUND: Reproducible = {
  run: 77,
  shards: null,
  folder: 'out',
  baseline: { commit: BASE, path: null },
  anchor: null,
  failOnDrift: false,
};
const CANDIDATE = 'gh run download 77 -n sos-bench-record -D candidate';
const HISTORY = 'git fetch origin sos-bench && git worktree add --detach history FETCH_HEAD';
const COMPARE = `sos-bench compare --baseline history/runs/bb/${BASE} --candidate candidate`;

describe('the command that gives the same comparison', () => {
  const CASES: [
    what: string,
    inputs: Partial<typeof INPUTS>,
    found: Partial<Reproducible>,
    command: string | null,
  ][] = [
    ['fetches both records', {}, {}, `${CANDIDATE} && ${HISTORY} && ${COMPARE}`],
    [
      'names the files of run-spread and judge-audit',
      { runSpread: '/shared/run spread.json', judgeAudit: '/shared/judge-audit.json' } as object,
      {},
      `${CANDIDATE} && ${HISTORY} && ${COMPARE} --run-spread '/shared/run spread.json' --judge-audit /shared/judge-audit.json`,
    ],
    [
      'takes the anchor from the same branch, which it fetches once',
      {},
      { anchor: { commit: RELEASE, path: null } },
      `${CANDIDATE} && ${HISTORY} && ${COMPARE} --anchor history/runs/cc/${RELEASE}`,
    ],
    [
      'fails on drift where the report does',
      {},
      { anchor: { commit: RELEASE, path: null }, failOnDrift: true },
      `${CANDIDATE} && ${HISTORY} && ${COMPARE} --anchor history/runs/cc/${RELEASE} --fail-on-drift`,
    ],
    [
      'says nothing of drift without an anchor',
      {},
      { failOnDrift: true },
      `${CANDIDATE} && ${HISTORY} && ${COMPARE}`,
    ],
    [
      'fetches an anchor that is an artifact into a folder of its own',
      { store: 'artifacts' },
      { anchor: { commit: RELEASE, path: null } },
      [
        CANDIDATE,
        `gh run download -n sos-bench-baseline-${BASE} -D baseline`,
        `gh run download -n sos-bench-baseline-${RELEASE} -D anchor`,
        'sos-bench compare --baseline baseline --candidate candidate --anchor anchor',
      ].join(' && '),
    ],
    [
      'names an anchor that was given as a folder',
      {},
      { anchor: { commit: RELEASE, path: './release' } },
      `${CANDIDATE} && ${HISTORY} && ${COMPARE} --anchor ./release`,
    ],
    ['is none where the anchor is in no place to name', {}, { anchor: { commit: null, path: null } }, null],
  ];
  for (const [what, inputs, found, command] of CASES)
    test(what, () =>
      assert.equal(reproduceCommand({ ...INPUTS, ...inputs }, { ...FOUND, ...found }), command),
    );
});

test('the anchor is where it was found: none, the folder that was given, the entry of its commit', () => {
  const { record, ...loaded } = makeRecord({ model: 'released', benchmarks: { bbq: { scores: [1, 0] } } });
  const anchor = { ...loaded, record: { ...record, commit: RELEASE } };
  assert.equal(anchorSource({ anchor: 'release' }, { anchor: null }), null);
  assert.deepEqual(anchorSource({ anchor: './release' }, { anchor }), { commit: RELEASE, path: './release' });
  assert.deepEqual(anchorSource({ anchor: 'release' }, { anchor }), { commit: RELEASE, path: null });
});
