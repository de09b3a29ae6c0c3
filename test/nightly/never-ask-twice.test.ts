import '../e2e/never-ask-twice.test.ts';
