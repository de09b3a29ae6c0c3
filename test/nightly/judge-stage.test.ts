import '../e2e/judge-stage.test.ts';
