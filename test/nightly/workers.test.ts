import '../e2e/workers.test.ts';
