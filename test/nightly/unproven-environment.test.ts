import '../e2e/unproven-environment.test.ts';
