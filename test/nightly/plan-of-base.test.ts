import '../e2e/plan-of-base.test.ts';
