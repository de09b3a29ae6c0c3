import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import {
  type Asking,
  describeDifference,
  describeTaskDifference,
} from '../../../src/evaluate/known/comparable.ts';
import { type KnownAnswers, readAnswers } from '../../../src/evaluate/known/read-answers.ts';
import type { TaskProtocol } from '../../../src/record/schema.ts';
import { leaveAnswered, MODEL, protocolOf, VERSIONS } from '../../support/answered-records.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { smallPlan } from '../../support/results.ts';

const plan = smallPlan();
const folder = temporaryFolder();
let known: KnownAnswers;
const asking: Asking = {
  model: MODEL,
  request: { seed: 1, includePaths: [] },
  protocol: protocolOf(plan),
  versions: VERSIONS,
};

before(async () => {
  const server = { kind: 'vllm', versions: { vllm: '0.12.0', python: '3.11.2' }, model: null };
  const entries = [{ type: 'server' as const, server, seconds: 3 }];
  known = (await readAnswers(await leaveAnswered(join(folder, 'known'), { plan, entries }))) as KnownAnswers;
});

describe('answers of the same model to the same questions are known, but not', () => {
  const cases: [string, Partial<Asking>, RegExp | null][] = [
    ['for another model', { model: 'b'.repeat(64) }, /of another model/],
    ['for a model of which not all is known', { model: null }, /not all known/],
    [
      'with another backend',
      { protocol: { ...protocolOf(plan), backend: 'vllm' } },
      /backend \(hf, now vllm\)/,
    ],
    [
      'with a setting that was not there',
      { protocol: { ...protocolOf(plan), 'enable-thinking': 'true' } },
      /enable-thinking \(not set, now true\)/,
    ],
    ['on another device', { protocol: { ...protocolOf(plan), device: 'cuda' } }, /device \(cpu, now cuda\)/],
    ['in other batches', { protocol: { ...protocolOf(plan), 'batch-size': '16' } }, /batch-size/],
    ['with another seed', { request: { seed: 2, includePaths: [] } }, /seed \(1, now 2\)/],
    ['with tasks of your own beside them', { request: { seed: 1, includePaths: ['tasks'] } }, /include-path/],
    [
      'by another harness',
      { versions: { ...VERSIONS, lm_eval: '0.4.14' } },
      /lm_eval \(0\.4\.13, now 0\.4\.14\)/,
    ],
    ['by another PyTorch', { versions: { ...VERSIONS, torch: '3.0.0' } }, /torch/],
    [
      'by an engine that was not there',
      { versions: { ...VERSIONS, vllm: '0.12.0' } },
      /vllm \(absent, now 0\.12\.0\)/,
    ],
    [
      'nothing: arguments are in the identity, with the content of what they name',
      { protocol: { ...protocolOf(plan), 'model-args': '{"peft":"elsewhere"}' } },
      null,
    ],
    [
      'nothing: another patch of Python answers the same',
      { versions: { ...VERSIONS, python: '3.11.9' } },
      null,
    ],
    ['nothing, where all is equal', {}, null],
  ];
  for (const [what, change, reason] of cases)
    test(what, () => {
      const said = describeDifference(known, { ...asking, ...change });
      if (reason === null) assert.equal(said, null);
      else assert.match(said ?? 'nothing differs', reason);
    });

  test('by another version of this program', () => {
    const made = { ...known.journal.made, program: '0.0.1' };
    const said = describeDifference({ ...known, journal: { ...known.journal, made } }, asking);
    assert.match(said ?? '', /the version of sos-bench \(0\.0\.1, now /);
  });
});

const options: TaskProtocol = {
  ...{ version: '1', fewshot: 0, outputType: 'multiple_choice', metric: 'acc', generation: null },
  ...{ data: 'datasets-dir', prompts: null },
};
const asked = { benchmark: 'xstest', task: 'sosb_xstest', protocol: options, server: null };
const generated = (generation: Record<string, unknown>) => ({
  ...asked,
  protocol: { ...options, outputType: 'generate_until', generation },
});
const served = (server: string | null) => ({
  ...asked,
  protocol: {
    ...options,
    outputType: 'chat',
    data: 'hub:livebench@1',
    generation: { temperature: 0, server },
  },
  server,
});

describe('the answers to a task are taken over', () => {
  const cases: [string, Parameters<typeof describeTaskDifference>[1], RegExp | null, Partial<Asking>?][] = [
    ['where all is equal', asked, null],
    ['where they are generated greedily', generated({ do_sample: false, until: ['\n'] }), null],
    ['where nothing is said of sampling', generated({ until: ['\n'] }), null],
    ['unless they are sampled', generated({ do_sample: true, temperature: 0.7 }), /sampled/],
    ['unless a temperature says that they are', generated({ temperature: 0.7 }), /sampled/],
    [
      'unless its version is another',
      asked,
      /version, data, examples or generation settings/,
      { protocol: { ...protocolOf(plan), 'task sosb_xstest': 'version 2' } },
    ],
    ['unless it is a task of your own', { ...asked, benchmark: 'ours' }, /a task of your own/],
    [
      'unless its examples are in a file, which nothing pins',
      { ...asked, protocol: { ...options, fewshot: 5 } },
      /examples are in a file of datasets-dir/,
    ],
    [
      'where examples are pinned',
      { ...asked, protocol: { ...options, fewshot: 5, data: 'hub:a/b@1' } },
      null,
    ],
    ['unless nobody knows how it is asked', { ...asked, protocol: undefined }, /nothing tells/],
    ['of a server of the same kind', served('vllm'), null],
    ['but not of another kind', served('transformers'), /another kind of server/],
    ['but not where a server was given: nobody knows its model', served('given'), /a server that was given/],
    [
      'but not where LiveBench is changed, or another commit',
      {
        ...served('vllm'),
        protocol: {
          ...served('vllm').protocol,
          version: 'LiveBench 0123456789ab, not the one this version is tested with',
        },
      },
      /files of it may have changed/,
    ],
    [
      'but not of another version of it',
      served('vllm'),
      /other versions of vllm/,
      { versions: { ...VERSIONS, vllm: '0.13.0' } },
    ],
  ];
  for (const [what, task, reason, change = {}] of cases)
    test(what, () => {
      const said = describeTaskDifference(known, task, { ...asking, ...change });
      if (reason === null) assert.equal(said, null);
      else assert.match(said ?? 'nothing differs', reason);
    });
});
