import '../action/bad-input.test.ts';
