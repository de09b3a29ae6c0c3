import '../e2e/graders.test.ts';
