import { describe, expect, test } from 'vitest';
import { PublicKey, idOf } from '../../../src/protocol/ids.ts';
import { commandText } from '../../../src/terminal/command-text.ts';
import type { CommandSource, Mark } from '../../../src/terminal/marks.ts';
import { shellPhase } from '../../../src/terminal/shell-phase.ts';
import {
  markedDirectory,
  shellState,
  startedShell,
  typedText,
  type ShellEffect,
  type ShellInput,
} from '../../../src/terminal/shell-state.ts';

const keyOf = (byte: number) => idOf(PublicKey, new Uint8Array(32).fill(byte));
const alice = keyOf(1);
const bob = keyOf(2);

/** A shell whose marks come at rows of the story's choosing. */
function story(marks = true) {
  let state = startedShell({ marks, nextBlock: 7, directory: '/home/alice' });
  let row = 0;
  let at = 1000;
  const effects: ShellEffect[] = [];
  function feed(input: ShellInput) {
    const [next, more] = shellState(state, input);
    state = next;
    effects.push(...more);
  }
  const tell = {
    mark(mark: Mark, column = 0, cells = '') {
      feed({ on: 'mark', mark, row, column, cells, at: (at += 1) });
      return tell;
    },
    prompt: (cwd = '/home/alice', pid = 1) =>
      tell.mark({ kind: 'prompt', cwd, pid }).mark({ kind: 'promptEnd' }, 2),
    command: (text: string, source: CommandSource = 'exact', cells = '') =>
      tell.mark({ kind: 'command', text, source }, 0, cells).mark({ kind: 'start' }),
    done: (exit: number | null, column = 0) => tell.mark({ kind: 'done', exit }, column),
    down(rows: number) {
      row += rows;
      return tell;
    },
    feed(input: ShellInput) {
      feed(input);
      return tell;
    },
    state: () => state,
    phase: () => shellPhase(state),
    blocks: () => effects.filter((e) => e.do !== 'phase'),
    phases: () => effects.flatMap((e) => (e.do === 'phase' ? [e.phase.phase] : [])),
  };
  return tell;
}

test('[TM4] a command whose text was not told is as Bob wrote it', () => {
  const tell = story().prompt().feed({ on: 'ran', author: bob, text: 'very long' });
  tell.mark({ kind: 'start' });
  expect(tell.blocks()).toMatchObject([{ block: { command: 'very long', author: bob } }]);
});

test('[TM1] the shell’s directory is the one of its last prompt, as long as it lives', () => {
  const tell = story();
  expect(markedDirectory(tell.state())).toBeNull();
  expect(markedDirectory(tell.prompt('/tmp').command('cd /usr').state())).toBe('/tmp');
  expect(markedDirectory(tell.done(0).prompt('/usr').state())).toBe('/usr');
  tell.feed({ on: 'exited', code: 0, row: 0, column: 0, at: 9 });
  expect(markedDirectory(tell.state())).toBeNull();
});

test('[TR3] a number that was given to another is no block’s, also while one runs or a prompt stands', () => {
  const numbers = (tell: ReturnType<typeof story>) =>
    tell.blocks().flatMap((e) => (e.do === 'blockBegins' ? [e.block.number] : []));
  const tell = story().prompt().feed({ on: 'numbered', next: 8 }).command('one');
  tell.feed({ on: 'numbered', next: 12 }).feed({ on: 'numbered', next: 3 }).done(0);
  expect(numbers(tell.prompt().command('two').done(0))).toEqual([8, 12]);
  expect(tell.blocks().flatMap((e) => (e.do === 'blockEnds' ? [e.number] : []))).toEqual([8, 12]);
});

test('[TM1] Alice runs a command: it begins at its first row and ends at its last', () => {
  const tell = story().prompt('/tmp').down(1).command('seq 3').down(3).done(0);
  expect(tell.blocks()).toEqual([
    {
      do: 'blockBegins',
      block: {
        number: 7,
        author: null,
        command: 'seq 3',
        directory: '/tmp',
        startedAt: 1004,
        firstRow: 1,
      },
    },
    { do: 'blockEnds', number: 7, exit: 0, endedAt: 1005, lastRow: 3, state: 'done' },
  ]);
  expect(tell.phases()).toEqual(['prompt', 'prompt', 'running', 'prompt']);
});

