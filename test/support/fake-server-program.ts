/**
 * A fake model server as a program: `fake-server-program.ts MODE PORT`. Its key comes from the environment, as the
 * real ones' does. MODE says what goes wrong:
 *
 * - `good`: nothing; it ends with code 3 when asked to "die", and with SIGKILL when asked to "be killed";
 * - `several`, `in-line`: nothing; it says that it takes four requests at a time, or one, and why;
 * - `never-ready`, `unhealthy`, `ends`, `engine-killed`, `killed`, `port-taken`: it never gets as far as a request;
 * - `garbage`, `refuses`, `silent`, `dies-over-it`: it listens, and fails at its first request.
 *
 * It starts a child that outlives it unless its process group is killed.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const [mode, port] = process.argv.slice(2);
const key = process.env.SOS_BENCH_SERVER_KEY ?? process.env.VLLM_API_KEY;
spawn('sleep', ['600'], { stdio: 'ignore' });
process.stderr.write('Loading weights:  10%|#         | 1/10\rLoading checkpoint shards\n');

if (mode === 'ends') {
  process.stderr.write(
    'Traceback (most recent call last):\nValueError: no such architecture\nclosing down\n',
  );
  process.exit(1);
}
if (mode === 'engine-killed') {
  process.stderr.write(
    "Traceback (most recent call last):\nRuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {'EngineCore': -9}\n",
  );
  process.exit(1);
}
if (mode === 'port-taken') {
  process.stderr.write('ERROR:    [Errno 98] error while attempting to bind: address already in use\n');
  process.exit(1);
}
if (mode === 'killed') process.kill(process.pid, 'SIGKILL');
if (mode === 'never-ready') await sleep(600_000);

createServer(async (request, response) => {
  if (request.headers.authorization !== `Bearer ${key}`) {
    response.writeHead(401).end();
    return;
  }
  if (request.url === '/health') {
    if (mode === 'silent') process.stderr.write('asked for its health\n');
    const takes = { several: '4', 'in-line': '1; the model cannot' }[mode ?? ''];
    const headers = takes === undefined ? {} : { 'x-sos-bench-at-a-time': takes };
    response.writeHead(mode === 'unhealthy' ? 503 : 200, headers).end();
    return;
  }
  let body = '';
  for await (const part of request) body += part;
  const prompt = JSON.parse(body).messages[0].content;
  if (mode === 'silent') return;
  if (mode === 'dies-over-it') {
    process.stderr.write('torch.OutOfMemoryError: CUDA out of memory\n');
    process.exit(1);
  }
  if (prompt === 'die') process.exit(3);
  if (prompt === 'be killed') process.kill(process.pid, 'SIGKILL');
  if (mode === 'refuses') response.writeHead(500).end('{"detail":"no kernel image"}');
  else if (mode === 'garbage') response.end('hello, I am a web server');
  else response.end(JSON.stringify({ choices: [{ message: { content: process.argv.join(' ') } }] }));
}).listen(Number(port), '127.0.0.1');
