// Ignores cancel, SIGTERM and the end of its stdin, and has a child that does the same.
import { spawn } from 'node:child_process';
import { say, speak } from './speak.mjs';

process.on('SIGTERM', () => undefined);
// Not for ever: whoever tests the killing may have broken it.
setTimeout(() => process.exit(), 60_000);
if (process.argv[2] !== 'child') {
  const child = spawn(process.execPath, [process.argv[1], 'child'], { stdio: 'inherit' });
  speak({ 'session/prompt': () => void say(`child ${child.pid}`) });
}
