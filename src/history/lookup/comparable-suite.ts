/**
 * Whether a record of one suite can be what a candidate of another is compared with. All items hold every sample of them: the
 * items in common are then the candidate's, weighted by its plan. The other way round most of the candidate would go unseen.
 */
export function isComparableSuite(candidate: string, baseline: string): boolean {
  return baseline === candidate || (candidate === 'pr' && baseline === 'full');
}
