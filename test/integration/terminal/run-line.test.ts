// Bob's command.run reaches a real shell that Alice has left in every kind of disorder.
import { expect, test } from 'vitest';
import { describeInEachShell, type ShellName } from '../../e2e/stage/each-shell.ts';
import { bob, readyRig, type ShellRig } from './shell-rig.ts';

const VI: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  bash: { '.bashrc': 'set -o vi\n' },
  zsh: { '.zshrc': 'bindkey -v\n' },
  fish: { '.config/fish/config.fish': 'fish_vi_key_bindings\n' },
};

/** Several lines that are one command, and that would do harm as vi commands. */
const FOR: Readonly<Record<ShellName, string>> = {
  bash: 'for dd in 1 2\ndo\n\techo vi$dd\ndone',
  zsh: 'for dd in 1 2\ndo\n\techo vi$dd\ndone',
  fish: 'for dd in 1 2\n\techo vi$dd\nend',
};

/** Says when it reads: before that the shell may still be setting the terminal up for it. */
const READER = "sh -c 'echo ready; exec cat'";

/** Bob runs a command that names itself, and it runs whole, alone and under his name. */
async function bobRuns(rig: ShellRig, text: string, output: string) {
  const number = rig.begun.length + 1;
  rig.run(text);
  const block = await rig.block(number);
  expect(block).toMatchObject({ command: text, author: bob, exit: 0 });
  expect(block.output).toBe(output);
  expect(rig.begun).toHaveLength(number);
}

