/** Evaluations of tiny models by the real harness, compared with each other, through the built command line. */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { packageRoot } from '../../src/system/paths.ts';
import { runBuiltCli } from '../support/built-cli.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import type { ProcessResult } from '../support/process.ts';
import { testPython } from '../support/python.ts';

const folder = temporaryFolder();
const environment = testCache(folder);

const cli = (...args: string[]) => runBuiltCli(args, { environment });

describe('two evaluations of tiny models', () => {
  const model = join(folder, 'model');
  const record = (name: string) => join(folder, name);
  /** GPQA's three tasks, of the mini suite's questions. */
  const questions = join(folder, 'questions');

  async function evaluate(output: string, ...more: string[]): Promise<void> {
    const run = await cli(
      ...['run', '--model', model, '--benchmarks', 'gpqa', '--stages', 'lm-eval', '--device', 'cpu'],
      ...['--datasets-dir', questions, '--output', record(output), ...more],
    );
    assert.equal(run.exitCode, 0, run.stderr);
  }

  before(async () => {
    const python = await testPython();
    await makeTinyModel(python, model);
    await makeTinyModel(python, join(model, 'later'), 2);
    cpSync(join(packageRoot(), 'tasks', 'mini', 'gpqa'), join(questions, 'gpqa'), { recursive: true });
    cpSync(join(questions, 'gpqa', 'gpqa_diamond.jsonl'), join(folder, 'part', 'gpqa', 'gpqa_diamond.jsonl'));
    await evaluate('plain');
    await evaluate('later', '--model-args', 'subfolder=later');
    await evaluate('no-bos', '--model-args', 'add_bos_token=FALSE');
    await evaluate('part', '--datasets-dir', join(folder, 'part'));
  });

  const COMPARED: { title: string; sides: [string, string]; right: (result: ProcessResult) => void }[] = [
    {
      title: 'weights of a subfolder are another model than those of the folder',
      sides: ['plain', 'later'],
      right: ({ stdout }) => assert.doesNotMatch(stdout, /same model|only noise/i),
    },
    {
      title: 'the same weights under another setting: the setting is named, and differences are no noise',
      sides: ['plain', 'no-bos'],
      right: ({ stdout }) => {
        assert.match(stdout, /add_bos_token/);
        assert.match(stdout, /systematic/);
        assert.doesNotMatch(stdout, /is noise/);
      },
    },
    {
      title: 'a benchmark with one of its three tasks is incomplete, and the missing tasks are named',
      sides: ['plain', 'part'],
      right: ({ exitCode, stdout }) => {
        assert.equal(exitCode, 1);
        assert.match(stdout, /incomplete/);
        assert.match(stdout, /gpqa_extended/);
        assert.match(stdout, /gpqa_main/);
      },
    },
    {
      title: 'a record compared with itself is one and the same model',
      sides: ['plain', 'plain'],
      right: ({ exitCode, stdout }) => {
        assert.equal(exitCode, 0);
        assert.match(stdout, /Same model/);
      },
    },
    {
      title: 'two records with one of three tasks are compared on it without an alarm, and say which',
      sides: ['part', 'part'],
      right: ({ exitCode, stdout }) => {
        assert.equal(exitCode, 0);
        assert.match(stdout, /gpqa_diamond \(1 of 3\)/);
      },
    },
  ];
  for (const { title, sides, right } of COMPARED) {
    test(title, async () => {
      const [baseline, candidate] = sides.map(record);
      right(await cli('compare', '--baseline', baseline!, '--candidate', candidate!));
    });
  }

  test('FALSE is false, as lm-eval reads it', async () => {
    const { modelArgs } = (await readRecord(record('no-bos'))).record.subject;
    assert.equal(modelArgs.add_bos_token, false);
  });
});
