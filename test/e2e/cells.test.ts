// Every cell equal: the sharer's own page, a viewer's page and a terminal viewer show the same
// characters in the same colours, in a full-screen program and after it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { launchChromium } from './stage/browser.ts';
import {
  endAll,
  newHome,
  startMeshell,
  textOf,
  type MeshellProcess,
} from './stage/meshell-process.ts';
import { lacks } from './stage/needs.ts';
import { joinedCells, pageCells, type ShownRow } from './stage/screen-cells.ts';
import { askToJoin } from './stage/visitor.ts';

const SOURCE = `/* A page of everything: tabs, wide and joined characters. */
#include <stdio.h>
#define NAME "日本語 ｗｉｄｅ 한국어"
int main(void) {
\tconst char *text = "emoji 🙂 accents e\u0301 n\u0303"; // TODO one
\tfor (int i = 0; i < 0x1f; i++) printf("%d\\n", i);
\treturn 0;
}
`;

describe.skipIf(lacks('chromium', 'vim'))('Alice edits; Bob and Carol look', () => {
  const home = newHome();
  let browser: Browser;
  let alice: MeshellProcess;
  let app: Page;
  let bob: Page;
  let carol: MeshellProcess;

  beforeAll(async () => {
    writeFileSync(join(home, 'main.c'), SOURCE);
    browser = await launchChromium();
    alice = startMeshell(['--json', '--headless', '--local', '--name', 'Alice'], { home });
    app = await (await browser.newContext()).newPage();
    await app.goto(textOf(await alice.event('ready'), 'app'));
    await app.getByRole('textbox', { name: /command/i }).waitFor();
    bob = await (await browser.newContext({ viewport: { width: 900, height: 600 } })).newPage();
    await bob.goto(await invite());
    await askToJoin(bob, 'Bob');
    await admit(['view']);
    carol = startMeshell(['join', '--json', '--name', 'Carol', await invite()]);
    await admit(['view', 'run', 'type']);
    await carol.event('admitted');
  });
  afterAll(async () => {
    await browser?.close();
    await endAll();
  });

  async function invite(): Promise<string> {
    alice.say({ do: 'invite', start: { from: 'all' } });
    return textOf(await alice.event('invite'), 'link');
  }

  async function admit(capabilities: readonly string[]): Promise<void> {
    const knock = await alice.event('knock');
    alice.say({ do: 'admit', knock: knock['id'], capabilities });
  }

  async function carolsCells(): Promise<ShownRow[]> {
    carol.say({ do: 'screen', styles: true });
    return joinedCells(await carol.event('screen'));
  }

  /** All three the same, and `text` on it: looked at again until the last bytes have come. */
  async function expectEqual(text: string): Promise<void> {
    await vi.waitFor(
      async () => {
        const [hers, his, carols] = [
          await pageCells(app),
          await pageCells(bob),
          await carolsCells(),
        ];
        const plain = carols
          .map((row) => row.map((cell) => Array.from(cell)[0]).join(''))
          .join('\n');
        expect(plain).toContain(text);
        expect(hers).toEqual(carols);
        expect(his).toEqual(carols);
      },
      { timeout: 15_000, interval: 100 },
    );
  }

  test('in vim, with colours, numbers and wide characters', async () => {
    carol.say({
      do: 'run',
      text: `vim -u NONE -N -i NONE --cmd 'set t_Co=256 enc=utf-8' -c 'syntax on' -c 'set number hlsearch cursorline' main.c`,
    });
    await expectEqual('emoji');
    const looks = new Set((await carolsCells()).flat().map((cell) => cell.slice(2)));
    expect(looks.size).toBeGreaterThan(4);
    carol.say({ do: 'keys', text: '/int\r' });
    carol.say({ do: 'keys', text: 'ovar_$((x)) 語\u001b' });
    await expectEqual('var_$((x)) 語');
    carol.say({ do: 'keys', text: ':split\r' });
    carol.say({ do: 'keys', text: 'G' });
    await expectEqual('return 0');
  });

  test('after vim: the shell as it was, in every cell', async () => {
    carol.say({ do: 'keys', text: ':qa!\r' });
    carol.say({ do: 'run', text: `echo after-$((6*7))` });
    await expectEqual('after-42');
  });

  test('every attribute and kind of colour', async () => {
    const table = [
      `for i in 1 2 3 4 7 9 53; do printf "\\e[%sm%s\\e[m " $i $i; done; echo`,
      `for i in {0..15} 100 200 255; do printf "\\e[38;5;%sm%s\\e[48;5;%sm \\e[m" $i $i $i; done; echo`,
      `printf '\\e[38;2;10;200;30;48;2;1;2;3mtrue\\e[m \\e[1;31mbright\\e[m \\e[7;32mturned\\e[m\\n'`,
      `printf '\\e[44m\\e[K\\n\\e[m日本\\b\\bx\\n'; echo table-$((6*7))`,
    ].join('; ');
    carol.say({ do: 'run', text: table });
    await expectEqual('table-42');
  });

  test('after a change of size in the middle of a full-screen program', async () => {
    carol.say({ do: 'run', text: 'vim -u NONE -N -i NONE -c "set number" main.c' });
    await expectEqual('emoji');
    await app.setViewportSize({ width: 800, height: 500 });
    await app.bringToFront();
    carol.say({ do: 'keys', text: 'ggOnarrow line\u001b' });
    await expectEqual('narrow line');
    carol.say({ do: 'keys', text: ':qa!\r' });
    carol.say({ do: 'run', text: `echo end-$((6*7))` });
    await expectEqual('end-42');
  });
});