test('[TM1] no output leaves the last row above the first; an open line counts', () => {
  const tell = story().prompt().down(1).command('true').done(0);
  expect(tell.blocks().at(-1)).toMatchObject({ lastRow: 0 });
  tell.prompt().down(1).command('printf x').done(0, 1);
  expect(tell.blocks().at(-1)).toMatchObject({ number: 8, lastRow: 2 });
});

test('[TM5] two starts without an end between: the first ends with its exit unknown', () => {
  const tell = story().prompt().command('one').down(1).command('two').down(1).done(0);
  expect(tell.blocks()).toMatchObject([
    { do: 'blockBegins', block: { number: 7, command: 'one' } },
    { do: 'blockEnds', number: 7, exit: null, state: 'done', lastRow: 0 },
    { do: 'blockBegins', block: { number: 8, command: 'two', firstRow: 1 } },
    { do: 'blockEnds', number: 8, exit: 0 },
  ]);
});

test('[TM6] a prompt while a block is open ends it, of the same shell or of another', () => {
  const tell = story().prompt().command('exec zsh').prompt('/', 2);
  expect(tell.blocks().at(-1)).toMatchObject({
    do: 'blockEnds',
    number: 7,
    exit: null,
    state: 'done',
  });
  expect(tell.phase()).toEqual({ phase: 'prompt', prompt: 2, ready: true });
});

test('[TM7] an end without a start is no block', () => {
  const tell = story().prompt().done(null).prompt();
  expect(tell.blocks()).toEqual([]);
  expect(tell.state().unexpected).toBe(0);
  tell.done(1);
  expect(tell.state().unexpected).toBe(1);
});

test('[TM1] a start without a prompt is a block of unknown hands', () => {
  const tell = story().command('early').done(0);
  expect(tell.blocks()).toMatchObject([
    { block: { number: 7, author: null } },
    { number: 7, exit: 0 },
  ]);
});

test('[TM6] the shell’s end ends an open block: with its code, or interrupted by a signal', () => {
  const exits = story()
    .prompt()
    .command('exit 3')
    .feed({ on: 'exited', code: 3, at: 2000, row: 1, column: 0 });
  expect(exits.blocks().at(-1)).toMatchObject({ exit: 3, state: 'done', endedAt: 2000 });
  expect(exits.phase()).toEqual({ phase: 'exited', code: 3 });
  expect(exits.prompt().phase()).toEqual({ phase: 'exited', code: 3 });
  const killed = story()
    .prompt()
    .command('x')
    .feed({ on: 'exited', code: null, at: 2000, row: 1, column: 0 });
  expect(killed.blocks().at(-1)).toMatchObject({ exit: null, state: 'interrupted' });
});

test('[TM9] marks without a nonce count only while a line is typed', () => {
  const tell = story().mark({ kind: 'promptEnd' }).mark({ kind: 'continuation', part: 'end' });
  expect(tell.phase()).toEqual({ phase: 'starting' });
  tell.prompt().command('cat hostile').mark({ kind: 'promptEnd' });
  expect(tell.phase()).toEqual({ phase: 'running', block: 7 });
  tell.done(0).mark({ kind: 'promptEnd' });
  expect(tell.phase()).toEqual({ phase: 'prompt', prompt: 1, ready: false });
  tell.prompt().mark({ kind: 'continuation', part: 'end' }).mark({ kind: 'promptEnd' });
  expect(tell.phase()).toEqual({ phase: 'continuation', prompt: 2, asked: 1 });
  expect(tell.state().unexpected).toBe(5);
});

test('[TM1] a shell that says nothing is plain, until it says something', () => {
  expect(story(false).phase()).toEqual({ phase: 'plain' });
  const tell = story().feed({ on: 'overdue' });
  expect(tell.phase()).toEqual({ phase: 'plain' });
  tell.prompt().feed({ on: 'overdue' });
  expect(tell.phase()).toEqual({ phase: 'prompt', prompt: 1, ready: true });
});

