/**
 * Error spent up to information fraction `t` of a test that spends `total` in all: Hwang, Shih and DeCani (1990),
 * total (1 - e^(-gamma t)) / (1 - e^(-gamma)). A negative gamma spends little early; -4 is close to O'Brien and Fleming, 1 to
 * Pocock. Nothing at 0, all from 1 on.
 *
 * @param gamma any number but 0.
 */
export function hwangShihDeCani(total: number, gamma: number, t: number): number {
  const reached = Math.min(1, Math.max(0, t));
  return (total * Math.expm1(-gamma * reached)) / Math.expm1(-gamma);
}

/** What a test has spent up to an information fraction. */
export type Spending = (t: number) => number;
