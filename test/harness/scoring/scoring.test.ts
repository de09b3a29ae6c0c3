import { runUnittests } from '../../support/unittests.ts';

runUnittests(
  import.meta.dirname,
  'test_tree',
  'test_packs',
  'test_reading',
  'test_branching',
  'test_budget',
  'test_chunks',
  'test_vllm',
  'test_flight',
  'test_vllm_arguments',
  'test_engine_end',
  'test_judge',
);
