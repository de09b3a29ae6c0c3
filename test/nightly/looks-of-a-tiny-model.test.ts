import '../e2e/looks.test.ts';
