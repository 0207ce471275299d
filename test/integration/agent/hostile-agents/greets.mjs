// A few lines that are no messages, before and between those that are.
import { END, say, send, speak } from './speak.mjs';

process.stdout.write('Update available: 1.0 -> 2.0\n\n');
speak({
  'session/prompt': () => {
    process.stdout.write('debug: thinking\n');
    send({ id: 4711, result: 'an answer to nothing' });
    send({ id: null, method: 7 });
    say('hello');
    return END;
  },
});
