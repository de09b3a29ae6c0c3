import '../e2e/known-model.test.ts';
