import { runUnittests } from '../../support/unittests.ts';

for (const name of [
  'test_tree',
  'test_packs',
  'test_reading',
  'test_branching',
  'test_chunks',
  'test_vllm',
]) {
  runUnittests(import.meta.dirname, name);
}
