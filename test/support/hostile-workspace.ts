import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** Modules of the standard library, of the harness and of ours, as files at the root of a repository. */
const MODULES = [
  ...[
    'platform.py',
    'json.py',
    'runpy.py',
    'subprocess.py',
    'tempfile.py',
    'random.py',
    'sysconfig.py',
    'venv.py',
  ],
  ...[
    'sitecustomize.py',
    'usercustomize.py',
    'conftest.py',
    'tokenizers.py',
    'nltk.py',
    'numpy.py',
    'yaml.py',
  ],
  ...['datasets/__init__.py', 'torch/__init__.py', 'transformers/__init__.py', 'lm_eval/__init__.py'],
  ...['sosbench_worker/__init__.py', 'sosbench_worker/__main__.py', 'sosbench_worker/fetch_data.py'],
  ...[
    'huggingface_hub/__init__.py',
    'peft/__init__.py',
    'pip/__init__.py',
    'pip/__main__.py',
    'parent.py',
    'launch.py',
  ],
];
const PROGRAMS = ['python3', 'python', 'uv', 'git', 'nvidia-smi', 'bwrap', 'ssh', 'sh', 'df'];

export interface HostileWorkspace {
  /** What ran, by the name of what ran it; empty where nothing did. */
  traces(): string[];
  /** Variables that a workflow or an earlier step may have set to paths of the workspace. */
  environment: Record<string, string>;
}

/**
 * Puts into a folder what a pull request can bring there: each of them leaves a trace when it runs. The folder becomes a repository whose
 * own configuration has git run programs too.
 *
 * @param outside folder that the traces go to.
 */
export async function fillHostileWorkspace(workspace: string, outside: string): Promise<HostileWorkspace> {
  const log = join(outside, 'traces');
  const write = (name: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(workspace, name)), { recursive: true });
    writeFileSync(join(workspace, name), text, { mode });
  };
  const shell = (name: string) => `#!/bin/sh\necho '${name}' >> '${log}'\nexit 1\n`;
  for (const name of MODULES) {
    write(
      name,
      `open(${JSON.stringify(log)}, "a").write("${name}\\n")\nraise ImportError("${name} of the workspace")\n`,
    );
  }
  for (const name of PROGRAMS) {
    write(join('bin', name), shell(`bin/${name}`), 0o755);
    write(name, shell(name), 0o755);
  }
  write('bad.sh', shell('a program of .git/config'), 0o755);
  const wheels = join(workspace, 'wheels');
  write('wheels/index.html', '');
  write('uv.toml', `index-url = "file://${wheels}"\n[pip]\nno-index = true\nfind-links = ["${wheels}"]\n`);
  write(
    'pyproject.toml',
    `[project]\nname = "x"\nversion = "1"\nrequires-python = ">=4"\n[tool.uv.pip]\nfind-links = ["${wheels}"]\n`,
  );
  write('.python-version', '2.7.18\n');
  write('pip.conf', `[global]\nno-index = true\nfind-links = ${wheels}\n`);
  write('.config/uv/uv.toml', `index-url = "file://${wheels}"\n`);
  write('.netrc', 'default login somebody password something\n', 0o600);
  write('.npmrc', 'registry=http://127.0.0.1:9/\nscript-shell=./sh\n');
  write('.pypirc', '[distutils]\n');
  write('pyvenv.cfg', 'home = /nowhere\n');
  write('trace.pth', 'import sitecustomize\n');
  write('.gitattributes', '* filter=bad diff=bad merge=bad\n');
  write('.gitmodules', '[submodule "x"]\n\tpath = x\n\turl = ext::./bad.sh\n');
  write('lib/libpython3.so', 'not a library');
  const git = (...args: string[]) =>
    execa('/usr/bin/env', ['git', '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: workspace,
    });
  await git('init', '--quiet', '--initial-branch=main');
  await git('commit', '--quiet', '--allow-empty', '-m', 'first');
  const bad = join(workspace, 'bad.sh');
  for (const [name, value] of [
    ['core.fsmonitor', bad],
    ['core.hooksPath', join(workspace, 'hooks')],
    ['core.sshCommand', bad],
    ['core.gitProxy', bad],
    ['core.alternateRefsCommand', bad],
    ['core.pager', bad],
    ['core.editor', bad],
    ['core.askPass', bad],
    ['credential.helper', `!${bad}`],
    ['diff.external', bad],
    ['gpg.program', bad],
    ['log.showSignature', 'true'],
    ['filter.bad.clean', bad],
    ['filter.bad.smudge', bad],
    ['filter.bad.process', bad],
    ['filter.bad.required', 'true'],
    ['diff.bad.textconv', bad],
    ['remote.origin.url', `ext::${bad}`],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.partialclonefilter', 'blob:none'],
    ['extensions.partialClone', 'origin'],
    ['protocol.ext.allow', 'always'],
    ['alias.rev-parse', `!${bad}`],
  ] as const)
    await git('config', name, value);
  for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction', 'pre-auto-gc'])
    write(join('hooks', hook), shell(`hooks/${hook}`), 0o755);
  const at = (name: string) => join(workspace, name);
  return {
    traces: () => (existsSync(log) ? [...new Set(readFileSync(log, 'utf8').trim().split('\n'))].sort() : []),
    environment: {
      PATH: `${at('bin')}::.:bin:${process.env.PATH}`,
      PYTHONPATH: `${workspace}::.`,
      PYTHONHOME: at('lib'),
      PYTHONSTARTUP: at('platform.py'),
      LD_LIBRARY_PATH: `${at('lib')}:`,
      PIP_CONFIG_FILE: at('pip.conf'),
      PIP_FIND_LINKS: `file://${wheels}`,
      UV_CONFIG_FILE: 'uv.toml',
      UV_FIND_LINKS: wheels,
      HF_HOME: at('hf'),
      HF_DATASETS_CACHE: 'hf/datasets',
      XDG_CONFIG_HOME: at('.config'),
      TMPDIR: at('tmp'),
      SSL_CERT_FILE: at('.netrc'),
      REQUESTS_CA_BUNDLE: './.netrc',
      GIT_SSH_COMMAND: bad,
      GIT_DIR: at('.git'),
      NETRC: at('.netrc'),
    },
  };
}
