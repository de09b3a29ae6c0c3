import '../trust/told-files.test.ts';
