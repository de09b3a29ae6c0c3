import '../history/folder-files.test.ts';
