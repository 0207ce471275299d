// What a pty of ours promises, proven on real ones: nothing that is written is lost or doubled, and
// nothing a program does can hold up the process.
import { afterEach, expect, test } from 'vitest';
import { openPty, type Pty, type PtyExit } from '../../../src/terminal/pty.ts';
import { loops } from '../../soak/loops.ts';
import { QUEUED_BYTES_MAX } from '../../../src/terminal/write-pump.ts';

const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', TERM: 'xterm-256color', HOME: '/tmp' };

interface Open {
  readonly pty: Pty;
  readonly text: () => string;
  readonly bytes: () => number;
  readonly exit: () => PtyExit | null;
  readonly until: (what: string, condition: () => boolean, withinMs?: number) => Promise<void>;
}

let running: Open[] = [];
afterEach(async () => {
  for (const one of running) {
    one.pty.kill();
    await one.until('the end', () => one.exit() !== null);
  }
  running = [];
});

function open(script: string, cwd = '/tmp'): Open {
  const opened = openPty({
    file: 'bash',
    args: ['--norc', '-c', script],
    env,
    cwd,
    cols: 80,
    rows: 24,
  });
  if (!opened.ok) throw new Error(opened.fault);
  const pty = opened.value;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let exit: PtyExit | null = null;
  pty.onBytes((chunk) => {
    if (exit !== null) throw new Error('bytes after the exit');
    chunks.push(chunk);
    bytes += chunk.length;
  });
  pty.onExit((e) => {
    exit = e;
  });
  const text = () => Buffer.concat(chunks).toString('utf8');
  const one: Open = {
    pty,
    text,
    bytes: () => bytes,
    exit: () => exit,
    async until(what, condition, withinMs = 10_000) {
      const deadline = Date.now() + withinMs;
      while (!condition()) {
        if (Date.now() > deadline)
          throw new Error(`waited in vain for ${what}: ${text().slice(-300)}`);
        await new Promise((again) => setTimeout(again, 2));
      }
    },
  };
  running.push(one);
  return one;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

test('[PT1] a long paste into a program that does not read stops nothing, and arrives whole', async () => {
  const one = open(
    'stty raw -echo; echo up; read -r -n 1 < <(sleep 0.7; echo x); head -c 200000 | wc -c',
  );
  await one.until('the program', () => one.text().includes('up'));
  const paste = new Uint8Array(200_000).fill(0x61);
  let ticks = 0;
  let longestMs = 0;
  let last = performance.now();
  const ticking = setInterval(() => {
    ticks += 1;
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }, 5);
  for (let at = 0; at < paste.length; at += 50_000) {
    expect(one.pty.write(paste.subarray(at, at + 50_000)).ok).toBe(true);
  }
  await one.until('the count', () => one.text().includes('200000'));
  clearInterval(ticking);
  expect(ticks).toBeGreaterThan(20);
  expect(longestMs).toBeLessThan(250);
});

test('[PT2] what waits for a program that never reads has a limit', async () => {
  const one = open('stty raw -echo; echo up; sleep 100');
  await one.until('the program', () => one.text().includes('up'));
  let taken = 0;
  const piece = new Uint8Array(64 * 1024).fill(0x61);
  for (let result = one.pty.write(piece); result.ok; result = one.pty.write(piece))
    taken += piece.length;
  expect(one.pty.write(piece)).toEqual({ ok: false, fault: 'action.tooMany' });
  expect(taken).toBeGreaterThan(QUEUED_BYTES_MAX / 2);
  expect(taken).toBeLessThan(2 * QUEUED_BYTES_MAX);
});

test.each([
  ['reads keys', 'stty -icanon -echo isig'],
  ['reads lines', 'stty icanon isig -echo'],
])('[PT3] Ctrl-C overtakes a paste when a program that %s has stopped reading', async (_, stty) => {
  const one = open(
    `trap "echo caught; exit 5" INT; ${stty}; echo up; while :; do sleep 0.05; done`,
  );
  await one.until('the program', () => one.text().includes('up'));
  one.pty.write(utf8('a line\n'.repeat(40_000)));
  one.pty.writeControl(new Uint8Array([3]));
  await one.until('the trap', () => one.exit() !== null);
  expect(one.text()).toContain('caught');
  expect(one.exit()).toEqual({ code: 5, signal: null });
});

test('[PT4] the last output before an exit is never lost', async () => {
  for (let i = 0; i < loops(50, 1000); i++) {
    const one = open('seq 1 600; exit 4');
    await one.until('the end', () => one.exit() !== null);
    expect(one.exit()).toEqual({ code: 4, signal: null });
    expect(one.text().endsWith('599\r\n600\r\n')).toBe(true);
  }
});

test('[PT4] nor when the process was busy as the program ended', async () => {
  for (let i = 0; i < 5; i++) {
    const one = open('seq 1 2000');
    let first = true;
    one.pty.onBytes(() => {
      // Longer than node-pty waits before it drops what it has not read.
      if (first) for (const until = performance.now() + 300; performance.now() < until;);
      first = false;
    });
    await one.until('the end', () => one.exit() !== null);
    expect(one.text().endsWith('1999\r\n2000\r\n')).toBe(true);
  }
});

test('[PT4] one that goes on writing in the background does not hold up the exit', async () => {
  const one = open('set -m; yes & seq 1 600; exit 4');
  await one.until('the end', () => one.exit() !== null);
  expect(one.exit()).toEqual({ code: 4, signal: null });
  expect(one.text()).toContain('600\r\n');
});

test('[PT5] exits say by what: a code, or a signal', async () => {
  const code = open('exit 137');
  await code.until('the end', () => code.exit() !== null);
  expect(code.exit()).toEqual({ code: 137, signal: null });
  const signal = open('kill -SEGV $$');
  await signal.until('the end', () => signal.exit() !== null);
  expect(signal.exit()).toEqual({ code: null, signal: 11 });
});

test('[PT5] a program that ignores the hangup is killed two seconds later', async () => {
  const one = open('trap "" HUP; echo up; while :; do sleep 0.1; done');
  await one.until('the program', () => one.text().includes('up'));
  one.pty.kill();
  await one.until('the end', () => one.exit() !== null);
  expect(one.exit()).toEqual({ code: null, signal: 9 });
});

test('[PT6] a dragged window is one new size', async () => {
  const one = open('trap "stty size" WINCH; echo up; while :; do sleep 0.02; done');
  await one.until('the program', () => one.text().includes('up'));
  for (let cols = 81; cols <= 120; cols++) one.pty.resize(cols, 30);
  await one.until('the size', () => one.text().includes('30 120'));
  expect(one.text().match(/30 \d+/g)).toEqual(['30 120']);
});

test('[PT7] it is known when a program hides what is typed', async () => {
  const one = open(
    'read -r a; read -rs -p "Password:" b; echo; stty raw -echo; echo raw; sleep 100',
  );
  expect(one.pty.echoes()).toBe(true);
  one.pty.write(utf8('x\n'));
  await one.until('the question', () => one.text().includes('Password:'));
  await one.until('hiding', () => !one.pty.echoes());
  one.pty.write(utf8('secret\n'));
  await one.until('the next program', () => one.text().includes('raw'));
  // A program that reads key by key hides nothing: it draws for itself.
  await one.until('showing', () => one.pty.echoes());
});

test('[PT8] a missing shell is a fault, a missing folder is not', async () => {
  const missing = openPty({ file: 'no-such-shell', args: [], env, cwd: '/', cols: 80, rows: 24 });
  expect(missing).toEqual({ ok: false, fault: 'terminal.noShell' });
  const one = open('pwd', '/no/such/folder');
  await one.until('the end', () => one.exit() !== null);
  expect(one.text()).toBe('/tmp\r\n');
});

test('[PT8] the directory is where the program is now', async () => {
  const one = open('cd /usr; echo there; sleep 100');
  await one.until('the move', () => one.text().includes('there'));
  expect(one.pty.cwd()).toBe('/usr');
});
