import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SosBenchError } from '../error.ts';

/** Where a model is to be had. */
export type ModelSource =
  | { kind: 'path'; path: string }
  | { kind: 'hub'; repository: string; revision: string | null }
  | { kind: 'artifact'; name: string }
  | { kind: 'command'; command: string };

const REPOSITORY = /^[\w][\w.-]*\/[\w][\w.-]*$/;

/**
 * Reads a `model` setting: a local path, `hf:ORG/NAME@REV`, a bare `ORG/NAME` where no such path exists, `artifact:NAME`
 * (of the workflow run), or `command:` and a command that prints a path.
 *
 * @throws SosBenchError `model-missing`.
 */
export function parseModelSource(model: string, cwd: string): ModelSource {
  const [, kind, rest = ''] = /^(artifact|command):(.+)$/s.exec(model.trim()) ?? [];
  if (kind === 'artifact') return { kind, name: rest.trim() };
  if (kind === 'command') return { kind, command: rest.trim() };
  const path = resolve(cwd, model);
  if (!model.startsWith('hf:') && existsSync(path)) return { kind: 'path', path };
  const [repository = '', revision] = model.replace(/^hf:/, '').split('@', 2);
  if (REPOSITORY.test(repository)) return { kind: 'hub', repository, revision: revision ?? null };
  throw new SosBenchError('model-missing', `there is no model at ${model}`, {
    hint: 'give a folder with config.json and weights, hf:ORG/NAME@REVISION, artifact:NAME or command:COMMAND',
  });
}

/** A short name for reports: the repository, or the folder's own name. */
export function modelName(source: ModelSource): string {
  if (source.kind === 'hub') return source.repository;
  if (source.kind === 'artifact') return source.name;
  if (source.kind === 'command') return source.command;
  return source.path.split('/').filter(Boolean).at(-1) ?? source.path;
}
