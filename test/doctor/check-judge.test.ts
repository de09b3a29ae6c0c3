/** What `doctor` says of a judge, before anything is asked. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkJudge } from '../../src/doctor/data/check-judge.ts';
import type { JudgeRequest } from '../../src/evaluate/request.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeJudgeRequest } from '../support/judge-request.ts';

const cwd = temporaryFolder();
mkdirSync(join(cwd, 'base-model'));
writeFileSync(join(cwd, 'base-model', 'config.json'), '{}');
mkdirSync(join(cwd, 'judge'));
writeFileSync(join(cwd, 'judge', 'chat_template.jinja'), '{{ messages }}');
const SERVER = 'https://judge.example.com/v1';

const CASES: [
  what: string,
  settings: Partial<JudgeRequest>,
  key: string | undefined,
  status: string,
  said: RegExp,
][] = [
  [
    'a judge with its date',
    { server: SERVER, model: 'm-2026-01-01' },
    'key',
    'ok',
    /answers to them go to judge\.example\.com, and nowhere else; the judge is m-2026-01-01/,
  ],
  ['an alias', { server: SERVER, model: 'm@latest' }, 'key', 'warn', /'m@latest' may be an alias/],
  ['no key', { server: SERVER, model: 'm' }, undefined, 'warn', /JUDGE_API_KEY is not set/],
  ['no judge', {}, undefined, 'warn', /no judge is named/],
  ['questions that are not there', { questions: 'no.jsonl' }, undefined, 'fail', /no such file/],
  ['a judge of this machine', { model: 'judge' }, undefined, 'ok', /a model of this machine, judge$/],
  ['one of the Hub', { model: 'hf:org/name@0123abc' }, undefined, 'ok', /a model of this machine, hf:/],
  ['one that is not there', { model: './no' }, undefined, 'warn', /there is no model at \.\/no$/],
  ['a base model', { model: 'base-model' }, undefined, 'warn', /chat template/],
];
for (const [what, settings, key, status, said] of CASES) {
  test(`${what}: ${status}`, async () => {
    const check = await checkJudge({
      ...{ judge: makeJudgeRequest(settings), cwd, maxGenToks: null },
      environment: { HOME: cwd, JUDGE_API_KEY: key },
    });
    assert.equal(check.status, status);
    assert.match(`${check.message}`, said);
  });
}
