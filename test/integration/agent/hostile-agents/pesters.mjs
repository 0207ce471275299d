// Asks five thousand times at once, and reads no answer.
import { SESSION, send, speak } from './speak.mjs';

speak({
  'session/prompt': () => {
    const options = [{ optionId: 'yes', name: 'Allow', kind: 'allow_once' }];
    for (let n = 0; n < 5000; n++) {
      const toolCall = { toolCallId: `call-${n}`, title: 'again' };
      send({
        id: n,
        method: 'session/request_permission',
        params: { sessionId: SESSION, toolCall, options },
      });
    }
  },
});
