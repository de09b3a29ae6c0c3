const HALVINGS = 60;

/**
 * Where an increasing function passes 0 between `low` and `high`; the end that is nearer where it does not. The result is bisection's, to
 * the last digit: only values whose sign is certain are not computed.
 */
export function findRoot(
  increasing: (value: number) => number,
  { low, high, halvings = HALVINGS }: { low: number; high: number; halvings?: number },
): number {
  let { below, above } = enclose(increasing, low, high);
  let [from, to] = [low, high];
  for (let i = 0; i < halvings; i++) {
    const middle = (from + to) / 2;
    if (middle > below && middle < above) {
      if (increasing(middle) < 0) below = middle;
      else above = middle;
    }
    if (middle <= below) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

/** How near a root is approached: far more than what rounding moves it by, so that signs beyond are certain. */
const NEAR = 1e-11;
const MAX_STEPS = 40;

/**
 * Two values, a few `NEAR` apart, between which an increasing function passes 0: it is below 0 up to the one, and not below from the other
 * on. By inverse quadratic interpolation where the function is straight enough, else by bisection (Chandrupatla 1997).
 */
function enclose(increasing: (value: number) => number, low: number, high: number) {
  let [a, b] = [high, low];
  let [atA, atB] = [increasing(a), increasing(b)];
  if (!(atB < 0)) return { below: -Infinity, above: low };
  if (atA < 0) return { below: high, above: Infinity };
  let share = 0.5;
  for (let step = 0; step < MAX_STEPS; step++) {
    const x = a + share * (b - a);
    const atX = increasing(x);
    // The root stays between a, the newest value, and b; c is the one before.
    const isSideOfA = atX < 0 === atA < 0;
    const [c, atC] = isSideOfA ? [a, atA] : [b, atB];
    if (!isSideOfA) [b, atB] = [a, atA];
    [a, atA] = [x, atX];
    const least = NEAR / Math.abs(b - a);
    if (least > 0.5) break;
    const xi = (a - b) / (c - b);
    const phi = (atA - atB) / (atC - atB);
    const isStraight = phi ** 2 < xi && (1 - phi) ** 2 < 1 - xi;
    const wished = isStraight
      ? (atA / (atB - atA)) * (atC / (atB - atC)) +
        (((c - a) / (b - a)) * atA * atB) / ((atC - atA) * (atC - atB))
      : 0.5;
    share = Math.min(1 - least, Math.max(least, wished));
  }
  const [below, above] = atA < 0 ? [a, b] : [b, a];
  return { below: below - NEAR, above: above + NEAR };
}
