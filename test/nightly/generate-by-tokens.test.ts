import '../e2e/generate-by-tokens.test.ts';
