// A hundred megabytes on stderr; asked again it leaves.
import { END, speak } from './speak.mjs';

const MEGABYTE = `${'y'.repeat(1023)}\n`.repeat(1024);
let isHoarse = false;
speak({
  'session/prompt': async () => {
    if (isHoarse) process.exit(7);
    isHoarse = true;
    for (let i = 0; i < 100; i++) {
      if (!process.stderr.write(MEGABYTE)) {
        await new Promise((drained) => process.stderr.once('drain', drained));
      }
    }
    console.error('the last word');
    return END;
  },
});
