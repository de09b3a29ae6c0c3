import '../e2e/prefetch.test.ts';
