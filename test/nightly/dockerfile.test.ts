/** The steps of docs/examples/Dockerfile, without Docker: what copies, unpacks, links and builds is done for real, in a folder of its own. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { temporaryFolder } from '../support/folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(ROOT, 'docs', 'examples', 'Dockerfile'), 'utf8');

/** Its instructions, each with its words; hadolint (`npm run lint:examples`) says whether it is a Dockerfile. */
const instructions = text
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => /^(?<word>[A-Z]+) (?<rest>.*)$/.exec(line)!.groups as { word: string; rest: string });
const all = (word: string) => instructions.filter((one) => one.word === word).map(({ rest }) => rest);
const defaults = Object.fromEntries(all('ARG').map((rest) => rest.split('=', 2) as [string, string]));

test('every base is pinned by its digest, and the image does not run as root', () => {
  const bases = [...all('FROM').map((rest) => rest.split(' ')[0]!), defaults.BASE!];
  for (const base of bases.filter((one) => one !== `\${BASE}`))
    assert.match(base, /^\S+:\S+@sha256:[0-9a-f]{64}$/);
  assert.equal(all('USER').at(-1), `\${RUN_AS}`);
  assert.match(defaults.RUN_AS!, /^[1-9]\d*$/);
});

test('the environments that it builds are those that prefetch knows', async () => {
  const { ENVIRONMENT_NAMES } = await import('../../src/evaluate/prepare-environments.ts');
  for (const name of defaults.ENVIRONMENTS!.split(',')) assert.ok(ENVIRONMENT_NAMES.includes(name), name);
});

test('its steps leave a program that runs, with the environments that were asked for', async () => {
  const root = temporaryFolder();
  const bin = join(root, 'usr', 'local', 'bin');
  for (const folder of ['opt', 'usr/local/bin', 'image', 'home'])
    mkdirSync(join(root, folder), { recursive: true });
  await execa('npm', ['pack', '--silent', '--pack-destination', join(root, 'image')], { cwd: ROOT });
  /** The image's own folders, in the scratch folder. */
  const within = (line: string) =>
    line.replaceAll(/(?<=^|[ ="])\/(opt|usr\/local\/bin)(?=\/|$|")/g, `${root}/$1`);
  const env: Record<string, string> = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: join(root, 'home'),
    RUN_AS: String(process.getuid!()),
    // LiveBench's is the smallest; the others differ in their locks alone.
    ENVIRONMENTS: 'livebench',
  };
  const done: string[] = [];
  for (const { word, rest } of instructions) {
    if (word === 'ENV') Object.assign(env, Object.fromEntries([within(rest).split('=', 2)]));
    else if (word === 'COPY') symlinkSync(process.execPath, join(bin, 'node'));
    else if (word === 'ADD') {
      const [pattern, target] = rest.split(' ') as [string, string];
      const [archive, second] = readdirSync(join(root, 'image')).filter((name) =>
        new RegExp(`^${pattern.replace('*', '.*')}$`).test(name),
      );
      assert.equal(second, undefined);
      await execa('tar', ['-xzf', join(root, 'image', archive!), '-C', within(target)]);
    } else if (word === 'RUN' && !rest.includes('apt-get')) {
      const command = within(rest.replace(/^(--\S+ )+/, ''));
      const { exitCode, all: said } = await execa('bash', ['-e', '-c', command], {
        ...{ cwd: root, env, extendEnv: false, reject: false, all: true },
      });
      assert.equal(exitCode, 0, `${command}\n${said}`);
      done.push(command.split(' ')[0]!);
    }
  }
  assert.deepEqual(done, ['ln', 'PIP_NO_CACHE_DIR=1', 'sos-bench']);
  const [built] = readdirSync(join(root, 'opt', 'sos-bench-cache', 'python')).filter((name) =>
    /^[0-9a-f]{16}$/.test(name),
  );
  assert.ok(existsSync(join(root, 'opt', 'sos-bench-cache', 'python', built!, 'complete.json')));
  assert.ok(!existsSync(join(root, 'home', '.cache')), 'pip keeps nothing beside the environment');
});
