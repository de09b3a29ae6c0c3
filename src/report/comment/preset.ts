import type { Preset } from '../../verdict/policy.ts';

const DESCRIPTIONS: Record<Preset, string> = {
  paper: 'a factor is the mean of its benchmarks, weighted by their sizes in the paper',
  chance:
    "a factor is the mean of its benchmarks, weighted by their sizes in the paper, after each task's score has been put on a scale where guessing is 0 and all right is 100 (WMDP, counted inverted: guessing 100, all right 0)",
  effective: 'a factor is the mean of its benchmarks, weighted by the questions that were evaluated',
  macro: 'a factor is the mean of its benchmarks, each with equal weight',
};

/** What a preset does, as the end of a sentence. */
export function describePreset(preset: string): string {
  return DESCRIPTIONS[preset as Preset] ?? 'not known to this version';
}

/** What was tested: two models or, with the spread between runs known, two recipes. */
export function describeSubject(runSpread: { models: string[] } | null): string {
  return runSpread === null
    ? 'This compares these two models, not the training recipe.'
    : `This compares the two recipes, by the spread between ${runSpread.models.length} runs of one.`;
}
