import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
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
import { type HostedStep, LAST } from './step-host.ts';

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

/** Starts a step as a process of its own. */
export function startStep(options: StepOptions): RunningStep {
  const { bundle, cwd, environment, outputs, summary } = prepare(options);
  const step = startProcess([NODE_24, bundle], { cwd, environment });
  return {
    ...step,
    outputs,
    result: step.result.then((result) => ({ ...result, outputs: outputs(), summary: summary() })),
  };
}

/**
 * Runs a step to its end, in a process that does so for one after another: half the processor time of a step is the start of Node
 * and code that is not yet compiled. Steps at the same time have one each. What is about the process itself (signals, variables that
 * Node reads, what it leaves running) needs `startStep`.
 */
export async function runStep(options: StepOptions): Promise<StepResult> {
  const { bundle, cwd, environment, outputs } = prepare(options);
  const host = idle.pop() ?? new StepHost();
  // The toolkit looks up where the summary goes once a process.
  writeFileSync(host.summary, '');
  const result = await host.run({
    bundle,
    cwd,
    environment: { ...environment, GITHUB_STEP_SUMMARY: host.summary },
  });
  if (host.isFit) idle.push(host);
  else host.end();
  return { ...result, outputs: outputs(), summary: readFileSync(host.summary, 'utf8') };
}

const idle: StepHost[] = [];

class StepHost {
  /** The file that its steps write their summaries to. */
  readonly summary = join(mkdtempSync(join(temp, 'host-')), 'summary');
  readonly #child: ChildProcess;
  #isFit = true;
  #said = { stdout: '', stderr: '' };
  #heard: () => void = () => undefined;

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'step-host.ts'), {
      execPath: NODE_24,
      execArgv: [],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...ONE_THREAD, ...COMPILED_ONCE },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = this.#child[name]!;
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#said[name] += text;
        this.#heard();
      });
      // It may wait for a next step for as long as there is one.
      (stream as Socket).unref();
    }
    this.#child.on('close', () => this.#heard());
    this.#child.unref();
    this.#child.channel!.unref();
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Whether it may run another step. */
  get isFit(): boolean {
    return this.isAlive && this.#isFit;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  async run(step: Omit<HostedStep, 'mark'>): Promise<ProcessResult> {
    const mark = `\u0000${randomUUID()}:`;
    const waiting = setInterval(() => undefined, 60_000);
    this.#said = { stdout: '', stderr: '' };
    try {
      return await new Promise((resolve) => {
        this.#heard = () => {
          const [stdout, ending] = this.#said.stdout.split(mark);
          const [stderr, end] = this.#said.stderr.split(mark);
          const isDone = ending?.endsWith('\n') && end?.endsWith('\n');
          if (!isDone && this.isAlive) return;
          this.#isFit = isDone === true && !ending!.includes(LAST);
          resolve({
            // A step that ends its process ends the host.
            exitCode: isDone ? Number(ending!.replace(LAST, '')) : (this.#child.exitCode ?? undefined),
            signal: this.#child.signalCode ?? undefined,
            stdout: stdout!.replace(/\n$/, ''),
            stderr: stderr!.replace(/\n$/, ''),
          });
        };
        this.#child.send({ ...step, mark });
      });
    } finally {
      clearInterval(waiting);
      this.#heard = () => undefined;
    }
  }
}

/** What a step is started with, and how to read what it leaves for the runner. */
function prepare({ workspace, inputs, environment, action = 'action' }: StepOptions) {
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
  return {
    bundle: join(ROOT, 'dist', `${action}.js`),
    cwd: workspace,
    outputs: () => parseOutputs(readFileSync(output, 'utf8')),
    summary: () => readFileSync(summary, 'utf8'),
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
