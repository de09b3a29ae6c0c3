/** Starts a server with the options given as JSON, says `ready` and how to ask it, and waits to be killed. */
import { launchServer } from '../../src/serving/launch.ts';
import { openServer } from '../../src/serving/open-server.ts';

const [how, json] = process.argv.slice(2);
const given = JSON.parse(json!);
const options = {
  ...given,
  // The mark by which the test finds what we started.
  environment: { ...given.environment, RUNNER_TRACKING_ID: process.env.RUNNER_TRACKING_ID },
  signal: new AbortController().signal,
  note: (text: string) => process.stdout.write(`${text}\n`),
};
const { url, key, model } = await (how === 'launch' ? launchServer(options) : openServer(options));
process.stdout.write(`ready ${JSON.stringify({ url, key, model })}\n`);
setInterval(() => undefined, 1000);
