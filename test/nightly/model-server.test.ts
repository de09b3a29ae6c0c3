import '../e2e/model-server.test.ts';
