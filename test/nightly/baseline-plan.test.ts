import '../e2e/baseline-plan.test.ts';
