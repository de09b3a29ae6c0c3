/** One thing that was looked at. */
export interface Check {
  id: string;
  status: 'ok' | 'warn' | 'fail';
  message: string;
  /** What to do about it; null where there is nothing to do. */
  hint: string | null;
}

export function ok(id: string, message: string): Check {
  return { id, status: 'ok', message, hint: null };
}

/** Something is missing or slow; a run works without it. */
export function warn(id: string, message: string, hint: string): Check {
  return { id, status: 'warn', message, hint };
}

/** A run would not work. */
export function fail(id: string, message: string, hint: string): Check {
  return { id, status: 'fail', message, hint };
}
