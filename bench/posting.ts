/** Requests for posting on a pull request with 400 comments, at the emulator. To be at most 2 beyond paging. */
import { postComment } from '../src/github/comment/comment.ts';
import { startGitHub } from '../test/support/github.ts';

const COMMENTS = 400;

const github = await startGitHub();
try {
  for (const place of ['the first page', 'the last page', 'no page']) {
    const pull = await github.emulator.openIssue();
    const client = await github.client({ second: 100 });
    const post = (run: number) =>
      postComment(client, {
        pull,
        stamp: { report: 'pr', sha: 'a'.repeat(40), run, attempt: 1 },
        render: () => `run ${run}`,
      });
    if (place === 'the first page') await post(1);
    for (let index = place === 'the first page' ? 1 : 0; index < COMMENTS; index++) {
      const body = `talk ${index}`;
      await client.rest.issues.createComment({ ...client.repository, issue_number: pull, body });
    }
    if (place === 'the last page') await post(1);
    github.proxy.requests.length = 0;
    const started = performance.now();
    const posted = await post(2);
    const seconds = (performance.now() - started) / 1000;
    const asked = github.proxy.requests.map((request) => request.asked);
    const paging = asked.filter((request) => /^GET .*\/issues\/\d+\/comments\?/.test(request)).length;
    process.stdout.write(
      `our comment on ${place}: ${posted.posted ? posted.how : posted.warning}, ${paging} pages and ` +
        `${asked.length - paging} other requests, ${seconds.toFixed(2)} s\n`,
    );
  }
} finally {
  await github.close();
}
