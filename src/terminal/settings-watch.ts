// What a terminal does with keys: hides them, as for a password, or makes signals of some. Node
// cannot read a terminal's settings, so a small shell beside us runs stty, after something stirred.
import { spawn, type ChildProcess } from 'node:child_process';

/** Between two looks, in ms: one costs a processor about a millisecond. */
const LOOK_MS = 100;
/** After output has settled: a program turns the echo off, then asks for the password. */
const SETTLE_MS = 15;
/** An answer of stty is shorter; more is not one. In characters. */
const ANSWER_CHARS_MAX = 8192;
/** Keys wait no longer than this for it, in ms: a busy computer takes a tenth. */
const DISCARD_MS_MAX = 1000;

/**
 * Each answer ends with an empty line. stty runs alone: all that starts beside it takes the
 * processor from the echo of a key.
 * `discard` reads what the kernel holds for a program that does not: 64 KiB at most, of which a
 * read frees 4 KiB, so it is done often enough.
 */
const SCRIPT = `
while read -r what tty; do
  case $what in
    look) stty -a <"$tty" 2>/dev/null; echo ;;
    discard)
      for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        dd if="$tty" of=/dev/null bs=65536 iflag=nonblock 2>/dev/null
      done
      echo discarded; echo ;;
  esac
done`;

export interface SettingsWatch {
  /** False while what is typed is hidden. */
  readonly echoes: () => boolean;
  /** Whether Ctrl-C, Ctrl-Z and Ctrl-\ are signals rather than keys. */
  readonly signals: () => boolean;
  /** Something was written or read: look soon. */
  readonly stirred: () => void;
  /**
   * Throws away what was written and not read yet; `done` is called once, then what is written is
   * safe again.
   */
  readonly discard: (done: () => void) => void;
  readonly close: () => void;
}

export function openSettingsWatch(device: string): SettingsWatch {
  let echoes = true;
  let signals = true;
  let closed = false;
  let helper: ChildProcess | undefined;
  let looking: ReturnType<typeof setTimeout> | undefined;
  let lookedAt = -LOOK_MS;
  /** Those who wait for a discard that is under way. */
  let discards: (() => void)[] = [];

  function look(): void {
    looking = undefined;
    lookedAt = performance.now();
    ask('look');
  }

  function ask(what: 'look' | 'discard'): void {
    helper ??= startHelper(answered, () => {
      helper = undefined;
      discarded();
    });
    helper.stdin?.write(`${what} ${device}\n`);
  }

  function answered(answer: string): void {
    if (answer === '') return;
    if (answer === 'discarded') return discarded();
    const set = new Set(answer.split(/[\s;]+/));
    // A program that reads key by key (an editor, a shell's own line) draws what it likes; one
    // that reads lines with the echo off is hiding them.
    echoes = !(set.has('icanon') && set.has('-echo'));
    signals = set.has('isig');
  }

  function discarded(): void {
    const waiting = discards;
    discards = [];
    for (const done of waiting) done();
  }

  return {
    echoes: () => echoes,
    signals: () => signals,
    stirred() {
      if (closed || looking !== undefined) return;
      const sinceMs = performance.now() - lookedAt;
      looking = setTimeout(look, Math.max(SETTLE_MS, LOOK_MS - sinceMs));
      looking.unref();
    },
    discard(done) {
      if (closed) return done();
      let waits = true;
      const once = (): void => {
        clearTimeout(overdue);
        if (waits) done();
        waits = false;
      };
      const overdue = setTimeout(once, DISCARD_MS_MAX);
      overdue.unref();
      // Nothing was written since one that is under way began.
      if (discards.length === 0) ask('discard');
      discards.push(once);
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
    const answers = (text + more).slice(-ANSWER_CHARS_MAX).split(/^\n/m);
    text = answers.pop() ?? '';
    for (const answer of answers) answered(answer.trimEnd());
  });
  helper.unref();
  return helper;
}
