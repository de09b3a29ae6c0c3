import '../history/branch-files.test.ts';
