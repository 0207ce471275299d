// A hundred megabytes with no end of line, after a prompt or (with 'early') at once.
import { speak } from './speak.mjs';

const MEGABYTE = 'x'.repeat(1024 * 1024);
async function flood() {
  for (let i = 0; i < 100; i++) {
    if (!process.stdout.write(MEGABYTE)) {
      await new Promise((drained) => process.stdout.once('drain', drained));
    }
  }
}
process.stdout.on('error', () => undefined);
if (process.argv[2] === 'early') void flood();
else speak({ 'session/prompt': () => void flood() });
