/** Fewer independent units (clusters, or items that stand alone) than this give an interval and no test. */
export const MINIMUM_UNITS = 10;
