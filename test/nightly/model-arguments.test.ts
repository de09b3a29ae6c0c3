import '../trust/model-arguments.test.ts';
