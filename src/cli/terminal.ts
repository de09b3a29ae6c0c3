import { WriteStream } from 'node:tty';
import type { TableOptions } from '../report/tables/layout.ts';
import { createProgress, type Progress, type TextStream } from '../system/progress.ts';
import type { Runtime } from './runtime.ts';

type Environment = Runtime['environment'];

/** Of a terminal that does not say how wide it is, and of help in a pipe. */
const USUAL_WIDTH = 80;
const MIN_WIDTH = 40;
const MAX_WIDTH = 1000;

/**
 * Whether a stream shows colours, as `styleText` of node:util decides with `stream`: FORCE_COLOR has the first word, then NO_COLOR,
 * NODE_DISABLE_COLORS and TERM=dumb; a pipe or a file gets none. (`styleText` itself reads this process's environment and wants a
 * stream of Node's; a command has those that it was given.)
 */
export function showsColour(stream: TextStream, environment: Environment): boolean {
  const { NO_COLOR, NODE_DISABLE_COLORS, ...others } = environment;
  // Node warns where both kinds are set.
  if (others.FORCE_COLOR !== undefined) return WriteStream.prototype.getColorDepth(others) > 2;
  // no-color.org: an empty one is none.
  if (stream.isTTY !== true || NODE_DISABLE_COLORS !== undefined || (NO_COLOR ?? '') !== '') return false;
  return WriteStream.prototype.getColorDepth(others) > 2;
}

/**
 * Columns of a stream: COLUMNS, else those of the terminal. A pipe and a file have no end: what reads them (a log, `grep`, an editor) is to
 * have all of a table.
 */
export function widthOfStream(stream: TextStream, { COLUMNS = '' }: Environment): number {
  const named = /^\d{1,4}$/.test(COLUMNS) ? Number(COLUMNS) : 0;
  const terminal = stream.isTTY === true ? stream.columns || USUAL_WIDTH : Number.POSITIVE_INFINITY;
  const width = named > 0 ? named : terminal;
  return width === Number.POSITIVE_INFINITY ? width : Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width));
}

/** Columns of help, which is sentences: 80 in a pipe, too. */
export function widthOfHelp(stream: TextStream, environment: Environment): number {
  const width = widthOfStream(stream, environment);
  return width === Number.POSITIVE_INFINITY ? USUAL_WIDTH : width;
}

/** How tables are printed on a stream. */
export function tableOptions(stream: TextStream, environment: Environment): Required<TableOptions> {
  return { colour: showsColour(stream, environment), width: widthOfStream(stream, environment) };
}

/** Progress on stderr: a bar that redraws itself where the terminal can, lines elsewhere. */
export function progressOf({ stderr, environment }: Pick<Runtime, 'stderr' | 'environment'>): Progress {
  const isDumb = environment.TERM === 'dumb';
  return createProgress({
    write: (text) => stderr.write(text),
    isTTY: stderr.isTTY === true && !isDumb,
    get columns() {
      return stderr.columns;
    },
  });
}
