import { test } from 'node:test';

type Tier = 'parts' | 'e2e' | 'nightly';

/** The tier of the test file that was started; one in `test/e2e` or `test/nightly` may import another to run its cases of that tier. */
const TIER: Tier =
  (/\/test\/(?<tier>e2e|nightly)\//.exec(process.argv[1] ?? '')?.groups?.tier as Tier) ?? 'parts';

const of = (tier: Tier): typeof test =>
  tier === TIER ? test : ((() => Promise.resolve()) as unknown as typeof test);

/** Registers a test of `npm test`. */
export const inParts = of('parts');
/** Registers a test of the end-to-end tier: the short path through a real model. */
export const inE2e = of('e2e');
/** Registers a test of the nightly tier: the other cases with a real model. */
export const inNightly = of('nightly');

export const needsModel = TIER !== 'parts';
/** Whether the cases of the nightly tier run, for a file that makes them in one go. */
export const isNightly = TIER === 'nightly';
