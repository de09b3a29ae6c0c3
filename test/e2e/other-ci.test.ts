import '../docs/other-ci.test.ts';
