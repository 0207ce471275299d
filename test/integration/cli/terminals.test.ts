// Two terminals, one shell: Alice shares hers, Bob looks in from a smaller one. One story, in order.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endAll, startMeshell, textOf } from '../../e2e/stage/meshell-process.ts';
import { lacks } from '../../e2e/stage/needs.ts';
import { openTmux, type Pane, type Tmux } from '../../e2e/stage/tmux.ts';

const ALICE = { cols: 100, rows: 40 };
const BOB = { cols: 60, rows: 16 };

/** What `watched` shows of `shared`, from this row and column of it. */
function windowOf(shared: readonly string[], row: number, column: number, cols: number): string[] {
  return shared.slice(row).map((line) => line.slice(column, column + cols).trimEnd());
}

describe.skipIf(lacks('tmux', 'vim'))('Alice shares her terminal, Bob joins from his', () => {
  let tmux: Tmux;
  let alice: Pane;
  let bob: Pane;
  let typed = '';
  let link = '';

  beforeAll(async () => {
    tmux = openTmux();
    alice = await tmux.pane(ALICE.cols, ALICE.rows);
    bob = await tmux.pane(BOB.cols, BOB.rows);
  });
  afterAll(async () => {
    await tmux?.close();
    await endAll();
  });

  test('[CL19] she reads the line to type with its place, the link, and that it is for here', async () => {
    alice.enter('meshell share --local --name Alice --start all');
    const greeting = await alice.shows('The share ends with this shell.');
    typed = /meshell join (\d{4}-[a-z]+-[a-z]+@127\.0\.0\.1:\d+)/.exec(greeting)?.[1] ?? '';
    link = /http:\S+#m1\.\S+/.exec(greeting)?.[0] ?? '';
    expect(typed).not.toBe('');
    expect(link).not.toBe('');
    expect(greeting).toMatch(/works only on this computer/);
    expect(greeting).toMatch(/█▀▀▀▀▀▀▀█/);
    // The new shell's prompt is under it.
    await alice.shows(/ends with this shell\.\n.*[$#]/);
  });

  test('[CL20] a knock rings her bell and sets her title; vim’s screen stays as it is', async () => {
    alice.enter('vim -u NONE -c "set nomore" +1');
    await alice.shows('~\n~\n~');
    alice.type('i');
    for (let line = 1; line <= 30; line++) alice.enter(`line ${line} ${'.'.repeat(70)} end`);
    alice.press('Escape');
    await alice.shows('line 30');
    const before = alice.rows();
    bob.enter(`meshell join ${typed} --name Bob`);
    await bob.shows('Waiting for Alice to let you in…');
    await alice.until(() => alice.title() === 'Bob knocks: Ctrl-]', 'says so in the title');
    expect(alice.written()).toContain('\u0007\u001b[22;0t\u001b]2;Bob knocks');
    expect(alice.rows()).toEqual(before);
  });

  test('[CL14] her panel shows the same words as he reads, and lets him in once they are read', async () => {
    const before = alice.rows();
    alice.press('C-]');
    await alice.shows('Bob knocks');
    const words = /Bob knocks: ([a-z]+ [a-z]+ [a-z]+ [a-z]+)/.exec(alice.rows().join('\n'))?.[1];
    // His screen is narrow: the words may go on in the next row.
    const his = bob.rows().join('');
    expect(his.replaceAll(' ', '')).toContain((words ?? '?').replaceAll(' ', ''));
    // Before she can have read it, a key answers nothing; then it does.
    await alice.until(() => {
      alice.type('a');
      return alice.rows().some((row) => row.includes('Here: Bob'));
    }, 'lets Bob in');
    alice.press('C-]');
    await alice.until(
      () => alice.rows().join('\n') === before.join('\n'),
      'has her screen as before',
    );
    await alice.until(() => !alice.title().includes('knocks'), 'has her title back');
  });

  test('[CL21] he sees the window of her screen that has the cursor, and who, how and what', async () => {
    await bob.shows('line 30');
    const shared = alice.rows();
    const cursorRow = shared.findIndex((row) => row.startsWith('line 30')) + 1;
    const top = cursorRow - (BOB.rows - 1) + 1;
    await bob.until(() => {
      const rows = bob.rows().slice(0, BOB.rows - 1);
      const wanted = windowOf(shared, 0, 0, BOB.cols);
      return wanted.some((_, from) => rows.every((row, i) => row === wanted[from + i]));
    }, `shows a part of hers, about from row ${top}`);
    await bob.shows(/\n Alice shares · Viewer · direct \d+ ms · 2 here\s+Ctrl-\] menu$/);
  });

  test('[CL22] he may only watch, and reads how to ask; she gives, and he types', async () => {
    bob.type('x');
    await bob.shows('You are watching. Ctrl-] r asks for edit access.');
    bob.press('C-]');
    await bob.shows('r ask for edit access · c run a command');
    bob.type('r');
    await alice.until(() => alice.title() === 'Bob asks to edit: Ctrl-]', 'hears of it');
    alice.press('C-]');
    await alice.shows('Bob asks to edit · y give your shell, with all your files and keys');
    await alice.until(() => {
      alice.type('y');
      return alice.rows().some((row) => row.includes('Nobody waits.'));
    }, 'gives it');
    alice.press('C-]');
    await bob.shows('Alice shares · Editor');
    bob.type('ggOtyped by Bob');
    bob.press('Escape');
    await alice.shows('typed by Bob');
    await bob.shows('typed by Bob');
  });

  test('[CL21] a smaller terminal shows less, a larger one all; the end of a long row is panned to', async () => {
    bob.resize(30, 8);
    bob.type('G');
    bob.type('kk$');
    await bob.shows(/end\n/);
    expect(bob.rows()).toHaveLength(8);
    bob.resize(120, 50);
    bob.type('gg0');
    await bob.shows('typed by Bob');
    await bob.until(() => {
      const hers = alice.rows();
      return hers.every((row, i) => bob.rows()[i] === row);
    }, 'sees all of hers');
    bob.resize(BOB.cols, BOB.rows);
    bob.enter(':q!');
    await alice.until(() => !alice.rows().includes('typed by Bob'), 'is out of vim');
  });

  test('[CL6] Ctrl-] doubled reaches the program', async () => {
    bob.enter('echo listening; cat -v');
    await alice.shows('\nlistening');
    bob.press('C-]', 'C-]');
    bob.press('Enter', 'C-d');
    await alice.shows('^]');
  });

  test('[CL23] he runs a command from the menu, and reads who is here', async () => {
    bob.press('C-]');
    await bob.shows('c run a command');
    bob.type('c');
    await bob.shows('Run:');
    bob.type('echo from-$((40+2))');
    bob.press('Enter');
    await alice.shows('from-42');
    bob.press('C-]');
    bob.type('p');
    await bob.shows('Here: Alice (shares), Bob (you)');
    bob.press('q');
  });

  test('[CL3] he leaves: his terminal is as it was, exit code 0, and she is told', async () => {
    bob.press('C-]');
    bob.type('l');
    const screen = await bob.shows('exit=0');
    expect(screen).toMatch(/You have left\./);
    expect(screen).toMatch(/Waiting for Alice/);
    bob.enter('echo still $((6*7))');
    await bob.shows('still 42');
    const written = bob.written();
    expect(written.lastIndexOf('\u001b[?1049l')).toBeGreaterThan(
      written.lastIndexOf('\u001b[?1049h'),
    );
    alice.press('C-]');
    await alice.shows('Nobody is here');
  });

  test('[CL24] a used code and a used link are refused with 3', async () => {
    bob.enter(`clear; meshell join ${typed} --name Eve`);
    await bob.shows(/This invite is not valid[\s\S]*exit=3/);
    bob.enter(`clear; meshell join '${link}' --name Eve`);
    await bob.shows(/exit=3/);
  });

  test('[CL20] two who knock are answered one after the other; one denied leaves with 3', async () => {
    const carol = await tmux.pane(70, 12);
    for (const [who, pane] of [
      ['Bob', bob],
      ['Carol', carol],
    ] as const) {
      alice.type('i');
      const shown = await alice.shows(/One more may come: meshell join \S+/);
      const line = /meshell join (\S+)/.exec(shown.split('\n').at(-2) ?? '')?.[1] ?? '';
      pane.enter(`clear; meshell join ${line} --name ${who}`);
      await pane.shows('Waiting for Alice to let you in…');
      await alice.shows(who === 'Bob' ? 'Bob 2 knocks:' : 'Bob 2 knocks (+1):');
    }
    await alice.until(() => {
      alice.type('d');
      return alice.rows().some((row) => row.includes('Carol knocks:'));
    }, 'denies Bob');
    await bob.shows(/The sharer did not let you in\.[\s\S]*exit=3/);
    await alice.until(() => {
      alice.type('a');
      return alice.rows().some((row) => row.includes('Here: Carol'));
    }, 'lets Carol in');
    alice.press('Escape');
    await carol.shows('Alice shares · Viewer');
    alice.enter('exit');
    await alice.shows(/The shell has exited, and the share has ended with it\.\nexit=0/);
    await carol.shows(/The sharer has ended this share\.\nexit=0/);
  });
});

describe.skipIf(lacks('tmux'))('Bob’s terminal, when things go wrong', () => {
  let tmux: Tmux;
  beforeAll(() => {
    tmux = openTmux();
  });
  afterAll(async () => {
    await tmux?.close();
    await endAll();
  });

  test('[CL30] while Alice’s computer sleeps he keeps what he saw and reads why; then it goes on', async () => {
    const flags = ['--local', '--share', '--auto-admit', 'run,type', '--name', 'Alice'];
    const alice = startMeshell(['share', '--json', ...flags]);
    const invite = await alice.event('invite');
    const bob = await tmux.pane(80, 20);
    bob.enter(`meshell join '${textOf(invite, 'link')}' --name Bob`);
    await bob.shows('Alice shares');
    bob.type('echo kept-$((1+1))');
    bob.press('Enter');
    await bob.shows('kept-2');
    process.kill(alice.pid, 'SIGSTOP');
    await bob.shows(
      /kept-2[\s\S]*The (sharer stopped answering|connection broke)\. Trying again…/,
      40_000,
    );
    bob.type('x');
    await bob.shows('Not connected: keys are not sent.');
    process.kill(alice.pid, 'SIGCONT');
    await bob.shows(/Alice shares · .* · direct/, 60_000);
    bob.type('echo back-$((1+1))');
    bob.press('Enter');
    await bob.shows('back-2');
  });

  test('[CL4] where Ctrl-C goes to nobody, pressed twice it leaves', async () => {
    const alice = startMeshell(['share', '--json', '--local', '--share', '--auto-admit', 'view']);
    const invite = await alice.event('invite');
    const bob = await tmux.pane(80, 20);
    bob.enter(`meshell join '${textOf(invite, 'link')}'`);
    await bob.shows('Viewer · direct');
    bob.press('C-c');
    await bob.shows('Ctrl-C again leaves.');
    bob.press('C-c');
    await bob.shows(/You have left\.\nexit=130/);
  });

  test('[CL13] a place that does not exist is named, and the way out is Ctrl-C', async () => {
    const bob = await tmux.pane(80, 20);
    bob.enter('meshell join 4271-apple-tiger@127.0.0.1:9');
    await bob.shows('Looking for the share at 127.0.0.1:9…');
    await bob.shows('No answer from 127.0.0.1:9 yet. Trying again (2)…');
    bob.press('C-c');
    await bob.shows(/exit=130/);
  });
});
