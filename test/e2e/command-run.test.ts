// A command run by a viewer, whatever state the shell's own line was in: it runs as written, and
// the block says the same in the viewer's page, in the sharer's own, and to a program.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { durationWords } from '../../src/ui/model/words.ts';
import { launchChromium } from './stage/browser.ts';
import {
  endAll,
  newHome,
  startMeshell,
  textOf,
  type Line,
  type MeshellProcess,
} from './stage/meshell-process.ts';
import { programPath } from './stage/program-path.ts';
import { describeInEachShell } from './stage/each-shell.ts';
import { askToJoin, isIn } from './stage/visitor.ts';

/** What a person types to have the vi way of editing, per shell. */
const VI = { bash: 'set -o vi', zsh: 'bindkey -v', fish: 'fish_vi_key_bindings' } as const;
const EMACS = {
  bash: 'set -o emacs',
  zsh: 'bindkey -e',
  fish: 'fish_default_key_bindings',
} as const;

describeInEachShell('Bob runs, Carol types', ['chromium'], (shell) => {
  const path = programPath(shell) ?? shell;
  let browser: Browser;
  let alice: MeshellProcess;
  let carol: MeshellProcess;
  let app: Page;
  let bob: Page;

  beforeAll(async () => {
    const home = newHome();
    writeFileSync(join(home, '.zshrc'), 'PROMPT="> "\n');
    browser = await launchChromium();
    alice = startMeshell(['--json', '--headless', '--local', '--start', 'all', '--name', 'Alice'], {
      home,
      env: { SHELL: path },
    });
    app = await (await browser.newContext()).newPage();
    await app.goto(textOf(await alice.event('ready'), 'app'));
    bob = await (await browser.newContext()).newPage();
    await bob.goto(await invite());
    await askToJoin(bob, 'Bob');
    await admit();
    await isIn(bob);
    carol = startMeshell(['join', '--json', '--name', 'Carol', await invite()]);
    await admit();
    await carol.event('admitted');
  });
  afterAll(async () => {
    await browser?.close();
    await endAll();
  });

  async function invite(): Promise<string> {
    alice.say({ do: 'invite' });
    return textOf(await alice.event('invite'), 'link');
  }

  async function admit(): Promise<void> {
    const knock = await alice.event('knock');
    alice.say({ do: 'admit', knock: knock['id'], capabilities: ['view', 'run', 'type'] });
  }

  async function ended(command: string): Promise<Line> {
    return await carol.next(
      (line) =>
        line['event'] === 'block' && line['command'] === command && line['state'] === 'done',
      20_000,
    );
  }

  /** Bob runs it from his page; the block as Carol's program is told it. */
  async function runs(command: string): Promise<Line> {
    const line = bob.getByRole('textbox', { name: 'Command' });
    await line.fill(command);
    await line.press('Enter');
    return await ended(command);
  }

  async function types(keys: string, thenShows: string): Promise<void> {
    carol.say({ do: 'keys', text: keys });
    await vi.waitFor(
      async () => {
        carol.say({ do: 'screen' });
        expect(String((await carol.event('screen'))['rows'])).toContain(thenShows);
      },
      { timeout: 15_000, interval: 50 },
    );
  }

  test('text, exit code and duration are the same in all three', async () => {
    for (const [command, exit, ms] of [
      ['echo "two words"  and more', 0, 0],
      ['sleep 1; sh -c "exit 7"', 7, 1000],
    ] as const) {
      const block = await runs(command);
      expect(block['exit']).toBe(exit);
      const took = Number(block['endedAt']) - Number(block['startedAt']);
      expect(took).toBeGreaterThanOrEqual(ms * 0.9);
      expect(took).toBeLessThan(ms + 5_000);
      const name = exit === 0 ? command : `${command}, failed with exit code ${exit}`;
      for (const page of [bob, app]) {
        const article = page.getByRole('article', { name, exact: true });
        const head = await article.locator('.block-head').textContent();
        expect(head).toContain(`took${durationWords(took)}`);
        expect(await article.locator('pre.command').textContent()).toBe(command);
        expect(head?.includes(`exit ${exit}`)).toBe(exit !== 0);
      }
    }
  });

  test('[RL2] over a half-typed line', async () => {
    await types('echo half-typed rm -rf', 'half-typed rm -rf');
    expect(await runs('echo on a clean line')).toMatchObject({
      exit: 0,
      text: ['on a clean line'],
    });
  });

  test('[RL2] in vi’s command mode, in the middle of an old line', async () => {
    await runs(VI[shell]);
    await types('echo something old', 'something old');
    carol.say({ do: 'keys', text: '\u001b' });
    carol.say({ do: 'keys', text: '0w' });
    expect(await runs('echo not in vi')).toMatchObject({ exit: 0, text: ['not in vi'] });
    await runs(EMACS[shell]);
  });

  test('[RL2] in the middle of a search in the history', async () => {
    await types('\u0012', shell === 'fish' ? 'echo' : 'search');
    await types('clean', 'clean');
    expect(await runs('echo found by nobody')).toMatchObject({
      exit: 0,
      text: ['found by nobody'],
    });
  });

  test('[RL3] in an open quote', async () => {
    await types('echo "open\r', 'open');
    expect(await runs('echo closed')).toMatchObject({ exit: 0, text: ['closed'] });
  });

  test('[RL1] a paste’s own end in the text: refused, and nothing runs', async () => {
    const evil = 'echo harmless\u001b[201~\rtouch evil\r';
    carol.say({ do: 'run', text: evil });
    const fault = await carol.next((line) => line['event'] === 'fault' && line['of'] === 'run');
    expect(fault['code']).toBe('command.controls');
    expect(String((await runs('ls'))['text'])).not.toContain('evil');
  });
});
