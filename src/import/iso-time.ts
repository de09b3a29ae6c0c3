/** The last second of the year 9999. */
const LAST = 253_402_300_799;

/** Seconds since 1970 as an ISO time; null where that is not a time. */
export function toIso(seconds: number): string | null {
  return seconds >= 0 && seconds <= LAST ? new Date(seconds * 1000).toISOString() : null;
}
