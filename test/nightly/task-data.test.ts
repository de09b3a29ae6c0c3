import '../trust/task-data.test.ts';
