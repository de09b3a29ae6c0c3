import { logLine } from './log-line.ts';

/** What a terminal or log stream has to offer. */
export interface TextStream {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

export interface ProgressState {
  /** Share of the work done, 0 to 1. */
  fraction: number;
  /** Seconds the rest is expected to take; null while unknown. */
  eta: number | null;
  /** Seconds to the end of the look that is asked, which may be the last; left out where there are no looks. */
  lookEta?: number | null;
  label: string;
}

export interface Progress {
  /** A finished event worth a line of its own. */
  note(text: string): void;
  update(state: ProgressState): void;
  stop(): void;
}

const LOG_EVERY_MS = 30_000;
const REDRAW_EVERY_MS = 100;

/** A bar that redraws itself on a terminal, a line every 30 s in a log. `now` in milliseconds. */
export function createProgress(stream: TextStream, now: () => number = () => performance.now()): Progress {
  return stream.isTTY ? terminalProgress(stream, now) : logProgress(stream, now);
}

function logProgress(stream: TextStream, now: () => number): Progress {
  let last = now();
  return {
    note: (text) => void stream.write(`${logLine(text)}\n`),
    update(state) {
      if (now() - last < LOG_EVERY_MS) return;
      last = now();
      stream.write(`${logLine(`${percent(state.fraction)} ${state.label}${remaining(state)}`)}\n`);
    },
    stop: () => undefined,
  };
}

function terminalProgress(stream: TextStream, now: () => number): Progress {
  let last = 0;
  let shown = false;
  const clear = () => {
    if (shown) stream.write('\r\u001b[K');
    shown = false;
  };
  return {
    note(text) {
      clear();
      stream.write(`${logLine(text)}\n`);
    },
    update(state) {
      if (now() - last < REDRAW_EVERY_MS && state.fraction < 1) return;
      last = now();
      const width = 24;
      const filled = Math.round(width * Math.min(1, state.fraction));
      const line = `[${'='.repeat(filled)}${' '.repeat(width - filled)}] ${percent(state.fraction)} ${logLine(state.label)}${remaining(state)}`;
      stream.write(`\r\u001b[K${line.slice(0, (stream.columns || 100) - 1)}`);
      shown = true;
    },
    stop: clear,
  };
}

function percent(fraction: number): string {
  return `${String(Math.floor(100 * Math.min(1, fraction))).padStart(3)}%`;
}

function remaining({ eta, lookEta }: ProgressState): string {
  if (eta === null) return '';
  if (lookEta == null) return `, ${formatDuration(eta)} left`;
  return `, ${formatDuration(lookEta)} to the end of this look, at most ${formatDuration(eta)} left`;
}

/** Seconds as a person says them: `45 s`, `12 min`, `3 h 05 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
