import '../e2e/livebench.test.ts';
