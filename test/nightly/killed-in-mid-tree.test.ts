import '../e2e/killed-in-mid-tree.test.ts';
