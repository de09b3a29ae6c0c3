import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  COMPILED_ONCE,
  ONE_THREAD,
  type ProcessResult,
  type RunningProcess,
  startProcess,
} from './process.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Node 24, which GitHub's runner brings for actions. */
const NODE_24 = join(ROOT, 'node_modules', 'node', 'bin', 'node');

export interface StepOptions {
  workspace: string;
  inputs: Record<string, string>;
  /** Name of the bundle in dist; the whole job's where left out. */
  action?: string;
  environment?: Record<string, string>;
}

export interface StepResult extends ProcessResult {
  outputs: Record<string, string>;
  summary: string;
}

/** A step as GitHub's runner runs it: the built bundle, its inputs as variables, files for what it tells the runner. */
export interface RunningStep extends Omit<RunningProcess, 'result'> {
  /** What it has set so far. */
  outputs(): Record<string, string>;
  result: Promise<StepResult>;
}

/** A job's temporary folder lies outside of its workspace; a test may read from it until its file ends. */
const temp = mkdtempSync(join(tmpdir(), 'sos-bench-test-runner-'));
process.on('exit', () => rmSync(temp, { recursive: true, force: true, maxRetries: 3 }));
let steps = 0;

export function startStep({ workspace, inputs, environment, action = 'action' }: StepOptions): RunningStep {
  requireDeclared(action, Object.keys(inputs));
  const files = join(temp, `step-${steps++}`);
  mkdirSync(files, { recursive: true });
  mkdirSync(workspace, { recursive: true });
  const file = (name: string) => {
    writeFileSync(join(files, name), '');
    return join(files, name);
  };
  const output = file('output');
  const summary = file('summary');
  const { PATH, HOME } = process.env;
  const step = startProcess([NODE_24, join(ROOT, 'dist', `${action}.js`)], {
    cwd: workspace,
    environment: {
      ...pipSettings(),
      PATH,
      HOME,
      ...ONE_THREAD,
      ...COMPILED_ONCE,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: 'octo/models',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF_NAME: 'main',
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_STATE: file('state'),
      GITHUB_ENV: file('env'),
      GITHUB_PATH: file('path'),
      RUNNER_TEMP: files,
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
      ...environment,
    },
  });
  return {
    ...step,
    outputs: () => parseOutputs(readFileSync(output, 'utf8')),
    result: step.result.then((result) => ({
      ...result,
      outputs: parseOutputs(readFileSync(output, 'utf8')),
      summary: readFileSync(summary, 'utf8'),
    })),
  };
}

/** A real runner warns of inputs that action.yml does not declare; here that is an error. */
function requireDeclared(action: string, inputs: readonly string[]): void {
  const path = join(ROOT, action === 'action' ? '.' : action, 'action.yml');
  const { inputs: declared } = parse(readFileSync(path, 'utf8')) as { inputs: Record<string, object> };
  const unknown = inputs.filter((name) => !(name in declared));
  if (unknown.length > 0) throw new Error(`${path} declares no input ${unknown.join(', ')}`);
}

/** Where packages come from, on a machine that sets it by variables. */
function pipSettings(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(PIP|UV)_/.test(name)));
}

/** The runner's file format: NAME<<DELIMITER, lines, DELIMITER. */
function parseOutputs(text: string): Record<string, string> {
  const found = text.matchAll(/^(?<name>.+?)<<(?<end>\S+)\r?\n(?<value>[\s\S]*?)\r?\n\k<end>\r?$/gm);
  return Object.fromEntries([...found].map(({ groups }) => [groups!.name!, groups!.value!]));
}
