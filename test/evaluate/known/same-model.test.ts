import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Asking } from '../../../src/evaluate/known/comparable.ts';
import { madeBy } from '../../../src/evaluate/known/questions.ts';
import { type KnownAnswers, readAnswers } from '../../../src/evaluate/known/read-answers.ts';
import { whyEvaluate } from '../../../src/evaluate/known/same-model.ts';
import type { EvaluationRequest } from '../../../src/evaluate/request.ts';
import type { RunRecord } from '../../../src/record/schema.ts';
import { leaveAnswered, MODEL, protocolOf, VERSIONS } from '../../support/answered-records.ts';
import { design } from '../../support/designs.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { questionRequest as request } from '../../support/question-request.ts';
import { smallPlan } from '../../support/results.ts';

const folder = temporaryFolder();
const plan = smallPlan();
const asking: Asking = {
  model: MODEL,
  request,
  protocol: protocolOf(plan),
  versions: { lm_eval: VERSIONS.lm_eval },
};
let folders = 0;

async function knownOf(change: Partial<RunRecord> = {}): Promise<KnownAnswers> {
  const made = madeBy(request);
  const known = await readAnswers(
    await leaveAnswered(join(folder, `known-${folders++}`), { plan, made, change }),
  );
  if (typeof known === 'string') throw new Error(known);
  return known;
}

describe("the baseline's very model is evaluated all the same", () => {
  const with_ = (change: object) => ({ ...request, ...change }) as EvaluationRequest;
  const cases: [
    string,
    { request?: EvaluationRequest; asking?: Partial<Asking>; stored?: typeof plan },
    RegExp | null,
  ][] = [
    ['never where it is asked the same', {}, null],
    ['on another device: no', { asking: { protocol: { ...protocolOf(plan), device: 'cuda' } } }, null],
    [
      'by another harness',
      { asking: { versions: { lm_eval: '0.4.14' } } },
      /lm_eval \(0\.4\.13, now 0\.4\.14\)/,
    ],
    ['with another backend', { asking: { protocol: { ...protocolOf(plan), backend: 'vllm' } } }, /backend/],
    ['where it is another after all', { asking: { model: 'b'.repeat(64) } }, /another model/],
    [
      'for more benchmarks',
      { request: with_({ benchmarks: ['bbq', 'xstest', 'gpqa'] }) },
      /other questions: benchmarks/,
    ],
    ['for fewer', { request: with_({ benchmarks: ['bbq'] }) }, /other questions: benchmarks/],
    ['in full', { request: with_({ suite: 'full', design: null }) }, /other questions: suite, design/],
    ['for another drop to be seen', { request: with_({ design: design(0.05) }) }, /other questions: design/],
    [
      'for a larger effect that does not matter',
      {
        request: with_({
          design: design(0.02, { test: { ...design().test, minimumEffect: () => 0.02 } }),
        }),
      },
      /other questions: design/,
    ],
    [
      'with several looks',
      { request: with_({ design: design(0.02, { looks: { count: 5, collapse: 0.4 } }) }) },
      /other questions: design/,
    ],
    ['with longer answers', { request: with_({ maxGenToks: 512 }) }, /max-gen-toks/],
    ['on data of another folder', { request: with_({ datasetsDir: 'other' }) }, /datasets-dir/],
    ['by a plan of its own', { stored: { ...plan, planHash: 'other' } }, /followed another plan/],
    [
      'never where it follows the very plan, whatever made that',
      { stored: plan, request: with_({ design: null }) },
      null,
    ],
    [
      'where a server that was given would answer a part',
      { request: with_({ stages: ['lm-eval', 'livebench'], server: 'http://127.0.0.1:1/v1' }) },
      /a server that was given answers LiveBench/,
    ],
    [
      'in parts, of which each looks for itself',
      { request: with_({ shard: { index: 1, of: 2 } }) },
      /a part of a run/,
    ],
  ];
  for (const [what, given, reason] of cases)
    test(what, async () => {
      const asked = { ...asking, ...given.asking };
      const said = whyEvaluate(await knownOf(), asked, given.request ?? request, given.stored ?? null);
      if (reason === null) assert.equal(said, null);
      else assert.match(said ?? 'it is not evaluated', reason);
    });

  test('where a server that was given has answered a part of the baseline', async () => {
    const known = await knownOf();
    const server = { kind: 'given', versions: {}, model: 'm' };
    assert.match(String(whyEvaluate({ ...known, server }, asking, request, null)), /which model it has/);
    assert.equal(whyEvaluate({ ...known, server: { ...server, kind: 'vllm' } }, asking, request, null), null);
  });

  test('where the baseline ended early, by looks', async () => {
    const known = await knownOf({ looks: { count: 5, decided: { safety: 1 } } });
    assert.match(String(whyEvaluate(known, asking, request, null)), /incomplete/);
  });

  test('where the baseline itself is incomplete', async () => {
    assert.match(
      String(whyEvaluate(await knownOf({ complete: false }), asking, request, null)),
      /incomplete/,
    );
  });
});
