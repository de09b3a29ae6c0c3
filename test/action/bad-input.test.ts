/**
 * The built report action on everything that can be wrong with a pull request, its base, its record and its token: what is
 * said, and that nothing is lost: what was posted before stays, and no verdict changes.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { writeRecord } from '../../src/record/write.ts';
import { HALF, after as lost } from '../support/comparisons.ts';
import { eventEnvironment, pullPayload, REPOSITORY } from '../support/events.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { assertHarmless, poison, type TextPath, textPaths } from '../support/hostile-record.ts';
import { keepBaseline, keepRecord } from '../support/keep-baseline.ts';
import { runStep, type StepResult } from '../support/runner.ts';
import { inNightly, inParts as test } from '../support/tier.ts';
import { makeZip, type ZipMember } from '../support/zip.ts';

const POLICY = '.github/sos-bench.yml';

describe('a report', () => {
  const folder = temporaryFolder();
  let github: TestGitHub;
  let proxy: FakeArtifacts;
  let token: string;
  let base: string;
  let pull: { number: number; headSha: string };
  let runs = 0;

  before(async () => {
    github = await startGitHub();
    proxy = await startFakeArtifacts(github.proxy.url);
    token = await github.emulator.appToken();
    base = await github.emulator.tip();
    await keepBaseline(github, folder, base, HALF);
  });
  beforeEach(async () => {
    github.proxy.faults.length = 0;
    pull = await github.emulator.openPull();
    await keep();
  });
  after(async () => {
    proxy.close();
    await github.close();
  });

  const keep = (name?: string) =>
    keepRecord(folder, {
      model: 'worse',
      scores: lost(60),
      commit: pull.headSha,
      ...(name === undefined ? {} : { name }),
    });

  interface Given {
    inputs?: Record<string, string>;
    /** What is otherwise than of other pull requests. */
    pull?: Parameters<typeof pullPayload>[2];
    /** Files in the workspace; it is not a checkout. */
    files?: Record<string, string>;
    token?: string;
    workflowRun?: object;
  }

  /** Reports the record `worse` on the pull request, in a workspace of its own. */
  function report({ inputs, pull: changes, files = {}, workflowRun, ...given }: Given = {}) {
    const workspace = join(folder, `workspace-${++runs}`);
    mkdirSync(workspace);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(workspace, name, '..'), { recursive: true });
      writeFileSync(join(workspace, name), content);
    }
    const run = 1000 + runs;
    const event =
      workflowRun === undefined
        ? { name: 'pull_request', payload: pullPayload(pull, base, changes), run }
        : { name: 'workflow_run', payload: { workflow_run: workflowRun }, run };
    const record = workflowRun === undefined ? { record: join(folder, 'worse') } : {};
    return runStep({
      workspace,
      action: 'report',
      inputs: { 'github-token': given.token ?? token, ...record, ...inputs },
      environment: { ...eventEnvironment(folder, event), GITHUB_API_URL: proxy.url },
    });
  }

  const conclusions = async () => (await github.checks(pull.headSha)).map(({ conclusion }) => conclusion);
  const bodies = async () => (await github.comments(pull.number)).map(({ body }) => body);

  async function assertRegressed({ exitCode, outputs, stdout }: StepResult): Promise<void> {
    assert.equal(exitCode, 1, stdout);
    assert.deepEqual([outputs.verdict, outputs.passed], ['regressed', 'false']);
  }

  test('with nothing wrong: regressed, one comment, a failed check; no checkout is needed', async () => {
    await assertRegressed(await report());
    assert.match((await bodies()).join(), /The model got worse/);
    assert.deepEqual(await conclusions(), ['failure']);
  });

  describe("of another run's artifact", () => {
    const file = (name: string, more: Partial<ZipMember> = {}): ZipMember => ({
      name,
      content: readFileSync(join(folder, 'worse', name)),
      ...more,
    });
    const edited = (edit: (text: string) => string) => [
      { name: 'record.json', content: Buffer.from(edit(file('record.json').content.toString())) },
      file('items.parquet'),
    ];
    const whole = () => [file('record.json'), file('items.parquet')];

    const HOSTILE: [string, () => Buffer, RegExp][] = [
      [
        'zeros without end',
        () =>
          makeZip([
            file('record.json'),
            { name: 'items.parquet', content: Buffer.alloc(1_000_000), claimed: 4_000_000_000 },
          ]),
        /items\.parquet is too large/,
      ],
      ['more bytes than a record has', () => Buffer.alloc(65_000_000), /has 65000000 bytes/],
      [
        'a million entries',
        () =>
          makeZip([
            ...whole(),
            ...Array.from({ length: 1001 }, (_, i) => ({ name: `f${i}`, content: Buffer.alloc(0) })),
          ]),
        /it has 1003 files/,
      ],
      [
        'paths that climb out',
        () => makeZip([...whole(), { name: '../../record.json', content: Buffer.from('{}') }]),
        /invalid relative path/,
      ],
      [
        'a link',
        () => makeZip([file('record.json', { mode: 0o120777 }), file('items.parquet')]),
        /record\.json is a link/,
      ],
      ['a name twice', () => makeZip([...whole(), file('record.json')]), /has record\.json twice/],
      [
        'another schema',
        () => makeZip(edited((text) => text.replace('"schemaVersion": 1', '"schemaVersion": 9'))),
        /schema version 9/,
      ],
      [
        'NaN',
        () => makeZip(edited((text) => text.replace(/"mean": 0\.\d+/, '"mean": NaN'))),
        /not whole JSON/,
      ],
      [
        'the record of another commit',
        () => makeZip(edited((text) => text.replace(pull.headSha, 'a'.repeat(40)))),
        /claims to be of a{40}, the run was for/,
      ],
    ];

    /** A fork's run that has ended and left this; its head is the pull request's. */
    function ended(archive: Buffer): Given {
      const id = 5000 + runs;
      proxy.archives.set(id, new Map([['sos-bench-record', archive]]));
      return {
        workflowRun: {
          id,
          run_attempt: 1,
          event: 'pull_request',
          conclusion: 'success',
          head_sha: pull.headSha,
          head_branch: `change-${pull.number}`,
          head_repository: REPOSITORY,
          actor: { login: 'writer' },
          pull_requests: [],
        },
      };
    }

    const findBranch = async () => {
      const { head } = await github.emulator.api<{ head: { ref: string } }>(
        'GET',
        `/repos/octo/models/pulls/${pull.number}`,
      );
      return head.ref;
    };

    async function reportOn(archive: Buffer): Promise<StepResult> {
      const given = ended(archive);
      Object.assign(given.workflowRun!, { head_branch: await findBranch() });
      return await report(given);
    }

    describe('that is hostile', () => {
      let reported: typeof pull;
      let stood: string[];

      before(async () => {
        reported = await github.emulator.openPull();
        pull = reported;
        await keep();
        await report();
        stood = await bodies();
        assert.equal(stood.length, 1);
      });
      beforeEach(async () => {
        pull = reported;
        await keep();
      });

      for (const [what, archive, message] of HOSTILE) {
        const register = /^(zeros|paths|NaN|the record)/.test(what) ? test : inNightly;
        register(
          `${what}: refused by name, in the check too; the report that stood there stays`,
          async () => {
            const { exitCode, stdout, outputs } = await reportOn(archive());
            assert.equal(exitCode, 2, stdout);
            assert.match(stdout, message);
            assert.match(stdout, /\[record-invalid\]/);
            assert.deepEqual(outputs, {});
            assert.deepEqual(await bodies(), stood);
            const last = (await github.checks(pull.headSha)).at(-1);
            assert.equal(last?.conclusion, 'failure');
            assert.match(last!.output.summary, message);
          },
        );
      }
    });

    for (const [what, isKept] of [
      ['markdown and HTML in every string', () => false],
      [
        '... but those that make it comparable',
        (path: TextPath) => /^(suite|protocol|benchmarks)$/.test(path[0]!),
      ],
    ] as [string, (path: TextPath) => boolean][]) {
      test(`${what}: shown as text, pinging nobody, in comment, check and job summary`, async () => {
        const path = join(folder, 'worse');
        const { record, items } = poison(
          await readRecord(path),
          textPaths().filter((index) => !isKept(index)),
        );
        await writeRecord(path, record, items);
        const { summary, stdout } = await reportOn(makeZip(whole()));
        const texts = await bodies();
        assert.ok(texts.length <= 1, stdout);
        const [check] = await github.checks(pull.headSha);
        for (const text of [
          // Our own markers aside.
          ...texts.map((text) => text.replace(/^<!-- sos-bench:.* -->$/gm, '')),
          check!.output.summary,
          summary,
        ])
          assertHarmless(text);
        assert.doesNotMatch(check!.output.title, /octo/);
      });
    }

    test('an error that repeats what it found: as text too', async () => {
      const rename = (text: string) => text.replace(/"id": "[^"]+"/, '"id": "@octo/everyone <a href=x> #1"');
      const { summary } = await reportOn(makeZip(edited(rename)));
      const { output } = (await github.checks(pull.headSha))[0]!;
      for (const text of [summary, output.summary]) {
        assert.match(text, /octo\/ever/);
        assertHarmless(text);
      }
    });

    test('a record that is not JSON: none of it is repeated', async () => {
      const { summary, stdout } = await reportOn(makeZip(edited(() => 'ghp_Secret0Secret1 octo')));
      assert.match(
        stdout,
        /record\.json cannot be used: it is not whole JSON \(Unexpected character at line 1/,
      );
      const { output } = (await github.checks(pull.headSha))[0]!;
      for (const text of [summary, output.summary, stdout]) assert.doesNotMatch(text, /Secret/);
    });

    test('a commit that is none: refused by the schema, and not repeated', async () => {
      const said = makeZip(edited((text) => text.replace(pull.headSha, '@octo/everyone ![x](http://evil/)')));
      const { exitCode, stdout } = await reportOn(said);
      assert.equal(exitCode, 2);
      assert.match(stdout, /commit: is not a whole commit id.*\[record-invalid\]/);
      assert.doesNotMatch((await github.checks(pull.headSha))[0]!.output.summary, /octo/);
    });

    test('a run whose pull request has moved on: nothing is posted, and that is not a failure', async () => {
      const given = ended(makeZip(whole()));
      Object.assign(given.workflowRun!, { head_branch: await findBranch(), head_sha: 'e'.repeat(40) });
      const { exitCode, stdout } = await report(given);
      assert.equal(exitCode, 0, stdout);
      assert.match(stdout, /No open pull request has that commit as its head/);
      assert.deepEqual([await bodies(), await conclusions()], [[], []]);
    });

    for (const [conclusion, why] of [
      ['skipped', 'another workflow has its pull request'],
      ['action_required', 'somebody has to approve it'],
    ]) {
      test(`a run of which no job began, since ${why}: nothing is posted`, async () => {
        const given = ended(Buffer.alloc(0));
        Object.assign(given.workflowRun!, { head_branch: await findBranch(), conclusion });
        proxy.archives.clear();
        const { exitCode, stdout } = await report(given);
        assert.equal(exitCode, 0, stdout);
        assert.match(stdout, /::notice::No job of that run began/);
        assert.deepEqual([await bodies(), await conclusions()], [[], []]);
      });
    }

    test('a run that left no record: its conclusion is told, and the check fails', async () => {
      const given = ended(Buffer.alloc(0));
      Object.assign(given.workflowRun!, { head_branch: await findBranch(), conclusion: 'failure' });
      proxy.archives.clear();
      const { exitCode, stdout } = await report(given);
      assert.equal(exitCode, 2, stdout);
      assert.match(stdout, /\(failure\) left no artifact sos-bench-record \[record-missing\]/);
      assert.deepEqual(await conclusions(), ['failure']);
    });
  });

  describe('where the base is not as it was', () => {
    test('a store entry is corrupt: told, and left as it is', async () => {
      const path = `runs/${base.slice(0, 2)}/${base}/entry.json`;
      const where = `/repos/octo/models/contents/${path}`;
      const { sha, content } = await github.emulator.api<{ sha: string; content: string }>(
        'GET',
        `${where}?ref=sos-bench`,
      );
      const put = (text: string, known: string) =>
        github.emulator.api<{ content: { sha: string } }>('PUT', where, {
          message: 'by hand',
          branch: 'sos-bench',
          content: text,
          sha: known,
        });
      const broken = await put(Buffer.from('{"schemaVersion": 1, ').toString('base64'), sha);
      const { exitCode, stdout, outputs, summary } = await report();
      const after = await github.emulator.api<{ sha: string }>('GET', `${where}?ref=sos-bench`);
      await put(content.replaceAll('\n', ''), broken.content.sha);
      assert.equal(exitCode, 0, stdout);
      assert.equal(outputs.verdict, 'no-baseline');
      assert.match(summary, /No baseline: .*entry\.json is not whole JSON/s);
      assert.deepEqual(await conclusions(), ['neutral']);
      assert.equal(after.sha, broken.content.sha);
    });

    test('a nearer record is corrupt: an older one serves, and that is said', async () => {
      const { sha: tip } = await github.emulator.api<{ sha: string }>(
        'GET',
        '/repos/octo/models/commits/main',
      );
      assert.equal(tip, base);
      const { commit } = await github.emulator.api<{ commit: { sha: string } }>(
        'PUT',
        '/repos/octo/models/contents/newer.txt',
        { message: 'newer', content: 'eA==', branch: 'main' },
      );
      await keepBaseline(github, folder, commit.sha, HALF);
      const where = `/repos/octo/models/contents/runs/${commit.sha.slice(0, 2)}/${commit.sha}/entry.json`;
      const known = await github.emulator.api<{ sha: string }>('GET', `${where}?ref=sos-bench`);
      await github.emulator.api('PUT', where, {
        message: 'by hand',
        branch: 'sos-bench',
        content: Buffer.from('{').toString('base64'),
        sha: known.sha,
      });
      pull = await github.emulator.openPull();
      await keep();
      await assertRegressed(await report());
      assert.match(
        (await bodies())[0]!,
        new RegExp(
          `A nearer record, of ${commit.sha.slice(0, 12)}, could not be the baseline: .*not whole JSON`,
        ),
      );
    });

    test('force-pushed to another history: no baseline, and why; the policy is read from what is there', async () => {
      const { commit } = await github.emulator.api<{ commit: { sha: string } }>(
        'PUT',
        `/repos/octo/models/contents/${POLICY}`,
        { message: 'policy', branch: 'main', content: Buffer.from('alpha: 0.01\n').toString('base64') },
      );
      const { tree } = await github.emulator.api<{ tree: { sha: string } }>(
        'GET',
        `/repos/octo/models/git/commits/${commit.sha}`,
      );
      const { sha } = await github.emulator.api<{ sha: string }>('POST', '/repos/octo/models/git/commits', {
        message: 'another history',
        tree: tree.sha,
        parents: [],
      });
      const refs = { ref: 'refs/heads/rewritten', sha };
      await github.emulator.api('POST', '/repos/octo/models/git/refs', refs);
      const { exitCode, stdout, summary } = await report({
        inputs: { 'base-branches': 'rewritten' },
        pull: { base: { sha: 'f'.repeat(40), ref: 'rewritten' } },
      });
      assert.equal(exitCode, 0, stdout);
      assert.match(
        summary,
        /No baseline: GitHub knows no common commit of '[0-9a-f]{40}' and .*force-pushed/,
      );
      assert.deepEqual(await conclusions(), ['neutral']);
    });

    test('its branch was deleted: the commit that it stood at is looked up', async () => {
      const { exitCode, stdout, outputs } = await report({
        inputs: { 'base-branches': 'release-*' },
        pull: { base: { ref: 'release-1' } },
      });
      assert.equal(exitCode, 1, stdout);
      assert.equal(outputs.verdict, 'regressed');
    });

    test('the store branch was deleted: no baseline, and that there is no history', async () => {
      const { exitCode, stdout, summary } = await report({ inputs: { store: 'branch:gone' } });
      assert.equal(exitCode, 0, stdout);
      assert.match(summary, /No baseline: there is no history yet: .*gone.* does not exist/);
    });
  });

  describe('whose check GitHub does not take at first', () => {
    for (const fault of ['502', '500', 'cut connection', '401'] as const) {
      const register = fault === '502' || fault === '401' ? test : inNightly;
      register(`${fault} while it is opened: it is made when there is a verdict`, async () => {
        const tries = fault === '401' ? 1 : 4;
        github.proxy.faults.push({ fault, on: /^POST .*\/check-runs/, times: tries });
        const result = await report();
        await assertRegressed(result);
        assert.match(result.stdout, /::warning title=SOS-Bench%3A not posted::could not open the check/);
        assert.deepEqual(await conclusions(), ['failure']);
      });
    }

    test('without the permission: warned of once', async () => {
      const weak = await github.emulator.appToken({ contents: 'read', pull_requests: 'write' });
      const { stdout } = await report({ token: weak });
      assert.equal(
        stdout.match(/::warning title=SOS-Bench%3A not posted::could not (open|conclude)/g)?.length,
        1,
      );
    });
  });

  describe('on a pull request that is not as others', () => {
    test('closed: reported all the same', async () => {
      await github.emulator.api('PATCH', `/repos/octo/models/pulls/${pull.number}`, { state: 'closed' });
      await assertRegressed(await report({ pull: { state: 'closed' } }));
      assert.equal((await bodies()).length, 1);
      assert.deepEqual(await conclusions(), ['failure']);
    });

    test('locked: no comment, a warning that says so; check, summary and verdict stay', async () => {
      github.proxy.locked.add(pull.number);
      const result = await report({ pull: { locked: true } });
      await assertRegressed(result);
      assert.match(result.stdout, /::warning .*the conversation is locked/);
      assert.match(result.summary, /The model got worse/);
      assert.deepEqual(await conclusions(), ['failure']);
    });

    test('from a repository that was deleted: judged as any other', async () => {
      await assertRegressed(await report({ pull: { head: { repo: null } } }));
      assert.deepEqual(await conclusions(), ['failure']);
    });

    test('that edits its own policy: judged by the version of its base, and told', async () => {
      const result = await report({ files: { [POLICY]: 'fail-on: []\nminimum-effect: 50\n' } });
      await assertRegressed(result);
      assert.match(
        (await bodies())[0]!,
        /edits .*sos-bench\.yml\. Proposed, not used: .*minimum-effect: 50.* It was judged by the version of its base/,
      );
    });

    test('with a threshold for a benchmark that nothing has: refused, with the nearest one', async () => {
      const { exitCode, stdout } = await report({ inputs: { thresholds: 'wk=warn, bqq=off' } });
      assert.equal(exitCode, 2, stdout);
      assert.match(
        stdout,
        /--thresholds: there is no benchmark 'bqq' \[benchmark-unknown\]\. Hint: did you mean 'bbq'/,
      );
      assert.deepEqual(await bodies(), []);
    });

    describe('that was evaluated by its own settings', () => {
      let toward: { sha: string; ref: string };

      before(async () => {
        const file = { path: POLICY, content: 'suite: mini\ninclude-path: []\n' };
        const ref = 'with-settings';
        await github.emulator.api('POST', '/repos/octo/models/git/refs', {
          ref: `refs/heads/${ref}`,
          sha: base,
        });
        const { commit } = await github.emulator.api<{ commit: { sha: string } }>(
          'PUT',
          `/repos/octo/models/contents/${file.path}`,
          { message: 'settings', branch: ref, content: Buffer.from(file.content).toString('base64') },
        );
        toward = { sha: commit.sha, ref };
      });

      test('of another suite than its base asks for: refused, in the check too; a neutral one would let it pass', async () => {
        const { exitCode, stdout } = await report({
          pull: { base: toward },
          inputs: { 'base-branches': 'with-*' },
        });
        assert.equal(exitCode, 2, stdout);
        assert.match(
          stdout,
          /the evaluation used other settings than with-settings asks for: suite full, asked mini \[settings-differ\]\. Hint: .*config: base\//,
        );
        assert.deepEqual(await conclusions(), ['failure']);
        assert.deepEqual(await bodies(), []);
      });

      test('with task definitions of its own: refused', async () => {
        const path = join(folder, 'worse');
        const { record, items } = await readRecord(path);
        record.protocol.includePaths = ['my/tasks'];
        await writeRecord(path, record, items);
        const { exitCode, stdout } = await report({
          pull: { base: toward },
          inputs: { suite: 'full', 'base-branches': 'with-*' },
        });
        assert.equal(exitCode, 2, stdout);
        assert.match(stdout, /include-path my\/tasks, asked none/);
      });

      test("of the suite that the reporting workflow itself asks for: judged, whatever the base's file says", async () => {
        const { outputs, stdout } = await report({
          pull: { base: toward },
          inputs: { suite: 'full', 'base-branches': 'with-*' },
        });
        assert.equal(outputs.verdict, 'regressed', stdout);
      });
    });

    test('two reports at once: one comment, of the newer run', async () => {
      const results = await Promise.all([report(), report()]);
      for (const result of results) assert.equal(result.exitCode, 1, result.stdout);
      const all = await bodies();
      assert.equal(all.length, 1);
      assert.match(all[0]!, new RegExp(`run=${1000 + runs} `));
      assert.equal((await conclusions()).filter((conclusion) => conclusion === null).length, 0);
    });
  });

  describe('with a token or an API that does not do', () => {
    test('no scopes at all: ends before anything is posted, with the permissions to add', async () => {
      const weak = await github.emulator.appToken({ metadata: 'read' } as never);
      github.proxy.faults.push({
        fault: '403 without permission',
        on: /^GET .*\/(contents|git|compare|commits)/,
      });
      const { exitCode, stdout, outputs } = await report({ token: weak });
      assert.equal(exitCode, 2, stdout);
      assert.match(stdout, /::error title=SOS-Bench could not run::.*permission-missing.*contents: read/);
      assert.deepEqual(outputs, {});
      assert.deepEqual([await bodies(), await conclusions()], [[], []]);
    });

    test('reading alone: warnings with the YAML; verdict, outputs and summary stay', async () => {
      const weak = await github.emulator.appToken({ contents: 'read', metadata: 'read' } as never);
      const result = await report({ token: weak });
      await assertRegressed(result);
      assert.match(result.stdout, /::warning .*checks: write/);
      assert.match(result.stdout, /::warning .*pull-requests: write/);
      assert.match(result.summary, /The model got worse/);
    });

    test('a rate limit that is used up: said with its end, exit 2', async () => {
      github.proxy.faults.push({ fault: 'rate limit exhausted', on: /./ });
      const { exitCode, stdout } = await report();
      assert.equal(exitCode, 2, stdout);
      assert.match(
        stdout,
        /rate limit is used up until 20\S+Z.*\[rate-limited\]\. Hint: run the job again later/,
      );
    });

    test('a rate limit that is used up when it comes to posting: the verdict stays', async () => {
      github.proxy.faults.push({ fault: 'rate limit exhausted', on: /^(POST|PATCH) / });
      const result = await report();
      await assertRegressed(result);
      assert.match(result.stdout, /::warning .*rate limit is used up/);
    });
  });
});
