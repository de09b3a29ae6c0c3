/** A run whose judge is a model of this machine: its real worker reads the verdicts. The server of the model that is judged is a fake. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { answersKey } from '../../src/evaluate/judge/head-to-head.ts';
import { prepareJudge } from '../../src/evaluate/judge/prepare.ts';
import { KeptAnswers } from '../../src/judge/texts/answers-dir.ts';
import { readHeadToHead } from '../../src/record/head-to-head.ts';
import { readRecord } from '../../src/record/read.ts';
import { writeRecord } from '../../src/record/write.ts';
import { runCli, testCache } from '../support/cli.ts';
import { HALF } from '../support/comparisons.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { startFakeChatServer } from '../support/fake-chat-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeJudgeRequest } from '../support/judge-request.ts';
import { testPython } from '../support/python.ts';
import { makeRecord } from '../support/records.ts';

const COUNT = 3;
const folder = temporaryFolder();
const python = await testPython();
const model = await makeTinyModel(python, join(folder, 'model'), 1);
const judge = await makeTinyModel(python, join(folder, 'judge'), 2);
writeFileSync(
  join(judge, 'chat_template.jinja'),
  "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant: ",
);
// Its tokens are characters.
const config = join(judge, 'config.json');
writeFileSync(
  config,
  JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), max_position_embeddings: 16_384 }),
);
const questions = join(folder, 'ours.jsonl');
writeFileSync(
  questions,
  Array.from({ length: COUNT }, (_, n) => `${JSON.stringify({ id: `q${n}`, question: `Say ${n}.` })}\n`).join(
    '',
  ),
);
const server = await startFakeChatServer(() => ({ says: 'the change' }), { models: ['tiny'] });
after(() => server.close());

test('the judge is loaded once, after the model was asked, and gives every game a verdict, against main and a reference', async () => {
  const answers = join(folder, 'answers');
  const main = makeRecord({ model: 'main', benchmarks: { gpqa: { scores: HALF } } });
  await writeRecord(join(folder, 'main'), main.record, main.items);
  const request = makeJudgeRequest({ questions, answersDir: answers });
  const asking = { maxGenToks: null, enableThinking: null, seed: 1234 };
  const ready = await prepareJudge(request, asking, { cwd: folder, environment: {} });
  const kept = await KeptAnswers.open(answers, answersKey(ready, main.record.model.identity!)!);
  for (let n = 0; n < COUNT; n++) await kept.append(`q${n}`, `main ${n}`);
  await kept.close();

  const reference = join(folder, 'reference.jsonl');
  writeFileSync(
    reference,
    Array.from({ length: COUNT }, (_, n) => `${JSON.stringify({ id: `q${n}`, answer: `it ${n}` })}\n`).join(
      '',
    ),
  );
  const output = join(folder, 'pr');
  const { exitCode, stderr } = await runCli(
    [
      ...['run', '--model', model, '--device', 'cpu', '--stages', 'judge', '--server', server.url],
      ...['--python', python, '--output', output, '--baseline', join(folder, 'main')],
      ...['--judge-questions', questions, '--judge-model', judge, '--judge-mode', 'choice'],
      ...['--answers-dir', answers, '--judge-reference', reference],
    ],
    { environment: testCache(folder), cwd: folder },
  );
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /3 questions of ours, judged by a model of this machine/);
  const { document, boards } = (await readHeadToHead(output))!;
  assert.equal(document.skipped, null, stderr);
  assert.deepEqual([document.judges[0]!.model, document.judges[0]!.pinned], ['judge', true]);
  assert.equal(boards[0]!.games.length, 2 * COUNT);
  assert.ok(boards[0]!.games.every(({ verdict }) => verdict !== null));
  const { games } = await readRecord(output);
  assert.deepEqual([games![0]!.reference, games![0]!.games.length], ['reference', 2 * COUNT]);
  assert.equal(stderr.match(/Loading the judge/g)?.length, 1, stderr);
});
