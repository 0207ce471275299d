import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { PublicKey, idOf } from '../../../src/protocol/ids.ts';
import {
  KEY_SETTLES_MS,
  QUEUE_MAX,
  RUN_SETTLES_MS,
  idleRunLine,
  runLine,
  type RunEffect,
  type RunInput,
} from '../../../src/terminal/run-line.ts';
import type { ShellPhase } from '../../../src/terminal/shell-phase.ts';

const keyOf = (byte: number) => idOf(PublicKey, new Uint8Array(32).fill(byte));
const alice = keyOf(1);
const bob = keyOf(2);
const OPENING = '\u001b[7717~\u001b[7717~\u001b[7718~\u001b[200~';
const CLOSING = '\u001b[201~\r';

/** The line and what it wrote; each call returns what came of that input alone. */
function line() {
  let state = idleRunLine;
  let ids = 0;
  function feed(input: RunInput): readonly RunEffect[] {
    const [next, effects] = runLine(state, input);
    state = next;
    return effects;
  }
  const written = (effects: readonly RunEffect[]) =>
    effects.flatMap((e) => (e.do === 'write' ? [new TextDecoder().decode(e.bytes)] : [])).join('');
  const waits = (effects: readonly RunEffect[]) =>
    effects.flatMap((e) => (e.do === 'wakeLater' ? [e] : [])).at(-1);
  return {
    run: (text: string, author = bob) => feed({ on: 'run', id: (ids += 1), author, text }),
    phase: (phase: ShellPhase) => feed({ on: 'phase', phase }),
    prompt: (prompt: number, ready = true) =>
      feed({ on: 'phase', phase: { phase: 'prompt', prompt, ready } }),
    running: (block = 1) => feed({ on: 'phase', phase: { phase: 'running', block } }),
    more: (prompt: number, asked = 1) =>
      feed({ on: 'phase', phase: { phase: 'continuation', prompt, asked } }),
    typed: (keys: string) => feed({ on: 'typed', keys: utf8(keys) }),
    modes: (bracketedPaste: boolean, alternate = false) =>
      feed({ on: 'modes', bracketedPaste, alternate }),
    feed,
    written,
    waits,
    queue: () => state.queue.map((c) => c.text),
  };
}

test('[RL2] Bob’s command goes into a fresh line: cleared, pasted, entered', () => {
  const at = line();
  at.prompt(1);
  expect(at.run('echo a\n\tb\n')).toEqual([
    { do: 'ran', id: 1, author: bob, text: 'echo a\n\tb\n' },
    { do: 'write', bytes: utf8(`${OPENING}echo a\n\tb${CLOSING}`) },
    { do: 'wakeLater', afterMs: RUN_SETTLES_MS, turn: 1 },
  ]);
});

test('[RL3] it waits for a prompt that is drawn, and the next for the one before', () => {
  const at = line();
  expect(at.written(at.run('one'))).toBe('');
  at.run('two');
  expect(at.written(at.prompt(1, false))).toBe('');
  expect(at.written(at.prompt(1))).toContain('one');
  // Drawn again, as by a window's new size, before the shell has started it.
  expect(at.written(at.prompt(1))).toBe('');
  expect(at.written(at.running())).toBe('');
  expect(at.written(at.prompt(1, false))).toBe('');
  expect(at.queue()).toEqual(['two']);
  expect(at.written(at.prompt(2))).toContain('two');
  expect(at.queue()).toEqual([]);
});

test('[RL3] a line that was no command, as a syntax error is none, frees the prompt after it', () => {
  const at = line();
  at.prompt(1);
  at.run('echo )');
  at.run('next');
  expect(at.written(at.prompt(2))).toContain('next');
});

describe('[RL4] Alice’s Enter', () => {
  test('holds Bob’s command back until the shell has answered', () => {
    const at = line();
    at.prompt(1);
    expect(at.waits(at.typed('make\r'))).toMatchObject({ afterMs: KEY_SETTLES_MS });
    expect(at.written(at.run('ls'))).toBe('');
    expect(at.written(at.running())).toBe('');
    expect(at.written(at.prompt(2))).toContain('ls');
  });
  test('in a quote that a shell keeps open without a word is left after a while', () => {
    const at = line();
    at.prompt(1);
    const wait = at.waits(at.typed('"\r'));
    at.run('ls');
    expect(at.written(at.feed({ on: 'wake', turn: 99 }))).toBe('');
    expect(at.written(at.feed({ on: 'wake', turn: wait?.turn ?? 0 }))).toBe('\u0003');
  });
  test('at a continuation holds it back too', () => {
    const at = line();
    at.prompt(1);
    at.more(1);
    at.typed('"\r');
    expect(at.written(at.run('ls'))).toBe('');
    expect(at.written(at.more(1, 2))).toBe('\u0003');
  });
});

