import '../trust/claimed-names.test.ts';
