/** docs/workflows/notify.yml: its own script and its own curl, on what a job may hand over. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { parse } from 'yaml';
import { temporaryFolder } from '../support/folder.ts';

interface Step {
  name: string;
  run?: string;
  uses?: string;
  with?: Record<string, unknown>;
  env: Record<string, string>;
}
const path = join(import.meta.dirname, '..', '..', 'docs', 'workflows', 'notify.yml');
const workflow = parse(readFileSync(path, 'utf8')) as { jobs: { notify: { steps: Step[] } } };
const step = (name: string) => workflow.jobs.notify.steps.find((one) => one.name === name)!;
const hasJq = (await execa('jq', ['--version'], { reject: false })).exitCode === 0;

const RUN = 'https://github.com/octo/models/actions/runs/7';
const COMMENT = 'https://github.com/octo/models/pull/3#issuecomment-9';

/** What the script writes for these outputs of `report`. */
async function messages(results: string, ref = 'main') {
  const folder = temporaryFolder();
  const env = { RUNNER_TEMP: folder, RESULTS: results, RUN, REPOSITORY: 'octo/models', REF: ref };
  await execa('bash', ['-e', '-c', step('Write the messages').run!], { env });
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const card = read('teams.json').attachments[0].content;
  return {
    folder,
    slack: read('slack.json').text as string,
    teams: card.body.map(({ text }: { text: string }) => text) as string[],
    link: card.actions[0].url as string,
  };
}

test('what comes from outside is a variable of each step, and no part of a script', () => {
  for (const { run } of workflow.jobs.notify.steps) assert.doesNotMatch(run ?? '', /\$\{\{/);
  assert.equal(step('Slack').with!['payload-file-path'], `\${{ runner.temp }}/slack.json`);
});

describe('messages', { skip: !hasJq && 'jq is not here' }, () => {
  test('name the verdict and each difference in points, and lead to the comment', async () => {
    const found = { verdict: 'regressed', 'wk-delta': '-0.0514', 'if-delta': '0.002', 'safety-delta': '' };
    const { slack, teams, link } = await messages(JSON.stringify({ ...found, 'comment-url': COMMENT }));
    assert.deepEqual(teams, [
      'SOS-Bench on octo/models, main: worse',
      'World knowledge -5.1 points, instruction following +0.2 points, safety not compared',
    ]);
    assert.equal(link, COMMENT);
    assert.equal(slack, [...teams, COMMENT].join('\n'));
  });

  test('say neither a stored word nor a zero with a sign', async () => {
    const { teams } = await messages(JSON.stringify({ verdict: 'inconclusive', 'wk-delta': '-0.00001' }));
    assert.match(teams[0]!, /: cannot tell$/);
    assert.match(teams[1]!, /^World knowledge 0 points,/);
  });

  test('of a report that left nothing say so, and lead to the run', async () => {
    const { teams, link } = await messages('{}');
    assert.match(teams[0]!, /: no result$/);
    assert.equal(link, RUN);
  });

  test("hold no markup and no command of a branch's name", async () => {
    const { slack, teams, folder } = await messages('{}', '<!channel>$(touch "$RUNNER_TEMP/ran")"');
    assert.match(slack, /&lt;!channel&gt;\$\(touch/);
    assert.match(teams[0]!, /<!channel>\$\(touch/);
    await assert.rejects(async () => readFileSync(join(folder, 'ran')));
  });

  test('Teams gets its card by an address that is no argument of a program', async () => {
    const { folder } = await messages('{}');
    const got: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (data: Buffer) => void got.push(data.toString()));
      request.on('end', () => response.end());
    });
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const { run } = step('Teams');
    assert.doesNotMatch(run!, /curl[^|]*\$WEBHOOK/s);
    const env = {
      RUNNER_TEMP: folder,
      WEBHOOK: `http://127.0.0.1:${port}/hook?sig=secret`,
      no_proxy: '127.0.0.1',
    };
    await execa('bash', ['-e', '-c', run!], { env });
    server.close();
    assert.equal(JSON.parse(got.join('')).type, 'message');
  });
});
