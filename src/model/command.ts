import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SosBenchError } from '../error.ts';
import { guardArguments } from '../system/process/guarded-child.ts';
import { killGroup } from '../system/process/process-group.ts';
import { startChild } from '../system/process/start-child.ts';

export interface CommandOptions {
  /** Runs the guard that ends the command with us. */
  python: string;
  cwd: string;
  environment: Record<string, string | undefined>;
  /** What the command says on stderr, line by line. */
  note: (text: string) => void;
  signal: AbortSignal;
}

/**
 * Runs a command of the user's that brings a model here (from S3, GCS, a registry) and prints its path as the last line of
 * stdout. It ends with us, even if we are killed outright: a download of hours would go on writing. It sees the whole environment, since it needs credentials; nothing else of the run does.
 *
 * @throws SosBenchError `model-missing`, `interrupted`.
 */
export async function modelFromCommand(command: string, options: CommandOptions): Promise<string> {
  const { python, cwd, environment, note, signal } = options;
  const guarded = guardArguments(['/bin/sh', '-c', command], { folder: cwd });
  const child = startChild(
    python,
    guarded,
    { environment },
    {
      stdin: 'ignore',
      reject: false,
      // A group of its own: a downloader that it starts has to end with it.
      detached: true,
      cleanup: false,
    },
  );
  const stop = () => killGroup(child.pid);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  child.stderr.on('data', (data: Buffer) => {
    for (const line of data.toString().split(/[\r\n]+/))
      if (line.trim() !== '') note(line.trim().slice(0, 300));
  });
  const { exitCode, stdout } = await child;
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw new SosBenchError('interrupted', 'interrupted while fetching the model');
  if (exitCode !== 0) {
    throw missing(`the command that fetches the model ended with code ${exitCode ?? '?'}`);
  }
  const last = stdout.trim().split('\n').at(-1)?.trim() ?? '';
  if (last === '') throw missing('the command that fetches the model printed no path');
  const path = resolve(cwd, last);
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw missing(`the command that fetches the model printed ${last}, where there is nothing`);
  return path;
}

function missing(message: string): SosBenchError {
  return new SosBenchError('model-missing', message, {
    hint: 'it has to print the path of the model folder as its last line on stdout, everything else on stderr',
  });
}
