/** What no machine could do is refused at once: the model is not read, and nothing is written. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { requireUsable } from '../../src/evaluate/require-usable.ts';
import { evaluationRequest } from '../../src/settings/evaluation.ts';
import { type GivenValues, resolveSettings } from '../../src/settings/resolve.ts';
import { settingsOf } from '../../src/settings/table.ts';
import { createProgress } from '../../src/system/progress.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
mkdirSync(join(folder, 'model'));

const CASES: [title: string, given: GivenValues, code: 'usage' | 'benchmark-unknown' | 'model-missing'][] = [
  ['a benchmark that is none', { benchmarks: 'bqq' }, 'benchmark-unknown'],
  ['reasoning without its end', { 'enable-thinking': 'true' }, 'usage'],
  ['a device beside devices', { device: 'cuda:0', devices: 'cpu:2' }, 'usage'],
  ['a split that the backend cannot do', { backend: 'hf', 'tensor-parallel': '2' }, 'usage'],
  ['a model that is not there', { model: './absent' }, 'model-missing'],
];

for (const [title, given, code] of CASES) {
  test(title, async () => {
    const values = { model: 'model', output: 'out', ...given };
    const settings = await resolveSettings(settingsOf('run'), values, { path: 'absent', required: false });
    const stream = { write: () => true, isTTY: false };
    const tooLate = () => assert.fail('the model was read before');
    const request = evaluationRequest(settings);
    const context = {
      cwd: folder,
      environment: { PATH: '' },
      progress: createProgress(stream),
      signal: new AbortController().signal,
      now: () => new Date(0),
      origin: { commit: null, branch: null, event: null },
      state: { begunWith: tooLate, begin: tooLate, end: tooLate },
    };
    await rejectsWith(() => evaluate(request, context), code);
    assert.ok(!existsSync(join(folder, 'out')));
  });
}

for (const backend of ['local-completions', 'local-chat-completions']) {
  test(`what a server calls its model is no path: ${backend}`, async () => {
    const values = { model: 'served', output: 'out', backend };
    const settings = await resolveSettings(settingsOf('run'), values, { path: 'absent', required: false });
    assert.doesNotThrow(() => requireUsable(evaluationRequest(settings), folder));
  });
}
