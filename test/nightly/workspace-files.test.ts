import '../e2e/workspace-files.test.ts';
