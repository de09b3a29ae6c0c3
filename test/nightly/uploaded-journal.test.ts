import '../e2e/uploaded-journal.test.ts';
