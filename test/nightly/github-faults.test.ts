import '../github/faults.test.ts';
