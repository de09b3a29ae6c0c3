import '../trust/nested-checkouts.test.ts';
