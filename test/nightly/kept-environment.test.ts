import '../trust/kept-environment.test.ts';
