/** The first screen: how long the README is, what it links to, and that its commands and those of getting-started do what they say. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { parse } from 'yaml';
import { buildProgram } from '../../src/cli/program.ts';
import { writeRecord } from '../../src/record/write.ts';
import { temporaryFolder } from '../support/folder.ts';
import { commandsOf } from '../support/pages.ts';
import { makeRecord, rightThenWrong } from '../support/records.ts';
import { runMain, runtimeOf } from '../support/runtime.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const MAX_README_BYTES = 6144;
const readme = read('README.md');

test(`the README has at most ${MAX_README_BYTES} bytes`, () => {
  assert.ok(statSync(join(ROOT, 'README.md')).size <= MAX_README_BYTES);
});

test('everything the README links to is there', () => {
  const links = [
    ...readme.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g),
    ...readme.matchAll(/(?:src|srcset)="(?!https?:)([^"]+)"/g),
  ];
  assert.ok(links.length > 20);
  for (const [, path] of links) assert.ok(existsSync(join(ROOT, path!)), path);
});

test('the README links to every page of docs', () => {
  const linked = new Set([...readme.matchAll(/\]\((docs\/[\w-]+\.md)/g)].map(([, path]) => path));
  const others = ['docs/comment.md', 'docs/report.md'];
  for (const name of ['action', 'running', 'settings', 'getting-started', 'trust', 'judge', 'cost'])
    assert.ok(linked.has(`docs/${name}.md`), name);
  for (const path of others) if (existsSync(join(ROOT, path))) assert.ok(linked.has(path), path);
});

test('the README shows the action in a job of ten lines, with no permission to write code', () => {
  const [, block] = /^```yaml\n(.*?)^```$/ms.exec(readme)!;
  assert.ok(block!.trimEnd().split('\n').length <= 10);
  const job = (
    parse(block!) as {
      'sos-bench': { permissions: Record<string, string>; steps: { uses: string; with: object }[] };
    }
  )['sos-bench'];
  assert.notEqual(job.permissions.contents, 'write');
  const declared = Object.keys((parse(read('action.yml')) as { inputs: object }).inputs);
  for (const { uses, with: inputs } of job.steps) {
    assert.equal(uses, 'OWNER/REPO@REF');
    for (const input of Object.keys(inputs)) assert.ok(declared.includes(input), input);
  }
});

describe('a job that trains, which runs the code of the change, may write nothing', () => {
  interface Job {
    permissions?: Record<string, string>;
    steps?: { run?: string }[];
  }
  const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(md|yml)$/.test(name),
  );
  for (const name of pages) {
    const text = read(join('docs', name));
    const blocks = name.endsWith('.yml')
      ? [text]
      : [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block]) => block!);
    const jobs = blocks.flatMap((block) =>
      Object.entries((parse(block) as { jobs?: Record<string, Job> } | null)?.jobs ?? {}),
    );
    const training = jobs.filter(([, { steps = [] }]) => steps.some(({ run = '' }) => /train/.test(run)));
    if (training.length > 0)
      test(`docs/${name}`, () => {
        for (const [job, { permissions }] of training)
          assert.deepEqual(
            Object.values(permissions ?? { none: 'left to the default' }).filter((level) => level !== 'read'),
            [],
            job,
          );
      });
  }
});

describe('no page tells to run what a stranger could publish', () => {
  for (const page of ['README.md', 'docs/getting-started.md', 'docs/running.md', 'docs/settings.md'])
    test(page, () => assert.doesNotMatch(read(page), /\bnpx\b|npm (i|install) (-g )?sos-bench/));
});

test('every command of the pages is one, with flags and arguments that it takes', async () => {
  const program = await buildProgram(runtimeOf([]).runtime, () => undefined);
  let seen = 0;
  const docs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  for (const page of ['README.md', ...docs.map((name) => `docs/${name}`)]) {
    for (const line of commandsOf(read(page))) {
      const [, rest] = /^(?:node dist\/cli\.js|sos-bench)\s+(.*)$/.exec(line) ?? [];
      if (rest === undefined) continue;
      seen++;
      const words = rest.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
      let command = program.commands.find((one) => one.name() === words[0]);
      assert.ok(command !== undefined, `${page}: ${line}`);
      command = command.commands.find((one) => one.name() === words[1]) ?? command;
      const known = new Set(['--help', ...command.options.map(({ long }) => long)]);
      for (const word of words) {
        const [, flag] = /^\[?(--[\w-]+)/.exec(word) ?? [];
        if (flag !== undefined) assert.ok(known.has(flag), `${page}: ${line}: ${flag}`);
      }
    }
  }
  assert.ok(seen > 60, `${seen} commands`);
});

test('every flag that a page names by itself is one of a command', async () => {
  // Of pip, Docker, Slurm and lm-eval; `--only` is one of the benches.
  const others = [
    '--require-hashes',
    '--build-arg',
    '--secret',
    '--gpus',
    '--signal',
    '--wandb_args',
    '--only',
  ];
  const program = await buildProgram(runtimeOf([]).runtime, () => undefined);
  const commands = program.commands.flatMap((command) => [command, ...command.commands]);
  const known = new Set(commands.flatMap(({ options }) => options.map(({ long }) => long)));
  for (const flag of ['--help', ...others]) known.add(flag);
  const docs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  const unknown = ['README.md', 'CHANGELOG.md', ...docs.map((name) => `docs/${name}`)].flatMap((page) =>
    [...read(page).matchAll(/`(--[a-z][\w-]*)/g)]
      .filter(([, flag]) => !known.has(flag!))
      .map(([, flag]) => `${page}: ${flag}`),
  );
  assert.deepEqual(unknown, []);
});

test('the commands of the README that evaluate nothing run as they stand, from an empty folder', async () => {
  const folder = temporaryFolder();
  // What its `run` lines leave; test/nightly/first-screen.test.ts runs those.
  for (const [name, right] of [
    ['main', 60],
    ['pr', 58],
  ] as const) {
    const { record, items } = makeRecord({
      model: name,
      benchmarks: { bbq: { scores: rightThenWrong(right, 100 - right) } },
    });
    await writeRecord(join(folder, 'records', name), record, items);
  }
  const lines = commandsOf(readme).filter((line) => !/^npm | (demo|run) /.test(line));
  assert.ok(lines.length >= 2);
  for (const line of lines) {
    const { exitCode, stdout, stderr } = await runMain(line.split(' ').slice(2), { cwd: folder });
    assert.ok(exitCode < 2, `${line}: ${stderr}`);
    assert.ok(stdout.length > 100, line);
  }
});

test('the commands of getting-started that write workflows run as they stand, each in a new repository', async () => {
  const lines = commandsOf(read('docs/getting-started.md')).filter((line) =>
    line.startsWith('sos-bench init'),
  );
  assert.ok(lines.length >= 5);
  const sha = '0123456789abcdef0123456789abcdef01234567';
  for (const line of lines) {
    const folder = temporaryFolder();
    await execa('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder });
    await execa('git', ['remote', 'add', 'origin', 'https://github.com/octo/models'], { cwd: folder });
    const words = line.replace('@SHA', `@${sha}`).match(/"[^"]*"|'[^']*'|\S+/g)!;
    const argv = words.slice(1).map((word) => word.replace(/^'(.*)'$/, '$1'));
    // Of which commit this program is, only a release knows, and a checkout with a remote.
    const action = argv.includes('--action') ? [] : ['--action', `octo/sos-bench@${sha}`];
    const environment = { PATH: process.env.PATH ?? '', HOME: folder };
    const { exitCode, stdout, stderr } = await runMain([...argv, ...action], { cwd: folder, environment });
    assert.deepEqual([exitCode, stderr], [0, ''], line);
    assert.equal(existsSync(join(folder, '.github', 'sos-bench.yml')), !argv.includes('--dry-run'), line);
    assert.match(stdout, /Left to do/, line);
  }
});
