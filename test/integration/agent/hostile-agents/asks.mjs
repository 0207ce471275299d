// Asks leave for a card that it never announced, then says what it was given.
import { END, SESSION, say, send, speak, update } from './speak.mjs';

let settle = () => undefined;
speak({
  'session/prompt': async (params) => {
    const options = [
      { optionId: 'yes', name: 'Allow', kind: 'allow_once' },
      { optionId: 'ever', name: 'Always', kind: 'allow_always' },
      { optionId: 'odd', name: 'A kind nobody knows', kind: 'allow_everything' },
      { optionId: 'no', name: 'Reject', kind: 'reject_once' },
    ];
    const toolCall = { toolCallId: 'ghost', title: 'rm -rf build', kind: 'execute' };
    const id = `ask-${params.prompt[0].text}`;
    send({
      id,
      method: 'session/request_permission',
      params: { sessionId: SESSION, toolCall, options },
    });
    if (params.prompt[0].text === 'take back') {
      send({ method: '$/cancel_request', params: { requestId: id } });
    }
    const result = await new Promise((settled) => (settle = settled));
    say(JSON.stringify(result?.outcome ?? 'an error'));
    update('tool_call_update', { toolCallId: 'ghost', status: 'completed' });
    return END;
  },
  answer: (result) => settle(result),
});
