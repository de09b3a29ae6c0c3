import * as core from '@actions/core';
import type { Client } from '../../github/client.ts';
import type { CommentContext, Pull } from '../../github/event.ts';
import type { Connection } from '../connection.ts';
import type { DoorInputs } from '../inputs.ts';
import type { ActionWorld } from '../world.ts';

/** Longest text of GitHub's that is repeated in an answer, in characters. */
export const MAX_WARNING = 2000;

/** A command that may be carried out, and all that it takes. */
export interface Asked {
  event: CommentContext;
  client: Client;
  pull: Pull;
  inputs: DoorInputs;
  connection: Connection;
  world: ActionWorld;
}

export interface Answer {
  done: boolean;
  /** Markdown; null where the reaction says enough. */
  text: string | null;
}

/** Ids of the reports that stand on a pull request: its own, and that of a command. */
export function reportsOf({ reportId }: DoorInputs): string[] {
  return [reportId, core.getInput('on-demand-report-id') || 'on-demand'];
}
