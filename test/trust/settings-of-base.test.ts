/**
 * A change that chooses how it is judged: by its configuration file, by files and folders of its checkout, by its artifact, by its copy of
 * the workflow. By the built report and run, on a model that lost 300 of 500 right answers.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe } from 'node:test';
import { summariseGames } from '../../src/judge/score/judge-result.ts';
import { recordDigest } from '../../src/record/digest.ts';
import type { RunRecord } from '../../src/record/schema.ts';
import { writeRecord } from '../../src/record/write.ts';
import { HALF, after as lost } from '../support/comparisons.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { makeJudgeAudit, sha256 } from '../support/judge-audits.ts';
import { type MadeVerdicts, makeBoard, makeGames } from '../support/judged.ts';
import { keepBaseline, keepRecord } from '../support/keep-baseline.ts';
import { makeRecord } from '../support/records.ts';
import { runStep } from '../support/runner.ts';
import { inNightly, inParts as test } from '../support/tier.ts';

const CONFIG = '.github/sos-bench.yml';
const WORKFLOW = '.github/workflows/sos-bench.yml';

describe('a change that lost 300 of 500 right answers', () => {
  /** Outside the workspace. */
  const disk = temporaryFolder();
  let github: TestGitHub;
  let token: string;
  let base: string;
  let pull: { number: number; headSha: string };
  let branch: string;
  let workspace: string;
  let runs = 0;

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken();
    await keepRecord(disk, { model: 'main', scores: HALF, commit: null });
  });
  beforeEach(async () => {
    workspace = temporaryFolder();
    branch = `change-${++runs}`;
    base = await github.emulator.tip();
    pull = await github.emulator.openPull(branch);
  });
  after(() => github.close());

  /** Its honest record, or one that tells other settings. */
  async function leave(edit: (record: RunRecord) => void = () => {}, name = 'record'): Promise<string> {
    const { record, items } = makeRecord({
      model: 'worse',
      benchmarks: { gpqa: { scores: lost(300) } },
      edit: (made) => {
        Object.assign(made, { commit: pull.headSha, branch, suite: 'full', seed: 1234 });
        edit(made);
      },
    });
    await writeRecord(join(workspace, name), record, items);
    return name;
  }

  function start(
    action: string,
    inputs: Record<string, string>,
    environment: Record<string, string> = {},
    into: Parameters<typeof pullPayload>[2] = {},
  ) {
    const payload = pullPayload(pull, base, { head: { ref: branch }, ...into });
    return runStep({
      workspace,
      action,
      inputs,
      environment: {
        ...eventEnvironment(disk, { name: 'pull_request', payload, run: 500 + runs }),
        GITHUB_API_URL: github.proxy.url,
        ...environment,
      },
    });
  }

  const judging = () => ({
    'github-token': token,
    store: 'none',
    baseline: join(disk, 'main'),
    comment: 'false',
  });

  async function report(inputs: Record<string, string> = {}, environment: Record<string, string> = {}) {
    const result = await start('report', { ...judging(), record: './record', ...inputs }, environment);
    const check = (await github.checks(pull.headSha)).at(-1);
    return { ...result, check };
  }

  /** A file on a branch of the repository; gives the commit. */
  async function put(path: string, content: string, on: string): Promise<string> {
    const where = `/repos/octo/models/contents/${path}`;
    const { sha } = await github.emulator
      .api<{ sha: string }>('GET', `${where}?ref=${on}`)
      .catch(() => ({ sha: undefined }));
    const { commit } = await github.emulator.api<{ commit: { sha: string } }>('PUT', where, {
      ...{ message: path, branch: on, content: Buffer.from(content).toString('base64') },
      ...(sha === undefined ? {} : { sha }),
    });
    return commit.sha;
  }

  function write(files: Record<string, string>): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(workspace, name, '..'), { recursive: true });
      writeFileSync(join(workspace, name), content);
    }
  }

  test('regressed, exit 1, a failed check; the report says that the record is its own claim', async () => {
    await leave();
    const { exitCode, stdout, outputs, check, summary } = await report();
    assert.deepEqual([exitCode, outputs.verdict, check?.conclusion], [1, 'regressed', 'failure'], stdout);
    assert.match(summary, /This record is the change's own claim/);
  });

  test('an audit of its judge that the workflow names is cited, and the drop is a drop', async () => {
    const protocol = sha256('protocol');
    const judged = summariseGames(makeBoard(makeGames(new Array<MadeVerdicts>(30).fill(['B>A', 'A>B']))));
    await leave((record) => Object.assign(record, { judge: [{ ...judged, protocol, pinned: true }] }));
    writeFileSync(join(disk, 'judge-audit.json'), JSON.stringify(makeJudgeAudit(protocol)));
    const { exitCode, outputs, summary } = await report({ 'judge-audit': join(disk, 'judge-audit.json') });
    assert.deepEqual([exitCode, outputs.verdict], [1, 'regressed']);
    assert.match(
      summary,
      /With this judge an answer lost 31 points for a wrong number and 12 for stripped markdown/,
    );
  });

  // What a record says of each setting is walked in settings-walk.test.ts; here what it shows beside that.
  describe('evaluated by its own settings: exit 2 and a failed check, not a neutral one', () => {
    const SAMPLE = { value: 'pr', from: 'base' } as const;
    const CASES: [key: string, edit: (record: RunRecord) => void][] = [
      ['seed', (record) => Object.assign(record, { seed: 7, protocol: { ...record.protocol, seed: 7 } })],
      ['suite', (record) => Object.assign(record, { suite: 'mini' })],
      ['system-instruction', ({ protocol }) => Object.assign(protocol, { systemInstruction: 'Be wrong.' })],
      ['apply-chat-template', ({ protocol }) => Object.assign(protocol, { chatTemplateApplied: true })],
      ['enable-thinking', ({ protocol }) => Object.assign(protocol, { enableThinking: true })],
      ['think-end-token', ({ protocol }) => Object.assign(protocol, { thinkEndToken: 'the' })],
      ['include-path', ({ protocol }) => Object.assign(protocol, { includePaths: ['tasks'] })],
      [
        'items',
        (record) => {
          record.asked = { commit: null, settings: { suite: SAMPLE, items: { value: '20', from: 'base' } } };
        },
      ],
    ];
    for (const [key, edit] of CASES) {
      test(key, async () => {
        await leave(edit);
        const { exitCode, stdout, check } = await report(key === 'items' ? { suite: 'pr' } : {});
        assert.equal(exitCode, 2, stdout);
        assert.match(
          stdout,
          new RegExp(`the evaluation used other settings than main asks for: (.*; )?${key} .*, asked`),
        );
        assert.equal(check?.conclusion, 'failure');
      });
    }

    test("another backend than the baseline's, where nobody named one: it fails, as a drop would", async () => {
      await leave(({ protocol }) => Object.assign(protocol, { backend: 'vllm' }));
      const { exitCode, stdout, check } = await report();
      assert.deepEqual([exitCode, check?.conclusion], [1, 'failure'], stdout);
      assert.match(check?.output.summary ?? '', /made this incomparable: backend/);
      assert.match(check?.output.summary ?? '', /name the backend in those settings/);
    });

    for (const from of ['base', 'input', 'default', 'local'] as const)
      test(`another backend than the baseline's, and a record that says it was named (${from}): that is its own word`, async () => {
        await leave((record) => {
          Object.assign(record.protocol, { backend: 'vllm' });
          record.asked = { commit: null, settings: { backend: { value: 'vllm', from } } };
        });
        const { exitCode, stdout, check } = await report();
        assert.deepEqual([exitCode, check?.conclusion], [2, 'failure'], stdout);
        assert.match(stdout, /backend vllm, asked auto/);
      });

    test('another backend, which the workflow gave `run`: nobody is to blame, as the digest shows', async () => {
      await leave((record) => {
        Object.assign(record.protocol, { backend: 'vllm' });
        record.asked = { commit: null, settings: { backend: { value: 'vllm', from: 'input' } } };
      });
      const digest = await recordDigest(join(workspace, 'record'));
      const { exitCode, stdout, check } = await report({ 'record-digest': digest });
      assert.deepEqual([exitCode, check?.conclusion], [0, 'neutral'], stdout);
    });

    test('another backend than the base names', async () => {
      await leave(({ protocol }) => Object.assign(protocol, { backend: 'vllm' }));
      const { exitCode, stdout, check } = await report({ backend: 'hf' });
      assert.deepEqual([exitCode, check?.conclusion], [2, 'failure'], stdout);
      assert.match(stdout, /backend vllm, asked hf/);
    });

    test('an input that the artifact says it had is believed by its digest alone', async () => {
      await leave((record) => {
        record.asked = { commit: null, settings: { seed: { value: '7', from: 'input' } } };
      });
      assert.equal((await report()).exitCode, 2);
      const digest = await recordDigest(join(workspace, 'record'));
      const digested = await report({ 'record-digest': digest });
      assert.deepEqual([digested.exitCode, digested.outputs.verdict], [1, 'regressed'], digested.stdout);
    });
  });

  describe('by settings of the base', () => {
    test('that ask for just that: judged', async () => {
      await put(CONFIG, 'seed: 7\n', 'main');
      base = await github.emulator.tip();
      await leave((record) => Object.assign(record, { seed: 7 }));
      const { exitCode, outputs, stdout } = await report();
      assert.deepEqual([exitCode, outputs.verdict], [1, 'regressed'], stdout);
    });

    test('as they were when it was evaluated: judged, also after the base asks for others', async () => {
      await put(CONFIG, 'seed: 7\n', 'main');
      pull = await github.emulator.openPull(`${branch}-old`);
      const before = await github.emulator.tip();
      await put(CONFIG, 'seed: 8\n', 'main');
      base = before;
      await leave((record) => {
        record.seed = 7;
        record.asked = { commit: before, settings: { seed: { value: '7', from: 'base' } } };
      });
      const { exitCode, outputs, stdout } = await report();
      assert.deepEqual([exitCode, outputs.verdict], [1, 'regressed'], stdout);
      // The policy is the newest.
      await put(CONFIG, 'seed: 8\npreset: macro\n', 'main');
      assert.match((await report()).summary, /Preset <code>macro/);
    });

    test('of a commit that is none of the base since it began: exit 2, a failed check', async () => {
      await leave((record) => {
        record.asked = { commit: pull.headSha, settings: {} };
      });
      const { exitCode, stdout, check } = await report();
      assert.equal(exitCode, 2, stdout);
      assert.match(stdout, /which is not a commit of main since .* began \[settings-differ\]/);
      assert.equal(check?.conclusion, 'failure');
    });

    test('that leave the template to the model, which brought one: what it made incomparable fails', async () => {
      await put(CONFIG, 'apply-chat-template: auto\n', 'main');
      await leave(({ protocol }) => Object.assign(protocol, { chatTemplateApplied: true }));
      const { exitCode, stdout, check } = await report();
      assert.deepEqual([exitCode, check?.conclusion], [1, 'failure'], stdout);
      assert.match(
        check?.output.summary ?? '',
        /The change itself made this incomparable: whether the chat template is applied/,
      );
    });

    test('that changed since the baseline: not comparable, neutral, and what to do', async () => {
      await put(CONFIG, 'system-instruction: Be brief.\n', 'main');
      await leave(({ protocol }) => Object.assign(protocol, { systemInstruction: 'Be brief.' }));
      const { exitCode, stdout, check } = await report();
      assert.deepEqual([exitCode, check?.conclusion], [0, 'neutral'], stdout);
      assert.match(check?.output.summary ?? '', /Rebase the change, or have a new baseline made/);
    });

    after(() => put(CONFIG, '', 'main'));
  });

  test('with a branch of its own as the base: judged by the default branch, unless base-branches lists it', async () => {
    const own = `base-of-${branch}`;
    await github.emulator.api('POST', '/repos/octo/models/git/refs', { ref: `refs/heads/${own}`, sha: base });
    const sha = await put(CONFIG, 'fail-on: []\n', own);
    await leave();
    const into = { base: { ref: own, sha } };
    const inputs = { ...judging(), check: 'false', record: './record' };
    assert.equal((await start('report', inputs, {}, into)).exitCode, 1);
    const listed = await start('report', { ...inputs, 'base-branches': 'base-of-*' }, {}, into);
    assert.equal(listed.exitCode, 0, listed.stdout);
  });

  describe('with a folder that is called as a ref', () => {
    beforeEach(async () => {
      await leave();
      for (const name of ['main', 'release'])
        cpSync(join(workspace, 'record'), join(workspace, name), { recursive: true });
    });

    test('baseline: main is the branch, whose record is compared with', async () => {
      await keepBaseline(github, disk, base, HALF);
      const { exitCode, outputs, stdout } = await report({ store: 'branch', baseline: 'main' });
      assert.deepEqual([exitCode, outputs.verdict], [1, 'regressed'], stdout);
    });

    for (const input of ['baseline', 'anchor'])
      test(`${input}: main without a store is not a path`, async () => {
        const { exitCode, stdout } = await report({ [input]: 'main' });
        assert.equal(exitCode, 2, stdout);
        assert.match(stdout, new RegExp(`${input}: main needs a store`));
      });
  });

  describe('names what judges in its checkout: exit 2, by name, with what mends it', () => {
    const REPORT: [input: string, value: string][] = [
      ['baseline', './mine'],
      ['baseline', './base/mine'],
      ['anchor', './mine'],
      ['run-spread', 'spread.json'],
      ['judge-audit', './mine'],
      ['store', 'folder:history'],
      ['store', 'folder:./linked'],
      ['baseline', './linked'],
    ];
    for (const [input, value] of REPORT) {
      const register = /mine|spread|history/.test(value) ? test : inNightly;
      register(`${input}: ${value} (report)`, async () => {
        await leave();
        await leave(undefined, 'mine');
        await leave(undefined, 'base/mine');
        symlinkSync(join(disk, 'main'), join(workspace, 'linked'));
        const { exitCode, stdout, check } = await report({ [input]: value });
        assert.equal(exitCode, 2, stdout);
        assert.match(
          stdout,
          /is part of the change's own checkout .*\[claimed-path\]\. Hint: .*runner\.temp/,
        );
        assert.equal(check?.conclusion, 'failure');
      });
    }

    test('baseline-model: ./model (action)', async () => {
      write({ 'model/x': '' });
      const inputs = { ...judging(), check: 'false', baseline: 'rerun', model: 'model' };
      const { exitCode, stdout } = await start('action', { ...inputs, 'baseline-model': './model' });
      assert.equal(exitCode, 2, stdout);
      assert.match(stdout, /baseline-model .*own checkout.*\[claimed-path\]/);
      assert.doesNotMatch(stdout, /::group::/);
    });

    test('the same outside of it is taken', async () => {
      await leave();
      const { exitCode, outputs, stdout } = await report({ anchor: join(disk, 'main') });
      assert.deepEqual([exitCode, outputs.verdict], [1, 'regressed'], stdout);
    });
  });

  describe('with a digest in the workflow', () => {
    test('the record that has it is judged, and no claim', async () => {
      await leave();
      const digest = await recordDigest(join(workspace, 'record'));
      for (const given of [digest, JSON.stringify({ 'record-digest': digest, other: 'x' })]) {
        const { exitCode, stdout, summary } = await report({ 'record-digest': given });
        assert.equal(exitCode, 1, stdout);
        assert.doesNotMatch(summary, /own claim/);
      }
    });

    const REFUSED: [what: string, inputs: Record<string, string>, message: RegExp][] = [
      [
        'a record of another digest',
        { 'record-digest': 'a'.repeat(64) },
        /the record is .* has to be a{64} \[digest-mismatch\]/,
      ],
      [
        'a record where the evaluation left none',
        { 'record-digest': '{}' },
        /holds no digest of the record \[digest-mismatch\]/,
      ],
      [
        'a record of another plan',
        { 'plan-hash': '0'.repeat(16) },
        /the record's plan is plan-a.*\[digest-mismatch\]/,
      ],
      [
        'a record of another model',
        { 'model-digest': 'sha256:x' },
        /the record's model is sha256:worse.*\[digest-mismatch\]/,
      ],
      ['what is not a digest', { 'record-digest': 'yes' }, /record-digest is 'yes' \[usage\]/],
    ];
    for (const [what, inputs, message] of REFUSED) {
      const register = what === REFUSED[0]![0] ? test : inNightly;
      register(`${what} is refused, in the check too`, async () => {
        await leave();
        const { exitCode, stdout, check } = await report(inputs);
        assert.equal(exitCode, 2, stdout);
        assert.match(stdout, message);
        assert.equal(check?.conclusion, 'failure');
      });
    }
  });

  test('on a base that is gone is asked what the branch has now, not what a tag of its name has', async () => {
    await put(CONFIG, 'alpha: 0.05\n', 'main');
    const other = await put(CONFIG, 'suite: of-the-tag\n', branch);
    const tags = '/repos/octo/models/git/refs';
    await github.emulator.api('POST', tags, { ref: 'refs/tags/main', sha: other });
    try {
      github.proxy.requests.length = 0;
      const inputs = { 'github-token': token, model: '/nonexistent' };
      const { stdout } = await start('run', inputs, {}, { base: { sha: 'f'.repeat(40) } });
      assert.match(stdout, /there is no model/);
      const refs = github.proxy.requests.flatMap(
        ({ asked }) => /\/contents\/.*[?&]ref=([^&]*)/.exec(asked)?.[1] ?? [],
      );
      const names = refs.map(decodeURIComponent).filter((ref) => !/^[0-9a-f]{40}$/.test(ref));
      assert.deepEqual(names, ['refs/heads/main']);
    } finally {
      await github.emulator.api('DELETE', `${tags}/tags/main`);
    }
  });

  describe('that edits the workflow it is evaluated by', () => {
    const reference = { GITHUB_WORKFLOW_REF: `octo/models/${WORKFLOW}@refs/pull/1/merge` };

    before(async () => {
      const steps = '    steps: [{ uses: ./tools/evaluate }, { uses: ./checked-out/action }]\n';
      await put(WORKFLOW, `jobs:\n  a:\n    uses: ./.github/workflows/called.yml\n  b:\n${steps}`, 'main');
      await put('.github/workflows/called.yml', 'jobs: {}\n', 'main');
      await put('tools/evaluate/action.yml', 'runs: {}\n', 'main');
    });

    /** A record that lost nothing. */
    const honest = () => keepRecord(workspace, { model: 'record', scores: HALF, commit: pull.headSha });

    test('not at all: passes', async () => {
      await honest();
      const { exitCode, stdout, check } = await report({}, reference);
      assert.equal(exitCode, 0, stdout);
      assert.equal(check?.conclusion, 'success');
    });

    for (const path of [WORKFLOW, '.github/workflows/called.yml', 'tools/evaluate/action.yml'])
      (path === WORKFLOW ? test : inNightly)(
        `${path}: action_required and exit 1, however good the model`,
        async () => {
          pull.headSha = await put(path, 'jobs: { mine: {} }\n', branch);
          await honest();
          const { exitCode, stdout, outputs, check } = await report({}, reference);
          assert.deepEqual([exitCode, outputs.passed], [1, 'false'], stdout);
          assert.equal(check?.conclusion, 'action_required');
          assert.match(
            check?.output.summary ?? '',
            /edits .*(\.github\/workflows\/|tools\/evaluate).*this run decides nothing/,
          );
        },
      );

    test('and lost: failure', async () => {
      pull.headSha = await put(WORKFLOW, 'jobs: { mine: {} }\n', branch);
      await leave();
      const { exitCode, check } = await report({}, reference);
      assert.deepEqual([exitCode, check?.conclusion], [1, 'failure']);
    });

    test('only by being older than the base: passes', async () => {
      await honest();
      await put(WORKFLOW, 'jobs: { newer: {} }\n', 'main');
      const { exitCode, stdout, check } = await report({}, reference);
      assert.deepEqual([exitCode, check?.conclusion], [0, 'success'], stdout);
    });

    for (const [what, environment] of [
      ['not said by the runner', {}],
      ['said in words that are no file', { GITHUB_WORKFLOW_REF: 'octo/models' }],
    ] as const)
      test(`${what}: what was not compared is said in log, check and comment`, async () => {
        await honest();
        const { stdout, summary, check } = await report({ comment: 'true' }, environment);
        const [comment] = await github.comments(pull.number);
        const said = /Whether this pull request edits the workflow that evaluates it is unknown/;
        for (const text of [stdout, summary, check?.output.summary, comment?.body])
          assert.match(text ?? '', said);
      });

    test("started by pull_request_target, whose workflow is the base's: nothing to say", async () => {
      await honest();
      const { stdout } = await report({}, { GITHUB_EVENT_NAME: 'pull_request_target' });
      assert.doesNotMatch(stdout, /Whether this pull request edits/);
    });

    test('without a token: said, and nothing is green', async () => {
      await honest();
      const { stdout, summary } = await report({ 'github-token': '' }, reference);
      assert.match(summary + stdout, /Whether this pull request edits .*is unknown/);
    });
  });
});
