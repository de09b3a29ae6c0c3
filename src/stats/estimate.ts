/** An estimated number with its uncertainty, in the number's own unit. */
export interface Estimate {
  estimate: number;
  /** Standard error; null where one unit alone cannot show it. */
  se: number | null;
  /** Degrees of freedom of the t distribution of (estimate - truth) / se, finite; null where `se` is. */
  df: number | null;
  /** Independent units behind it: clusters, or values that stand alone. */
  units: number;
}
