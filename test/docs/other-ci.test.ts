/**
 * The files of docs/examples for CI that is not GitHub's. Their own commands, run from a new clone each: a push to main keeps a record, a
 * change that is worse fails with a report, one that is not passes.
 */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, describe } from 'node:test';
import { execa } from 'execa';
import { parse as parseJunit, type TestSuite } from 'junit2json';
import { parse } from 'yaml';
import { recordPaths } from '../../src/record/paths.ts';
import { writeAnsweredQuestions } from '../support/answered-questions.ts';
import { CI_EXAMPLES, type CiExample, type CiJob } from '../support/ci-examples.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { COMPILED_ONCE, ONE_THREAD } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { inE2e, inNightly, inParts, needsModel } from '../support/tier.ts';

const ROOT = join(import.meta.dirname, '..', '..');

for (const example of CI_EXAMPLES) {
  inParts(
    `${example.file}: what a change could write to is neither resumed from nor read as settings`,
    () => {
      const script = example.script('compare');
      assert.match(script, /work="\$\(mktemp -d\)"/);
      for (const flag of ['--output', '--baseline', '--candidate'])
        for (const [, value] of script.matchAll(new RegExp(`${flag} (\\S+)`, 'g')))
          assert.match(value!, /^"\$(work|report)\//, flag);
      // A job that ends early uploads that folder, too.
      assert.match(script, /^(.*\n)*? *rm -rf sos-bench-report && mkdir sos-bench-report\n *(model|report)=/);
      assert.doesNotMatch(script, /TARGET|BASE_BRANCH|DIFF_BASE/, 'a change names no branch that judges it');
      // What settings name is looked for where the command runs: in a copy of the base.
      const [before, after] = script.split(/^ *cd "\$work\/base"$/m);
      assert.match(before!, /git archive "\$base" \| tar -x -C "\$work\/base"\n/);
      assert.deepEqual(
        [...before!.matchAll(/sos-bench (\w+ ?\w*) -.*--config (\S+)/g)].map(([, ...found]) => found),
        [['history baseline', '"$work/base/sos-bench.yml"']],
      );
      const judging = after!.split('\n').filter((line) => /^ *sos-bench /.test(line));
      assert.ok(judging.length >= 3 && judging.every((line) => line.includes(' --config sos-bench.yml ')));
      assert.doesNotMatch(script, /history add/, 'a change keeps no record');
      assert.doesNotMatch(example.script('train'), /sos-bench/);
    },
  );
}

inParts(
  'buildkite.yml: a build that does not keep a record compares, since all builds report to their commit',
  () => {
    const { steps } = parse(readFileSync(join(ROOT, 'docs', 'examples', 'buildkite.yml'), 'utf8')) as {
      steps: { key: string; if?: string }[];
    };
    const [train, keep, compare] = ['train', 'keep', 'compare'].map(
      (key) => steps.find((step) => step.key === key)!.if,
    );
    assert.equal(train, undefined);
    assert.equal(keep, 'build.branch == pipeline.default_branch && build.pull_request.id == null');
    assert.equal(
      compare,
      keep!
        .replace('==', '!=')
        .replace('&&', '||')
        .replace(/== null$/, '!= null'),
    );
  },
);

const folder = temporaryFolder();
const bin = join(folder, 'bin');
const origin = join(folder, 'origin');
const models = { main: join(folder, 'models', 'main'), damaged: join(folder, 'models', 'damaged') };
let environment: Record<string, string>;
let clones = 0;

const git = async (...args: string[]) =>
  (
    await execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: origin })
  ).stdout.trim();

async function commit(files: Record<string, string>): Promise<string> {
  for (const [path, content] of Object.entries(files))
    writeFileSync(join(origin, path), content, { mode: 0o755 });
  await git('add', '--all');
  await git('commit', '--quiet', '-m', Object.keys(files).join());
  return await git('rev-parse', 'HEAD');
}

/** A repository with two models to train, and the programs that a machine of the CI has. */
async function prepare(): Promise<{ base: string; change: string }> {
  const cache = testCache(folder);
  const python = await testPython();
  await makeTinyModel(python, models.main, 4);
  await makeTinyModel(python, models.damaged, 1);
  const data = await writeAnsweredQuestions(models.main, folder, 60, cache);
  mkdirSync(bin);
  const program = (name: string, text: string) => writeFileSync(join(bin, name), text, { mode: 0o755 });
  program('sos-bench', `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'dist', 'cli.js')}' "$@"\n`);
  // A fake: of Buildkite's agent it has what these commands use.
  program(
    'buildkite-agent',
    '#!/bin/sh\nif [ "$1" = artifact ]; then cp -R model "$4/"; else cat > "$ANNOTATION"; fi\n',
  );
  await execa('git', ['init', '--quiet', '--initial-branch=main', origin]);
  const settings = `model-args: { dtype: float32 }\ndevice: cpu\nbackend: hf\ndatasets-dir: ${data}\nbenchmarks: [xstest]\n`;
  const base = await commit({
    'sos-bench.yml': settings,
    'train.sh': '#!/bin/sh\ncp -R "$TRAINED_MODEL" "$2"\n',
  });
  await git('checkout', '--quiet', '-b', 'change');
  // It loosens its own settings, and leads the report out of the workspace.
  symlinkSync('/nonexistent/elsewhere', join(origin, 'sos-bench-report'));
  const change = await commit({ 'sos-bench.yml': `${settings}fail-on: [incomplete]\nminimum-effect: 99\n` });
  environment = {
    ...(process.env as Record<string, string>),
    ...cache,
    ...ONE_THREAD,
    ...COMPILED_ONCE,
    PATH: `${bin}:${process.env.PATH}`,
  };
  return { base, change };
}

