import '../trust/workspace.test.ts';