describe('[RL4] Alice types ahead', () => {
  test('a line while a command runs: Bob’s command waits behind it', () => {
    const at = line();
    at.running();
    at.typed('cat\r');
    at.run('ls');
    const wait = at.prompt(1);
    expect(at.written(wait)).toBe('');
    expect(at.waits(wait)).toMatchObject({ afterMs: KEY_SETTLES_MS });
    at.running(2);
    expect(at.written(at.feed({ on: 'wake', turn: at.waits(wait)?.turn ?? 0 }))).toBe('');
    // Nobody knows whether cat has taken what came behind it.
    const again = at.waits(at.prompt(2));
    expect(at.written(at.feed({ on: 'wake', turn: again?.turn ?? 0 }))).toBe(
      `${OPENING}ls${CLOSING}`,
    );
    at.running(3);
    at.run('pwd');
    expect(at.written(at.prompt(3))).toContain('pwd');
  });
  test('two lines at once at a prompt: the second counts as well', () => {
    const at = line();
    at.prompt(1);
    at.typed('sleep 1\rcat\r');
    at.run('ls');
    at.running();
    expect(at.written(at.prompt(2))).toBe('');
  });
  test('a line behind Bob’s first command: his second waits for it', () => {
    const at = line();
    at.prompt(1);
    at.run('sleep 1');
    at.run('ls');
    at.typed('cat\r');
    at.running();
    expect(at.written(at.prompt(2))).toBe('');
  });
  test('Ctrl-C, which leaves nothing behind: it does not wait', () => {
    const at = line();
    at.running();
    at.typed('\u0003');
    at.run('ls');
    expect(at.written(at.prompt(1))).toContain('ls');
  });
  test('and goes on typing at the prompt: what stands there is left by Ctrl-C', () => {
    const at = line();
    at.running();
    at.typed('\r');
    at.run('ls');
    const wait = at.waits(at.prompt(1));
    at.typed('git');
    expect(at.written(at.feed({ on: 'wake', turn: wait?.turn ?? 0 }))).toBe('\u0003');
  });
});

describe('[RL5] Ctrl-C goes first', () => {
  test('at a continuation, and Bob’s command waits for another prompt', () => {
    const at = line();
    at.prompt(1);
    at.more(1);
    expect(at.written(at.run('ls'))).toBe('\u0003');
    expect(at.written(at.more(1))).toBe('');
    expect(at.written(at.prompt(1))).toBe('');
    expect(at.written(at.prompt(2, false))).toBe('');
    expect(at.written(at.prompt(2))).toBe(`${OPENING}ls${CLOSING}`);
  });
  test('where Alice has typed', () => {
    const at = line();
    at.prompt(1);
    at.typed('git com');
    expect(at.written(at.run('ls'))).toBe('\u0003');
    expect(at.written(at.prompt(2))).toBe(`${OPENING}ls${CLOSING}`);
  });
  test('and again where the first was kept; a shell that ignores both has its line cleared', () => {
    const at = line();
    at.prompt(1);
    at.typed('x');
    const first = at.waits(at.run('ls'));
    const second = at.feed({ on: 'wake', turn: first?.turn ?? 0 });
    expect(at.written(second)).toBe('\u0003');
    const third = at.feed({ on: 'wake', turn: at.waits(second)?.turn ?? 0 });
    expect(at.written(third)).toBe(`${OPENING}ls${CLOSING}`);
  });
  test('but never into an open quote whose shell ignores it', () => {
    const at = line();
    at.prompt(1);
    at.more(1);
    const first = at.waits(at.run('ls'));
    const second = at.waits(at.feed({ on: 'wake', turn: first?.turn ?? 0 }));
    expect(at.feed({ on: 'wake', turn: second?.turn ?? 0 })).toEqual([]);
    expect(at.queue()).toEqual(['ls']);
  });
});

describe('[RL7] a program that a shell hands its line to is not typed into', () => {
  test('when bracketed paste goes off', () => {
    const at = line();
    at.prompt(1);
    at.modes(true);
    at.modes(false);
    expect(at.written(at.run('ls'))).toBe('');
    expect(at.written(at.modes(true))).toContain('ls');
  });
  test('when the alternate screen comes', () => {
    const at = line();
    at.prompt(1);
    at.modes(true, true);
    expect(at.written(at.run('ls'))).toBe('');
    expect(at.written(at.modes(true, false))).toContain('ls');
  });
  test('while a shell that never turns it on is written to as any other', () => {
    const at = line();
    at.modes(false);
    at.prompt(1);
    expect(at.written(at.run('ls'))).toContain('ls');
  });
});

describe('[RL1] refused', () => {
  test.each(['a\u001b[201~b', 'a\rb', 'a\u0003', 'a\u007f', 'a\u009b31m', 'a\u0000'])(
    '%j',
    (text) => {
      const at = line();
      at.prompt(1);
      expect(at.run(text)).toEqual([{ do: 'refused', id: 1, fault: 'command.controls' }]);
    },
  );
});

test('[RL6] sixteen wait, the seventeenth is told', () => {
  const at = line();
  for (let i = 0; i < QUEUE_MAX; i++) at.run(`echo ${String(i)}`);
  expect(at.run('more')).toEqual([{ do: 'refused', id: 17, fault: 'command.queueFull' }]);
  expect(at.queue()).toHaveLength(QUEUE_MAX);
});

test('[RL6] a shell without marks, or none, refuses what waits and what comes', () => {
  for (const [phase, fault] of [
    [{ phase: 'plain' }, 'command.noMarks'],
    [{ phase: 'exited', code: 0 }, 'terminal.exited'],
  ] as const) {
    const at = line();
    at.run('waits');
    expect(at.phase(phase)).toEqual([
      { do: 'refused', id: 1, fault },
      { do: 'queue', queue: [] },
    ]);
    expect(at.run('comes')).toEqual([{ do: 'refused', id: 2, fault }]);
  }
});

test('[RL6] Bob takes out his own; Alice may not, unless she may take out all', () => {
  const at = line();
  at.run('one');
  at.run('two');
  expect(at.feed({ on: 'cancel', id: 1, author: alice })).toEqual([
    { do: 'refused', id: 1, fault: 'action.notAllowed' },
  ]);
  at.feed({ on: 'cancel', id: 1, author: bob });
  expect(at.queue()).toEqual(['two']);
  at.feed({ on: 'cancel', id: 2, author: 'any' });
  expect(at.queue()).toEqual([]);
  expect(at.feed({ on: 'cancel', id: 2, author: 'any' })).toEqual([
    { do: 'refused', id: 2, fault: 'action.gone' },
  ]);
});
