/** What a change itself made incomparable, of the fields that forbid a comparison. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMadeByChange } from '../../src/verdict/protocol/made-by-change.ts';

const CASES: [what: string, paths: string[], made: string[], isBackendOpen?: boolean][] = [
  ['a chat template that came or went', ['chatTemplateApplied'], ['chatTemplateApplied']],
  ['other prompts of the same task and data', ['tasks.mmlu.prompts'], ['tasks.mmlu.prompts']],
  ['other prompts, and another version of the task', ['tasks.mmlu.prompts', 'tasks.mmlu.version'], []],
  ['other prompts, and other documents', ['tasks.mmlu.documents', 'tasks.mmlu.prompts'], []],
  [
    'other prompts beside another task that changed',
    ['tasks.a.prompts', 'tasks.b.version'],
    ['tasks.a.prompts'],
  ],
  ['a task whose name has a dot', ['tasks.a.b.prompts', 'tasks.a.b.fewshot'], []],
  ['the harness', ['harness.version'], []],
  ['what the base asks for', ['seed', 'backend', 'systemInstruction', 'includePaths'], []],
  ['another backend, where nobody named one', ['seed', 'backend'], ['backend'], true],
];
for (const [what, paths, made, isBackendOpen = false] of CASES) {
  test(what, () => {
    const differences = paths.map((path) => ({ path, baseline: 'a', candidate: 'b' }));
    assert.deepEqual(findMadeByChange(differences, { isBackendOpen }), made);
  });
}
