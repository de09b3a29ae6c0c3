import '../trust/waivers.test.ts';
