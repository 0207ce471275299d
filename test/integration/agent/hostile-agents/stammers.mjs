// Says a lot before it has a session, and answers with errors that are none of JSON-RPC's.
import { SESSION, say, speak } from './speak.mjs';

const ERRORS = {
  fraction: { code: 1.5, message: 'half an error' },
  word: { code: 'E_NO', message: 'no' },
  mute: { code: -32000.5 },
  text: 'out of luck',
};

speak({
  'session/new': () => {
    for (let n = 0; n < 300; n++) say(`${n} `);
    return { sessionId: SESSION };
  },
  'session/prompt': ({ prompt }) => ({ error: ERRORS[prompt[0].text] }),
});