describe('[TM8] who a block belongs to', () => {
  const typed = (author: PublicKey): ShellInput => ({ on: 'typed', author });
  const authorOf = (tell: ReturnType<typeof story>) => {
    const begins = tell.blocks().findLast((e) => e.do === 'blockBegins');
    return begins?.do === 'blockBegins' ? begins.block.author : undefined;
  };
  test('the one who typed', () => {
    const tell = story().prompt().feed(typed(alice)).feed(typed(alice)).command('ls');
    expect(authorOf(tell)).toBe(alice);
  });
  test('nobody, where Alice and Bob typed', () => {
    const tell = story().prompt().feed(typed(alice)).feed(typed(bob)).command('ls');
    expect(authorOf(tell)).toBeNull();
  });
  test('Bob, whose command ran over what Alice had typed, all of its lines, and no further', () => {
    const tell = story().prompt().feed(typed(alice)).feed({ on: 'ran', author: bob, text: 'a\nb' });
    expect(authorOf(tell.command('a'))).toBe(bob);
    expect(authorOf(tell.command('b'))).toBe(bob);
    expect(authorOf(tell.done(0).prompt().feed(typed(alice)).command('c'))).toBe(alice);
    expect(authorOf(tell.done(0).prompt().command('d'))).toBeNull();
  });
  test('the one who typed ahead, where nobody typed since', () => {
    const tell = story().prompt().feed(typed(alice)).command('sleep 1').feed(typed(bob)).done(0);
    expect(authorOf(tell.prompt().command('ls'))).toBe(bob);
    tell.feed(typed(bob)).done(0).prompt().feed(typed(alice));
    expect(authorOf(tell.command('ls'))).toBe(alice);
  });
});

describe('[TM4] the text of a command', () => {
  const account = { text: '', source: 'exact', cells: '', ran: null } as const;
  test.each([
    ['exact as the shell says it', { text: ' ls ', source: 'exact' as const }, ' ls '],
    ['new in the history', { text: 'ls', source: 'history' as const, cells: 'l' }, 'ls'],
    [
      'as typed, where the history joined its lines',
      {
        text: 'for i in 1; do echo; done',
        source: 'history' as const,
        cells: 'for i in 1\ndo\necho\ndone',
      },
      'for i in 1\ndo\necho\ndone',
    ],
    [
      'from the screen, where the history kept an older one',
      { text: 'old', source: 'stale' as const, cells: 'hidden' },
      'hidden',
    ],
    [
      'exact from the history, where it is repeated',
      { text: 'echo  a', source: 'stale' as const, cells: 'echo a' },
      'echo  a',
    ],
    [
      'as Bob sent it, where it agrees',
      { text: 'a; b', source: 'history' as const, ran: 'a\n\tb' },
      'a\n\tb',
    ],
    [
      'not as Bob sent it, where it does not',
      { text: 'a', source: 'history' as const, ran: 'a\nb', cells: 'a\nb' },
      'a',
    ],
  ])('%s', (_, accounts, expected) => {
    expect(commandText({ ...account, ...accounts })).toBe(expected);
  });

  test('is read from where it was typed, without the prompts of further lines', () => {
    const tell = story().prompt();
    tell
      .down(1)
      .mark({ kind: 'continuation', part: 'start' })
      .mark({ kind: 'continuation', part: 'end' }, 4)
      .down(1);
    const spans: string[] = [];
    const text = typedText(tell.state(), { row: 2, column: 0 }, (from, to) => {
      spans.push(
        `${String(from.row)},${String(from.column)}-${String(to.row)},${String(to.column)}`,
      );
      return 'line \n';
    });
    expect(spans).toEqual(['0,2-1,0', '1,4-2,0']);
    expect(text).toBe('line\nline');
    expect(typedText(story().state(), { row: 0, column: 0 }, () => 'x')).toBe('');
  });

  test('is not read from rows that a cleared screen has moved away', () => {
    const tell = story().down(5).prompt().down(-5).mark({ kind: 'continuation', part: 'start' });
    expect(typedText(tell.state(), { row: 0, column: 0 }, () => 'x')).toBe('');
  });
});
