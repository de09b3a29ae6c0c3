import '../e2e/kept-environment.test.ts';
