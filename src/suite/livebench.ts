/** The release of LiveBench with the paper's counts: 1,000 questions. */
export const LIVEBENCH_RELEASE = '2024-07-26';
