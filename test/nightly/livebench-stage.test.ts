import '../evaluate/livebench/stage.test.ts';