/** Jobs of a pipeline in a new clone: the model that a job before has trained is there. */
async function pipeline(
  example: CiExample,
  { sha, target = 'main' }: { sha: string; target?: string },
  jobs: CiJob[],
  model: 'main' | 'damaged',
  store: string,
) {
  const workspace = join(folder, `clone-${++clones}`);
  await execa('git', ['clone', '--quiet', origin, workspace]);
  await execa('git', ['checkout', '--quiet', '--detach', sha], { cwd: workspace });
  let last = { exitCode: 0 as number | undefined, all: '' };
  for (const job of jobs) {
    const script = join(folder, 'script.sh');
    writeFileSync(script, example.script(job));
    const env = {
      ...environment,
      ...example.variables({ sha, target, origin, workspace }),
      STORE: `folder:${store}`,
      ANNOTATION: join(folder, 'annotation.md'),
      TRAINED_MODEL: models[model],
    };
    const { exitCode, all = '' } = await execa('bash', ['-e', script], {
      cwd: workspace,
      env,
      reject: false,
      all: true,
    });
    last = { exitCode, all };
  }
  const report = join(workspace, 'sos-bench-report');
  const failed: string[] = [];
  if (existsSync(join(report, 'junit.xml'))) {
    const parsed = await parseJunit(readFileSync(join(report, 'junit.xml'), 'utf8'));
    for (const suite of (parsed as { testsuite: TestSuite[] }).testsuite)
      for (const { name, failure } of suite.testcase ?? []) if (failure !== undefined) failed.push(name!);
  }
  return { ...last, workspace, report, failed };
}

for (const example of CI_EXAMPLES) {
  inParts(
    `${example.file}: a change chooses neither its base, nor its settings, nor what is shown of it`,
    async () => {
      const there = temporaryFolder();
      const [own, origin, workspace] = ['bin', 'origin', 'clone'].map((name) => join(there, name)) as [
        string,
        string,
        string,
      ];
      const git = async (cwd: string, ...args: string[]) =>
        (
          await execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd })
        ).stdout.trim();
      mkdirSync(own);
      const program = (name: string, text: string) => writeFileSync(join(own, name), text, { mode: 0o755 });
      // It says what it was asked, and what the settings are, and ends as where there is no record yet.
      program('sos-bench', '#!/bin/sh\necho "$@"; cat "$work/base/sos-bench.yml"; exit 2\n');
      program('buildkite-agent', '#!/bin/sh\ncp -R model "$4/"\n');
      await execa('git', ['init', '--quiet', '--initial-branch=main', origin]);
      const commit = async (settings: string) => {
        writeFileSync(join(origin, 'sos-bench.yml'), settings);
        await git(origin, 'add', '--all');
        await git(origin, 'commit', '--quiet', '-m', settings);
        return await git(origin, 'rev-parse', 'HEAD');
      };
      const base = await commit('# of main');
      await git(origin, 'checkout', '--quiet', '-b', 'loose');
      await commit('# of a branch without rules');
      await git(origin, 'checkout', '--quiet', '-b', 'change');
      mkdirSync(join(origin, 'sos-bench-report'));
      writeFileSync(join(origin, 'sos-bench-report', 'junit.xml'), '<testsuites/>');
      const sha = await commit('# of the change');
      await execa('git', ['clone', '--quiet', origin, workspace]);
      await git(workspace, 'checkout', '--quiet', '--detach', sha);
      mkdirSync(join(workspace, 'model'));
      if (example.file === 'gitlab-ci.yml') {
        // An artifact may hold any file: this one makes git run a program, and read another commit in place of the base.
        await git(workspace, 'config', 'filter.own.smudge', `touch '${join(there, 'ran')}'`);
        mkdirSync(join(workspace, '.git', 'info'), { recursive: true });
        writeFileSync(join(workspace, '.git', 'info', 'attributes'), '* filter=own\n');
        await git(workspace, 'replace', base, sha);
      }
      const script = join(there, 'script.sh');
      writeFileSync(
        script,
        example.script('compare').replaceAll('sos-bench history', 'work="$work" sos-bench history'),
      );
      const env = {
        ...example.variables({ sha, target: 'loose', origin, workspace }),
        STORE: 'folder:/nonexistent',
        PATH: `${own}:${process.env.PATH}`,
      };
      const { exitCode, all } = await execa('bash', ['-e', script], {
        cwd: workspace,
        env,
        reject: false,
        all: true,
      });
      assert.equal(exitCode, 2, all);
      assert.match(all, new RegExp(`^history baseline .*--base ${base} `, 'm'));
      assert.match(all, /^# of main$/m);
      assert.deepEqual(readdirSync(join(workspace, 'sos-bench-report')), []);
      assert.ok(!existsSync(join(there, 'ran')));
    },
  );
}

