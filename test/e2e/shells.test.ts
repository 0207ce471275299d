import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchChromium } from './stage/browser.ts';
import {
  endAll,
  newHome,
  startMeshell,
  textOf,
  type Line,
  type MeshellProcess,
} from './stage/meshell-process.ts';
import { lacks } from './stage/needs.ts';
import { programPath } from './stage/program-path.ts';
import { describeInEachShell } from './stage/each-shell.ts';
import { askToJoin, isIn, liveRows, sees, seesOutput } from './stage/visitor.ts';

/** 100 MB of short lines, and one that says where it ends. */
function bigFile(path: string): void {
  writeFileSync(path, `${'tide '.repeat(9)}flow\n`.repeat(2_000_000));
  writeFileSync(path, 'END-OF-TIDES\n', { flag: 'a' });
}

function history(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const git = (...args: string[]): void =>
    void execFileSync('git', [
      '-C',
      folder,
      '-c',
      'user.name=A',
      '-c',
      'user.email=a@b.c',
      ...args,
    ]);
  git('init', '-q');
  for (let n = 1; n <= 60; n++) git('commit', '-q', '--allow-empty', '-m', `tide ${n}`);
}

describeInEachShell('a granted viewer in Chromium', ['chromium'], (shell) => {
  const path = programPath(shell) ?? shell;
  const noGit = lacks('git', 'less');
  let browser: Browser;
  let alice: MeshellProcess;
  let carol: MeshellProcess;
  let bob: Page;
  let home: string;

  beforeAll(async () => {
    home = newHome();
    if (!noGit) history(join(home, 'harbor'));
    else mkdirSync(join(home, 'harbor'));
    bigFile(join(home, 'big.txt'));
    browser = await launchChromium();
    const options = ['--json', '--headless', '--local', '--start', 'all'];
    alice = startMeshell([...options, '--name', 'Alice'], { home, env: { SHELL: path } });
    await alice.event('ready');
    alice.say({ do: 'invite' });
    bob = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    await bob.goto(textOf(await alice.event('invite'), 'link'));
    await askToJoin(bob, 'Bob');
    await letIn(['view', 'run', 'type']);
    await isIn(bob);
    alice.say({ do: 'invite' });
    // Carol, who is a program, reads every block as it is written.
    carol = startMeshell(['join', '--json', textOf(await alice.event('invite'), 'link')]);
    await letIn(['view']);
    await carol.event('admitted');
  });
  afterAll(async () => {
    await browser?.close();
    await endAll();
  });

  async function letIn(capabilities: readonly string[]): Promise<void> {
    const knock = await alice.event('knock');
    alice.say({ do: 'admit', knock: knock['id'], capabilities });
    await alice.event('joined');
  }

  async function runs(text: string): Promise<void> {
    const line = bob.getByRole('textbox', { name: 'Command' });
    await line.fill(text);
    await line.press('Enter');
  }

  /** The block of this command, once it has ended. */
  async function ended(text: string, withinMs = 30_000): Promise<Line> {
    return await carol.next(
      (line) => line['event'] === 'block' && line['command'] === text && line['state'] === 'done',
      withinMs,
    );
  }

  async function focus(): Promise<void> {
    await bob.getByRole('group', { name: 'Live terminal' }).click();
  }

  test('colours, exit code, duration and author of a command', async () => {
    const text = 'ls --color=always -d harbor; sleep 1; sh -c "exit 3"';
    await runs(text);
    const block = await ended(text);
    expect(block['exit']).toBe(3);
    expect(block['directory']).toBe(home);
    const took = Number(block['endedAt']) - Number(block['startedAt']);
    expect(took).toBeGreaterThanOrEqual(800);
    expect(took).toBeLessThan(10_000);
    const shown = bob.getByRole('article').last().getByText('harbor', { exact: true });
    await shown.waitFor();
    const colours = await shown.evaluate((at) => [
      getComputedStyle(at).color,
      getComputedStyle(document.body).color,
    ]);
    expect(colours[0]).not.toBe(colours[1]);
  });

  test.skipIf(lacks('vim'))('vim: he writes a file and leaves', async () => {
    await runs('vim -u NONE note.txt');
    await sees(bob, '~');
    await focus();
    await bob.keyboard.type('ihigh water at noon');
    await sees(bob, 'high water at noon');
    await bob.keyboard.press('Escape');
    await bob.keyboard.type(':wq');
    await bob.keyboard.press('Enter');
    expect((await ended('vim -u NONE note.txt'))['exit']).toBe(0);
    expect(readFileSync(join(home, 'note.txt'), 'utf8')).toBe('high water at noon\n');
  });

  test.skipIf(lacks('htop'))('htop draws, and goes with q', async () => {
    await runs('htop');
    await sees(bob, 'Load average');
    await focus();
    await bob.keyboard.press('q');
    expect((await ended('htop'))['exit']).toBe(0);
    await vi.waitFor(async () => {
      expect((await liveRows(bob)).join('\n')).not.toContain('Load average');
    });
  });

  test.skipIf(noGit)('git log in its pager: down a page, and out', async () => {
    await runs('git -C harbor log --oneline');
    await sees(bob, 'tide 60');
    await focus();
    await bob.keyboard.press('G');
    await sees(bob, 'tide 1');
    await bob.keyboard.press('q');
    expect((await ended('git -C harbor log --oneline'))['exit']).toBe(0);
  });

  test('cat of 100 MB ends, and its end is there', async () => {
    await runs('cat big.txt');
    const block = await ended('cat big.txt', 100_000);
    expect(block['exit']).toBe(0);
    const text = block['text'];
    expect(Array.isArray(text) && text.at(-1)).toBe('END-OF-TIDES');
    await bob.getByRole('article').getByText('END-OF-TIDES').last().waitFor();
  });

  test('a click on output that has scrolled off leaves the keys with the program', async () => {
    await runs('seq 300; cat');
    const scrolledOff = bob.locator('.live-rows');
    await scrolledOff.getByText('150', { exact: false }).click();
    await bob.keyboard.type('neap');
    await bob.keyboard.press('Enter');
    await seesOutput(bob, 'neap', 2);
    // What he types is in sight, also where he had scrolled away from it.
    const typed = bob.locator('.xterm-rows > div', { hasText: 'neap' }).last();
    await vi.waitFor(async () => {
      const [box, shown] = [await typed.boundingBox(), bob.viewportSize()];
      expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThan(shown?.height ?? 0);
    });
    await bob.keyboard.press('Control+d');
    expect((await ended('seq 300; cat'))['exit']).toBe(0);
  });

  test('yes is stopped by his Ctrl-C', async () => {
    await runs('yes');
    // Between Enter and the program a shell swallows Ctrl-C, with our marks and without.
    await seesOutput(bob, 'y');
    await focus();
    await bob.keyboard.press('Control+c');
    expect((await ended('yes'))['exit']).toBe(130);
    await runs('echo after the flood');
    await bob.getByRole('article').getByText('after the flood', { exact: true }).waitFor();
  });
});
