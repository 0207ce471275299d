// Whether a terminal hides what is typed into it, as while a password is asked for. Node cannot
// read a terminal's settings, so a small shell beside us runs stty, only after something stirred.
import { spawn, type ChildProcess } from 'node:child_process';

/** Between two looks, in ms: one costs that other process about a millisecond. */
const LOOK_MS = 100;
/** After output has settled: a program turns the echo off, then asks for the password. */
const SETTLE_MS = 15;
/** An answer of stty is shorter; more is not one. In characters. */
const ANSWER_CHARS_MAX = 8192;

const SCRIPT = 'while read -r tty; do stty -a <"$tty" 2>/dev/null | tr "\\n" " "; echo; done';

export interface EchoWatch {
  readonly echoes: () => boolean;
  /** Something was written or read: look soon. */
  readonly stirred: () => void;
  readonly close: () => void;
}

export function openEchoWatch(device: string): EchoWatch {
  let echoes = true;
  let closed = false;
  let helper: ChildProcess | undefined;
  let looking: ReturnType<typeof setTimeout> | undefined;
  let lookedAt = -LOOK_MS;

  function look(): void {
    looking = undefined;
    lookedAt = performance.now();
    helper ??= startHelper(answered, () => {
      helper = undefined;
    });
    helper.stdin?.write(`${device}\n`);
  }

  function answered(answer: string): void {
    // A program that reads key by key (an editor, a shell's own line) draws what it likes; one
    // that reads lines with the echo off is hiding them.
    if (answer !== '') echoes = !(/(^|\s)icanon\b/.test(answer) && /(^|\s)-echo\b/.test(answer));
  }

  return {
    echoes: () => echoes,
    stirred() {
      if (closed || looking !== undefined) return;
      const sinceMs = performance.now() - lookedAt;
      looking = setTimeout(look, Math.max(SETTLE_MS, LOOK_MS - sinceMs));
      looking.unref();
    },
    close() {
      closed = true;
      clearTimeout(looking);
      helper?.stdin?.end();
    },
  };
}

/** Dies with us: its input ends. Where there is no sh or stty, `answered` is never called. */
function startHelper(answered: (answer: string) => void, ended: () => void): ChildProcess {
  const helper = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'pipe', 'ignore'] });
  let text = '';
  helper.on('error', ended);
  helper.on('exit', ended);
  helper.stdin.on('error', () => {});
  helper.stdout.setEncoding('utf8').on('data', (more: string) => {
    const lines = (text + more).slice(-ANSWER_CHARS_MAX).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) answered(line);
  });
  helper.unref();
  return helper;
}