describe('run', { skip: !needsModel && 'they need a model' }, () => {
  let commits: { base: string; change: string };
  before(async () => {
    if (needsModel) commits = await prepare();
  });

  for (const [index, example] of CI_EXAMPLES.entries()) {
    const run = index === 0 ? inE2e : inNightly;
    run(`${example.file}: main, a change that is worse, a change that is not`, async () => {
      const store = join(folder, `store-${index}`);
      const event = { sha: commits.change };
      const early = await pipeline(example, event, ['train', 'compare'], 'main', store);
      assert.equal(early.exitCode, 2, early.all);
      assert.match(early.all, /\[baseline-missing\]/);

      const main = { sha: commits.base };
      const kept = await pipeline(example, main, ['train', 'keep'], 'main', store);
      assert.equal(kept.exitCode, 0, kept.all);
      assert.match(kept.all, new RegExp(`Record of ${commits.base.slice(0, 12)} in folder .*: stored`));

      const worse = await pipeline(example, event, ['train', 'compare'], 'damaged', store);
      assert.equal(worse.exitCode, 1, worse.all);
      assert.deepEqual([worse.failed.includes('SOS-Bench'), worse.failed.includes('XSTest')], [true, true]);
      assert.match(readFileSync(join(worse.report, 'report.html'), 'utf8'), /<html/);

      const annotation =
        example.file === 'buildkite.yml' ? readFileSync(join(folder, 'annotation.md'), 'utf8') : '';
      const same = await pipeline(example, event, ['train', 'compare'], 'main', store);
      assert.equal(same.exitCode, 0, same.all);
      assert.deepEqual(same.failed, []);

      const left = ['.git', 'model', 'sos-bench-report', 'sos-bench.yml', 'train.sh'];
      assert.deepEqual(readdirSync(same.workspace).sort(), left, 'nothing else is left in the workspace');
      if (example.file === 'buildkite.yml') assert.match(annotation, /The model got worse/);
    });
  }

  inNightly(
    'skypilot.yaml: another machine goes on from the journal in the bucket; another model does not',
    async () => {
      const file = readFileSync(join(ROOT, 'docs', 'examples', 'skypilot.yaml'), 'utf8');
      const { run, envs } = parse(file) as { run: string; envs: Record<string, string> };
      const bucket = join(folder, 'bucket');
      const workdir = join(folder, 'workdir');
      mkdirSync(bucket);
      mkdirSync(join(workdir, '.github'), { recursive: true });
      writeFileSync(join(workdir, '.github', 'sos-bench.yml'), readFileSync(join(origin, 'sos-bench.yml')));
      let machines = 0;
      const machine = async (model: 'main' | 'damaged') => {
        const home = join(folder, `machine-${++machines}`);
        mkdirSync(home);
        symlinkSync(ROOT, join(home, 'sos-bench'));
        const { exitCode, all } = await execa('bash', ['-c', run.replaceAll('/records', bucket)], {
          cwd: workdir,
          env: { ...environment, ...envs, HOME: home, MODEL: models[model] },
          ...{ reject: false, all: true },
        });
        return { exitCode, all };
      };
      const record = join(bucket, envs.NAME!);
      const first = await machine('main');
      assert.equal(first.exitCode, 0, first.all);
      const items = readFileSync(recordPaths(record).items);
      // As if it had been taken away before the record was written: the bucket has the journal, cut in the middle of a line.
      const journal = readFileSync(recordPaths(record).journal);
      rmSync(record, { recursive: true });
      mkdirSync(record);
      writeFileSync(recordPaths(record).journal, journal.subarray(0, -100));
      const second = await machine('main');
      assert.equal(second.exitCode, 0, second.all);
      assert.match(second.all, /[Rr]esum/);
      assert.deepEqual(readFileSync(recordPaths(record).items), items);
      const other = await machine('damaged');
      assert.equal(other.exitCode, 2, other.all);
      assert.match(other.all, /\[journal-mismatch\]/);
    },
  );
});
