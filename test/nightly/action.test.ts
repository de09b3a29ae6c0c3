import '../e2e/action.test.ts';
