import type { Client } from '../../github/client.ts';
import type { CommentContext, Pull } from '../../github/event.ts';
import type { Connection } from '../connection.ts';
import { type ActionInputs, readInput } from '../inputs.ts';
import type { ActionRuntime } from '../runtime.ts';

/** Longest text of GitHub's that is repeated in an answer, in characters. */
export const MAX_WARNING = 2000;

/** A command that may be carried out, and all that it takes. */
export interface Asked {
  event: CommentContext;
  client: Client;
  pull: Pull;
  inputs: ActionInputs;
  connection: Connection;
  runtime: ActionRuntime;
}

export interface Reply {
  done: boolean;
  /** Markdown; null where the reaction says enough. */
  text: string | null;
}

/** Ids of the reports that stand on a pull request: its own, and that of a command. */
export function reportsOf({ reportId }: ActionInputs): string[] {
  return [reportId, readInput('on-demand-report-id')];
}
