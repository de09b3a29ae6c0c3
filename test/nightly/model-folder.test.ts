import '../trust/model-folder.test.ts';
