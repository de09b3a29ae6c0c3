import '../trust/settings-of-base.test.ts';
