import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelIdentity } from '../../src/record/identity.ts';
import type { LoadedRecord, RunRecord } from '../../src/record/schema.ts';
import { writeHeadline } from '../../src/report/comment/headline.ts';
import { compare } from '../../src/verdict/compare.ts';
import { calibrate } from '../../src/verdict/measure/calibration.ts';
import { refuseReference } from '../../src/verdict/release/gate-evidence.ts';
import { compareModels, mayBeSameModel } from '../../src/verdict/signs/same-model.ts';
import { makeIdentity, makeRecord, rightThenWrong } from '../support/records.ts';
import { rejectsWith } from '../support/reject.ts';

const SCORES = rightThenWrong(150, 150);

function made(
  identity: ModelIdentity | undefined,
  edit: (record: RunRecord) => void = () => {},
  scores = SCORES,
): LoadedRecord {
  return makeRecord({
    model: 'm',
    digest: 'sha256:folder',
    benchmarks: { gpqa: { scores } },
    edit: (record) => {
      if (identity === undefined) delete record.model.identity;
      else record.model.identity = identity;
      edit(record);
    },
  });
}

const W = makeIdentity('w');
const apply = (record: RunRecord) => {
  record.protocol.chatTemplateApplied = true;
};
const unknown = (part: Partial<ModelIdentity['parts']>) => ({
  ...makeIdentity('w', part),
  digest: null,
  unknown: ['it is elsewhere'],
});

const CASES: [string, LoadedRecord, LoadedRecord, ReturnType<typeof compareModels>][] = [
  ['equal in all', made(W), made(W), { same: true, settings: null, unknown: false }],
  ['of other weights', made(W), made(makeIdentity('v')), { same: false, settings: null, unknown: false }],
  [
    'with an adapter and without',
    made(W),
    made(makeIdentity('w', { adapter: 'a' })),
    { same: false, settings: null, unknown: false },
  ],
  [
    'of the same weights with an argument more',
    made(W),
    made(makeIdentity('w', { arguments: { add_bos_token: true } })),
    { same: false, settings: ['add_bos_token'], unknown: false },
  ],
  [
    'of the same weights with an argument that is null, and without it',
    made(W),
    made(makeIdentity('w', { arguments: { logits_cache: null } })),
    { same: false, settings: ['logits_cache'], unknown: false },
  ],
  [
    'of the same weights in other numbers',
    made(makeIdentity('w', { quantisation: { load_in_8bit: true } })),
    made(makeIdentity('w', { dtype: 'float16' })),
    { same: false, settings: ['dtype', 'load_in_8bit'], unknown: false },
  ],
  [
    'of the same weights with another tokenizer and configuration',
    made(W),
    made(makeIdentity('w', { tokenizer: 't', config: 'c', generation: 'g' })),
    { same: false, settings: ['config.json', 'generation_config.json', 'tokenizer'], unknown: false },
  ],
  [
    'of another template that is not applied',
    made(W),
    made(makeIdentity('w', { template: 't' })),
    { same: true, settings: null, unknown: false },
  ],
  [
    'of another template that one side applied',
    made(W),
    made(makeIdentity('w', { template: 't' }), apply),
    { same: false, settings: ['chat template'], unknown: false },
  ],
  ['of which one says nothing', made(W), made(undefined), { same: false, settings: null, unknown: true }],
  [
    'of which both say nothing, with equal digests of their folders',
    made(undefined),
    made(undefined),
    { same: false, settings: null, unknown: true },
  ],
  [
    'whose identities were taken in different ways',
    made(W),
    made({ ...W, algorithm: 'another' }),
    { same: false, settings: null, unknown: true },
  ],
  [
    'equal in what is known, with a part that is not',
    made(unknown({ tokenizer: null })),
    made(unknown({ tokenizer: null })),
    { same: false, settings: null, unknown: true },
  ],
  [
    'whose adapter is not known',
    made(unknown({ adapter: null })),
    made(unknown({ adapter: null })),
    { same: false, settings: null, unknown: true },
  ],
  [
    'with secrets left out of their arguments',
    made({ ...makeIdentity('w', { arguments: { api_key: '[redacted]' } }), unknown: ['arguments: secrets'] }),
    made({ ...makeIdentity('w', { arguments: { api_key: '[redacted]' } }), unknown: ['arguments: secrets'] }),
    { same: false, settings: null, unknown: true },
  ],
];
for (const [what, a, b, expected] of CASES) {
  test(`records ${what}`, () => {
    assert.deepEqual(compareModels(a.record, b.record), expected);
    assert.deepEqual(compareModels(b.record, a.record), expected);
  });
}

test('a comparison of the same weights in other settings says so, and never that differences are noise', () => {
  const bos = makeIdentity('w', { arguments: { add_bos_token: true } });
  for (const scores of [SCORES, rightThenWrong(149, 151), rightThenWrong(60, 240)]) {
    const verdict = compare(
      made(W),
      made(bos, () => {}, scores),
    );
    assert.equal(verdict.sameModel, false);
    assert.deepEqual(verdict.otherSettings, ['add_bos_token']);
    const { title, text } = writeHeadline(verdict, (name) => name);
    assert.match(
      text,
      /Same weights, other settings: add_bos_token\. Differences are systematic, not noise\./,
    );
    assert.doesNotMatch(
      title + text + verdict.warnings.join(),
      /Same model|one and the same|any difference is noise/,
    );
  }
});

test('drift from an anchor asks the same', () => {
  const [before, after] = [made(W), made(makeIdentity('w', { arguments: { add_bos_token: true } }))];
  const drift = (anchor: LoadedRecord) => compare(before, after, { anchor }).drift!.factors[0]!.delta.se;
  // One and the same model that answers the same has no spread.
  assert.ok(drift(before)! > 0);
  assert.equal(drift(after), 0);
});

test('a release is not held against its own model of one commit, but against other weights of its folder', () => {
  const commit = (record: RunRecord) => Object.assign(record, { commit: 'a'.repeat(40), finished: null });
  const other = { ...made(makeIdentity('v'), commit), path: 'other' };
  const same = { ...made(W, commit, rightThenWrong(149, 151)), path: 'same' };
  const older = { ...made(undefined, commit, rightThenWrong(149, 151)), path: 'older' };
  assert.deepEqual(refuseReference(other, made(W, commit)), []);
  assert.equal(refuseReference(same, made(W, commit)).length, 1);
  assert.equal(refuseReference(older, made(W, commit)).length, 1);
});

test('models of a calibration are of different weights; what an older record does not say counts against it', async () => {
  const runs = ['a', 'b', 'c'].map((weights) => ({ ...made(makeIdentity(weights)), path: weights }));
  assert.doesNotThrow(() => calibrate(runs, 'paper'));
  const refused: [string, LoadedRecord, RegExp][] = [
    ['same', made(makeIdentity('a')), /one and the same model/],
    [
      'settings',
      made(makeIdentity('a', { dtype: 'float16' })),
      /same weights, with other settings \(dtype\)/,
    ],
    ['older', made(undefined), /one and the same model/],
  ];
  for (const [path, record, message] of refused)
    await rejectsWith(() => calibrate([...runs, { ...record, path }], 'paper'), 'usage', path, message);
});

test('what may be the same model is told from what is', () => {
  const may = (a: LoadedRecord, b: LoadedRecord) => mayBeSameModel(a.record, b.record);
  assert.equal(may(made(W), made(W)), true);
  assert.equal(may(made(undefined), made(undefined)), true);
  assert.equal(may(made(W), made(makeIdentity('v'))), false);
  assert.equal(may(made(W), made(makeIdentity('w', { dtype: 'x' }))), false);
});
