// A terminal of the sharer's process, with a real pty: what it tells, in which order.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeClock } from '../../../src/host/clock-node.ts';
import { openTerminal, type Terminal, type TerminalEvent } from '../../../src/host/terminal.ts';
import { shellLaunch, type ShellLaunch } from '../../../src/terminal/shells.ts';
import { removeFolder } from '../../remove-folder.ts';
import { keyOf } from '../../unit/session/stage.ts';
import { until } from './session-rig.ts';

let home: string;
let events: TerminalEvent[];
let terminal: Terminal;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'meshell-terminal-'));
  events = [];
});
afterEach(async () => {
  terminal.close();
  await until('the end', () => events.some((event) => event.on === 'exited'));
  await removeFolder(home);
});

function start(launch: ShellLaunch): void {
  const size = { cols: 80, rows: 24 };
  const opened = openTerminal(
    { launch, nonce: 'nonce', cwd: home, ...size, nextBlock: 1, clock: nodeClock },
    (event) => events.push(event),
  );
  if (!opened.ok) throw new Error(opened.fault);
  terminal = opened.value;
}

/** Each place with all the output that was told before it. */
function placesWithOutput() {
  let output = '';
  return events.flatMap((event) => {
    if (event.on === 'output') output += new TextDecoder().decode(event.bytes);
    return event.on === 'placed' ? [{ placed: event.placed, output }] : [];
  });
}

/** Each row sets its own title, which goes by places alone; then the alternate screen. */
const TITLES = `
i=0
while [ $i -lt 300 ]; do
  i=$((i+1))
  printf 'row %s\\033]2;title %s\\007.\\r\\n' $i $i
done
printf '\\033[?1049hover there'
`;

test('[SF4] a place is told behind the output that it speaks of, also where output is joined', async () => {
  start({ file: '/bin/sh', args: ['-c', TITLES], env: { TERM: 'xterm' }, marks: false });
  await until('the end', () => events.some((event) => event.on === 'exited'));
  const places = placesWithOutput();
  expect(places.length).toBeGreaterThan(2);
  for (const { placed, output } of places) {
    const { title, top, alternate } = placed;
    expect(output).toMatch(new RegExp(`${title.replace('title', 'row')}\\D`));
    // A row has left the screen when the 24 below it have come.
    if (top > 0) expect(output).toContain(`row ${top + 23}`);
    if (alternate) expect(output).toContain('over there');
  }
});

/** A shell of Alice's, at its prompt. */
async function startShell(): Promise<void> {
  const folder = join(home, 'private');
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(home, '.bashrc'), "PS1='> '\n");
  const env = { PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8', HISTFILE: '/dev/null' };
  start(shellLaunch({ shell: '/bin/bash', folder, env, nonce: 'nonce' }));
  await until('a prompt', () => terminal.placed().shell === 'prompt');
}

test.each([
  ['a title', `printf 'over\\e]2;of before'`],
  ['a link', `printf 'over\\e]8;;https://of.before/'`],
  ['a link that is open', `printf 'over\\e]8;;https://of.before/\\a'`],
])('[SP8] %s begun before a prompt is not ended by it', async (_, command) => {
  await startShell();
  terminal.run({ id: 1, author: keyOf(1), text: command });
  await until('its end', () => terminal.placed().block === 2);
  const here = terminal.emulator.mark();
  terminal.run({ id: 2, author: keyOf(1), text: 'echo more' });
  await until('its end', () => terminal.placed().block === 3);
  expect(terminal.placed().title).not.toContain('before');
  // Everything that stands from the prompt on, the prompt with it.
  const visibleFrom = (here.row() ?? 0) + 1;
  const screen = terminal.emulator.screen({ visibleFrom, alternateVisible: true });
  expect(new TextDecoder().decode(screen)).toContain('more');
  expect(new TextDecoder().decode(screen)).not.toContain('before');
});

test('[SF4] that a command runs, and that it has ended, is told behind what was written before', async () => {
  await startShell();
  for (let number = 1; number <= 10; number++) {
    await until('a prompt', () => {
      const { block, shell } = terminal.placed();
      return block === number && shell === 'prompt';
    });
    const text = `for i in {1..20}; do echo row-$i of ${number}; done`;
    terminal.run({ id: number, author: keyOf(1), text });
    await until('its end', () => terminal.placed().block === number + 1);
  }
  await until('the last place', () =>
    placesWithOutput().some(({ placed }) => placed.block === 11 && placed.shell === 'prompt'),
  );
  for (const { placed, output } of placesWithOutput()) {
    const { block, shell } = placed;
    if (shell === 'running') expect(output).toContain(`of ${block}; done`);
    if (block > 1) expect(output).toContain(`row-20 of ${block - 1}`);
  }
});
