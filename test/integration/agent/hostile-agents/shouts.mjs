// A hundred megabytes on stderr.
import { END, speak } from './speak.mjs';

const MEGABYTE = `${'y'.repeat(1023)}\n`.repeat(1024);
speak({
  'session/prompt': async () => {
    for (let i = 0; i < 100; i++) {
      if (!process.stderr.write(MEGABYTE)) {
        await new Promise((drained) => process.stderr.once('drain', drained));
      }
    }
    console.error('the last word');
    return END;
  },
});
