// Updates that nobody knows, and known ones that are not what they are called.
import { END, SESSION, say, send, speak, update } from './speak.mjs';

speak({
  'session/prompt': () => {
    update('weather_update', { degrees: 21 });
    update('tool_call', { title: 'a call without an id' });
    update('plan', { entries: 'no list' });
    send({ method: 'session/update', params: { sessionId: SESSION, update: 'not an object' } });
    send({ method: 'session/update', params: null });
    send({ method: 'craft/notify', params: {} });
    send({ id: 'q', method: 'craft/drainMidTurnQueue', params: {} });
    send({ id: 'f', method: 'fs/read_text_file', params: { path: '/etc/passwd' } });
    say('after all that');
    return END;
  },
  answer: (result) => say(`answered with ${JSON.stringify(result)}`),
});