describeInEachShell('what Bob runs', [], (shell) => {
  test('[RL2] at an empty line', async () => {
    const rig = await readyRig({ shell });
    await bobRuns(rig, 'echo one', 'one');
    await bobRuns(rig, `printf '%s\\n' "it's; \\$HOME ünï 界"`, "it's; $HOME ünï 界");
  });

  test('[RL2] a line typed ahead is cleared', async () => {
    const rig = await readyRig({ shell });
    rig.typeUnseen('rm -rf half');
    await rig.until('the typed text', () => rig.screenText().includes('half'));
    await bobRuns(rig, 'echo whole', 'whole');
    rig.typeUnseen('echo left\u0001\u001b[D\u001b[D');
    await bobRuns(rig, 'echo whole again', 'whole again');
    for (const keys of ['\u0016', '\u0018', '\u001b', 'ab\u001b3', 'echo "never']) {
      rig.typeUnseen(keys);
      await bobRuns(rig, 'echo key', 'key');
    }
  });

  test('[RL2] a history search begun ahead is left', async () => {
    const rig = await readyRig({ shell });
    await rig.typeLine('echo earlier');
    rig.typeUnseen('\u0012earl');
    await rig.until(
      'the search',
      () => rig.screenText().includes('earl\u00a0') || /search.*earl/.test(rig.screenText()),
    );
    await bobRuns(rig, 'echo found', 'found');
  });

  test.each(['', 'd', 'f', 'r', '3', '"', 'q', ...(shell === 'fish' ? ['/ab', '?'] : [])])(
    '[RL2] vi command mode entered ahead is left, with "%s" half done',
    async (keys) => {
      const rig = await readyRig({ shell, home: VI[shell] ?? {} });
      await rig.typeLine('echo earlier');
      const start = rig.screen.buffer.active.cursorX;
      rig.typeUnseen('echo typed');
      await rig.until('the typed text', () => rig.screenText().endsWith('echo typed'));
      // Going to the line's start shows that the shell is in command mode.
      rig.typeUnseen('\u001b');
      rig.typeUnseen('0');
      await rig.until('command mode', () => rig.screen.buffer.active.cursorX === start);
      rig.typeUnseen(keys);
      await bobRuns(rig, FOR[shell], 'vi1\nvi2');
    },
  );

  test.each([
    ['a half-typed line', 'rm -rf half'],
    ['a key half pressed', '\u0016'],
    ['a history search', '\u0012earl'],
    ['a search of another kind', '\u001b\u0010earl'],
  ])('[RL5] %s of Alice’s is left by Ctrl-C', async (_, keys) => {
    const rig = await readyRig({ shell });
    await rig.typeLine('echo earlier');
    rig.type(keys);
    await bobRuns(rig, FOR[shell], 'vi1\nvi2');
  });

  test.each(['', 'd', 'r', '/ab', '?'])(
    '[RL5] vi command mode is left by Ctrl-C, with "%s" half done',
    async (keys) => {
      const rig = await readyRig({ shell, home: VI[shell] ?? {} });
      await rig.typeLine('echo earlier');
      const start = rig.screen.buffer.active.cursorX;
      rig.type('echo typed');
      await rig.until('the typed text', () => rig.screenText().endsWith('echo typed'));
      rig.type('\u001b');
      rig.type('0');
      await rig.until('command mode', () => rig.screen.buffer.active.cursorX === start);
      rig.type(keys);
      await bobRuns(rig, FOR[shell], 'vi1\nvi2');
    },
  );

  test('[RL5] in an open quote', async () => {
    const rig = await readyRig({ shell });
    rig.type('echo "never\r');
    if (shell === 'fish') await rig.until('the quote', () => rig.screenText().includes('never'));
    else await rig.until('a further line', () => rig.phase().phase === 'continuation');
    await bobRuns(rig, 'echo closed', 'closed');
  });

  test('[RL1] text that would end its own paste is refused, and the shell never sees it', async () => {
    const rig = await readyRig({ shell });
    rig.run('echo a\u001b[201~\recho b');
    rig.run('echo a\recho b');
    rig.run('echo a\u0003');
    expect(rig.refused).toEqual(['command.controls', 'command.controls', 'command.controls']);
    await bobRuns(rig, 'echo still', 'still');
    expect(rig.begun).toHaveLength(1);
  });

  test('[RL2] lines, tabs, quotes and leading blanks arrive as they are', async () => {
    const rig = await readyRig({ shell });
    const text =
      shell === 'fish'
        ? 'for i in 1 2\n\tprintf "<%s>" "a\tb$i"\nend'
        : 'for i in 1 2\ndo\n\tprintf "<%s>" "a\tb$i"\ndone';
    rig.run(text);
    const block = await rig.block(1);
    expect(block).toMatchObject({ command: text, exit: 0 });
    expect(block.raw).toContain('<a\tb1><a\tb2>');
    rig.run("  echo 'a  b' \"it's\" \\\\");
    expect(await rig.block(2)).toMatchObject({
      command: "  echo 'a  b' \"it's\" \\\\",
      output: "a  b it's \\",
    });
  });

  test('[RL3] commands wait for the one that runs, and never reach its input', async () => {
    const rig = await readyRig({ shell });
    rig.run(READER);
    rig.run('echo second');
    rig.run('echo third');
    await rig.until('cat', () => rig.screenText().includes('\nready'));
    rig.type('hello\r');
    await rig.until('its echo', () => rig.screenText().includes('hello\nhello'));
    expect(rig.queue().map((c) => c.text)).toEqual(['echo second', 'echo third']);
    rig.type('\u0004');
    const third = await rig.block(3);
    expect(third.output).toBe('third');
    expect(rig.ended.map((b) => b.output)).toEqual(['ready\nhello\nhello', 'second', 'third']);
  });

  test('[RL4] a line that Alice has typed ahead comes before Bob’s command, and its program gets none of it', async () => {
    const rig = await readyRig({ shell });
    rig.type("sh -c 'echo up; exec sleep 1'\r");
    await rig.until('the command', () => rig.screenText().includes('\nup'));
    rig.run('echo second');
    rig.type(`${READER}\r`);
    await rig.until('cat', () => rig.screenText().includes('\nready'));
    rig.type('hello\r');
    await rig.until('its echo', () => rig.screenText().includes('hello\nhello'));
    rig.type('\u0004');
    expect(await rig.block(3)).toMatchObject({ command: 'echo second', output: 'second' });
    expect(rig.ended[1]).toMatchObject({ command: READER, output: 'ready\nhello\nhello' });
  });

  test('[RL4] a command sent while Alice presses Enter waits for hers', async () => {
    const rig = await readyRig({ shell });
    rig.type(`${READER}\r`);
    rig.run('echo second');
    await rig.until('cat', () => rig.screenText().includes('\nready'));
    rig.type('hello\r');
    await rig.until('its echo', () => rig.screenText().includes('hello\nhello'));
    rig.type('\u0004');
    expect((await rig.block(2)).output).toBe('second');
    expect(rig.ended[0]?.output).toBe('ready\nhello\nhello');
  });
});
