// A viewer in Chromium: keys by the browser's own input, times taken in the page, from the key's
// event to the change of the rows that xterm.js has drawn.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import * as v from 'valibot';
import type { Subject } from './subject.ts';
import { pause, PROMPT } from './typist.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const LETTERS_A_LINE = 40;
const PAUSE_MS = { min: 15, max: 45 } as const;
const KEYBOARD = /^Type into the terminal/;

/** Watches from before the first row is drawn. Rows are compared as a person reads them. */
const WATCH = `(() => {
  const rows = () => [...document.querySelectorAll('.xterm-rows > div')]
    .map((row) => row.textContent.replaceAll('\\u00a0', ' ').trimEnd());
  const seen = {
    row: (text) => rows().includes(text),
    prompt: () => rows().filter((row) => row !== '').at(-1) === '${PROMPT}',
    ended: (count) => {
      const full = rows().filter((row) => row !== '');
      return full.at(-1) === '${PROMPT}' && full.at(-2) === count;
    },
    flood: () => rows().every((row) => row === 'y' || row === ''),
  };
  let pressedAt = 0;
  let waiting = [];
  addEventListener('keydown', () => { pressedAt = performance.now(); }, true);
  const look = () => {
    const at = performance.now();
    waiting = waiting.filter((one) => !one.look(at));
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  globalThis.bench = {
    firstRowAt: new Promise((done) => {
      waiting.push({ look: (at) => {
        const shown = rows().some((row) => row !== '');
        if (shown) done(performance.timeOrigin + at);
        return shown;
      } });
    }),
    /** How long after the last key it was seen, in ms. */
    when: (kind, text) => new Promise((done) => {
      const one = { look: (at) => {
        if (!seen[kind](text)) return false;
        done(at - pressedAt);
        return true;
      } };
      if (!one.look(performance.now())) waiting.push(one);
    }),
  };
})()`;

export interface BrowserSubject extends Subject {
  readonly page: Page;
  /** The wall time at which the screen's first row was drawn. */
  readonly firstRowAt: () => Promise<number>;
  readonly takesKeys: () => Promise<void>;
}

/** Opens the link and knocks. */
export async function openBrowserSubject(
  browser: Browser | BrowserContext,
  link: string,
): Promise<BrowserSubject> {
  const context = 'newContext' in browser ? await browser.newContext() : browser;
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.addInitScript(WATCH);
  await page.goto(link);
  await page.getByRole('textbox', { name: 'Your name, as others will see it' }).fill('Chromium');
  await page.getByRole('button', { name: 'Ask to join' }).click();

  const when = async (kind: string, text = ''): Promise<number> =>
    v.parse(
      v.number(),
      await page.evaluate(`bench.when(${JSON.stringify(kind)}, ${JSON.stringify(text)})`),
    );
  const keyboard = page.getByRole('textbox', { name: KEYBOARD });
  const ready = async (): Promise<void> => {
    await when('prompt');
    await keyboard.focus();
  };
  /** Pressed and seen, in ms; the page watches before the key is down. */
  const press = async (key: string, kind: string, text: string): Promise<number> => {
    const [ms] = await Promise.all([when(kind, text), page.keyboard.press(key)]);
    return ms;
  };

  return {
    name: 'Chromium',
    page,
    firstRowAt: async () => v.parse(v.number(), await page.evaluate('bench.firstRowAt')),
    takesKeys: () => keyboard.waitFor(),
    async echo(keys) {
      const times: number[] = [];
      for (let done = 0; done < keys;) {
        await ready();
        let line = `${PROMPT} `;
        for (let i = 0; i < LETTERS_A_LINE && done < keys; i++, done++) {
          await pause(PAUSE_MS.min + Math.random() * (PAUSE_MS.max - PAUSE_MS.min));
          const letter = LETTERS.charAt(Math.floor(Math.random() * LETTERS.length));
          line += letter;
          times.push(await press(letter, 'row', line));
        }
        await pause(PAUSE_MS.max);
        await press('Control+u', 'prompt', '');
      }
      return times;
    },
    async bulk(count) {
      await ready();
      await page.keyboard.type(`clear; seq 1 ${count}`);
      await when('row', `${PROMPT} clear; seq 1 ${count}`);
      return await press('Enter', 'ended', String(count));
    },
    async interrupt(afterMs) {
      await ready();
      await page.keyboard.type('yes');
      await press('Enter', 'flood', '');
      await pause(afterMs);
      return await press('Control+c', 'prompt', '');
    },
    close: () => page.context().close(),
  };
}
