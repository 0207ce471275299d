// Goes on after it has said that the turn is over, all in one breath.
import { END, SESSION, speak } from './speak.mjs';

const line = (message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
const chunk = (text) =>
  line({
    method: 'session/update',
    params: {
      sessionId: SESSION,
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
    },
  });
speak({
  'session/prompt': (_, id) => {
    process.stdout.write(
      chunk('before') + line({ id, result: END }) + chunk('after') + line({ id, result: END }),
    );
  },
});
