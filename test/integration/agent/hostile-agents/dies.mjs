// Leaves a child behind and dies in the middle of a turn.
import { spawn } from 'node:child_process';
import { say, speak } from './speak.mjs';

speak({
  'session/prompt': () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => 0, 60_000)'], {
      stdio: 'inherit',
    });
    say(`child ${child.pid}`);
    console.error('Segmentation fault');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);
  },
});
