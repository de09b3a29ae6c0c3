import { SosBenchError } from '../error.ts';
import { requireChatTemplate } from './chat-template.ts';
import { chooseProgram, type OwnProgram } from './choose-program.ts';
import { isAddress } from './given-server.ts';
import type { ServerKind, ServerOptions } from './model-server.ts';
import { serverArguments } from './server-arguments.ts';

/**
 * Which server would answer for a model, having looked at all that files tell: a run should not find out hours later that
 * it has none.
 *
 * @throws SosBenchError `usage`, `server-failed`, `model-unservable`, `python-missing`.
 */
export async function planServer(
  options: Pick<ServerOptions, 'server' | 'python' | 'environment' | 'devices' | 'model'>,
): Promise<ServerKind> {
  if (isAddress(options.server)) return 'given';
  if (options.model.name !== null) {
    throw new SosBenchError('usage', 'server-model is for a server given by its address', {
      hint: 'leave it out: a server of ours serves the model that is evaluated',
    });
  }
  const { kind } = await chooseProgram(options);
  const { path, args } = options.model;
  serverArguments(kind, args);
  // A GGUF model's files come to be when it is served.
  if (args.gguf_file === undefined) await requireServable(kind, path, args);
  return kind;
}

/**
 * Checks that a folder can be served.
 *
 * @throws SosBenchError `model-unservable`.
 */
export async function requireServable(
  kind: OwnProgram,
  path: string,
  args: Record<string, unknown>,
): Promise<void> {
  if (kind === 'transformers' && (path.includes('@') || /:.*\.gguf$/.test(path))) {
    throw new SosBenchError(
      'model-unservable',
      `transformers serve takes '@' in a path for a revision: ${path}`,
      { hint: 'put the model under a path without it' },
    );
  }
  // Code of the model's own may bring a template that no file shows; the first request tells.
  if (args.trust_remote_code !== true && args.tokenizer === undefined) await requireChatTemplate(path);
}
