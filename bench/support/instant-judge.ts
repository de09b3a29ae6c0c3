/** A fake judge that answers at once, in a process of its own: prints its address. */
import { startFakeChatServer } from '../../test/support/fake-chat-server.ts';

const { url } = await startFakeChatServer(({ prompt }) => ({
  says: `{"reason": "", "verdict": "${prompt.length % 3 === 0 ? 'A>B' : 'A=B'}"}`,
  usage: { prompt_tokens: 1000, completion_tokens: 20 },
}));
process.stdout.write(`${url}\n`);
