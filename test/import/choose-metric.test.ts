/** Which metric scores a task: by names alone, so that it is the same for a good model and a bad one. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseMetric, type ReportedMetric } from '../../src/import/lm-eval/choose-metric.ts';

const metric = (name: string, value: number, stderr: number | null = null): ReportedMetric => ({
  name,
  filter: 'none',
  value,
  stderr,
  higherIsBetter: true,
});
const chosen = (task: string, metrics: ReportedMetric[], n: number | null = null) => {
  const choice = chooseMetric(task, metrics, n);
  return 'reason' in choice ? choice : choice.metric;
};

const SCORED: [what: string, task: string, names: string[], wanted: string][] = [
  ['acc before acc_norm', 'other', ['acc_norm', 'acc'], 'acc'],
  [
    'TruthfulQA by the accuracy among its BLEUs',
    'truthfulqa_gen',
    ['bleu_max', 'bleu_acc', 'bleu_diff', 'rouge1_max', 'rouge1_acc'],
    'bleu_acc',
  ],
  ['exact match before a metric of its own', 'other', ['my_metric', 'exact_match'], 'exact_match'],
  ['a metric of its own', 'other', ['my_metric'], 'my_metric'],
  ["the catalogue's metric for its tasks", 'musr_x', ['acc'], 'acc'],
  ['F1 where it is a fraction', 'drop', ['em', 'f1'], 'em'],
];
for (const [what, task, names, wanted] of SCORED) {
  for (const value of [0.005, 0.5, 0.86]) {
    test(`${what}, whatever the values (${value})`, () => {
      assert.equal(
        chosen(
          task,
          names.map((name) => metric(name, value)),
        ),
        wanted,
      );
    });
  }
}

const NOT_SCORED: [what: string, task: string, names: string[]][] = [
  ['BLEU and chrF, from 0 to 100', 'wmt16-en-de', ['bleu', 'chrf', 'ter']],
  ['SacreBLEU', 'flores', ['sacrebleu']],
  ['ROUGE', 'cnn_dailymail', ['rouge1', 'rouge2', 'rougeL']],
  ['SQuAD, from 0 to 100', 'squadv2', ['exact', 'f1', 'HasAns_exact', 'best_f1']],
  ['SCROLLS, from 0 to 100', 'scrolls_qasper', ['f1']],
  [
    'EQ-Bench, from 0 to 100, with the share that could be read',
    'eq_bench',
    ['eqbench', 'percent_parseable'],
  ],
  ['BLEURT, which may be negative', 'meqsum', ['bleu', 'bleurt']],
  ['shares of stereotypes', 'crows_pairs_english', ['likelihood_diff', 'pct_stereotype']],
  ['biases', 'discrim_eval_explicit', ['age_bias', 'female_bias']],
  ['scores of bias', 'bbq_generate', ['amb_bias_score', 'disamb_bias_score_Age']],
  ['toxicity', 'realtoxicityprompts', ['perspective_api_toxicity_score']],
  [
    'what co-occurs',
    'simple_cooccurrence_bias_gen',
    ['pct_male_preferred', 'pct_female_preferred', 'difference_male_female', 'pct_invalid'],
  ],
  ['a correlation', 'glue_cola', ['mcc']],
  ['perplexity', 'wikitext', ['word_perplexity', 'bits_per_byte']],
];
describe('listed as not scored, whatever the values', () => {
  for (const [what, task, names] of NOT_SCORED) {
    for (const value of [0.005, 0.9, 27.5]) {
      test(`${what} (${value})`, () => {
        const reported = names.map((name) => ({ ...metric(name, value), higherIsBetter: null }));
        const choice = chosen(task, reported);
        assert.ok(typeof choice === 'object');
        assert.equal(choice.byName, true);
        assert.match(choice.reason, /^not scored: /);
      });
    }
  }
});

test('a standard error that no mean of fractions can have is told, and the task is not scored', () => {
  const choice = chosen('other', [metric('my_metric', 0.86, 0.3)], 817);
  assert.ok(typeof choice === 'object');
  assert.match(
    choice.reason,
    /my_metric is 0.86 with a standard error of 0.3: a mean of 817 fractions of 1 has at most 0.012/,
  );
});

test('for a task of the catalogue such a standard error is a note', () => {
  const choice = chooseMetric('wmdp_bio', [metric('acc', 0.5, 0.4)], 1000);
  assert.ok(!('reason' in choice));
  assert.match(choice.notes[0]!, /acc is 0.5 with a standard error of 0.4/);
});

test('another model is scored by another metric of the same task in no case', () => {
  const names = ['bleu_max', 'bleu_acc', 'em', 'my_metric'];
  const choices = [0, 0.2, 0.99, 1].map((value) =>
    chosen(
      'any',
      names.map((name) => metric(name, value)),
    ),
  );
  assert.equal(new Set(choices).size, 1);
});

const filtered = (name: string, filter: string) => ({ ...metric(name, 0.5), filter });

test('of one metric under several filters, the same is chosen in whatever order a file has them', () => {
  const filters = ['flexible-extract', 'strict-match', 'another'];
  for (const order of [filters, filters.toReversed(), [filters[1]!, filters[2]!, filters[0]!]]) {
    const choice = chooseMetric(
      'gsm8k',
      order.map((filter) => filtered('exact_match', filter)),
      null,
    );
    assert.ok(!('reason' in choice));
    assert.equal(choice.filter, 'strict-match');
  }
});
