// The page's parts in a real browser over a pretended wire: keys, pastes, scrolling, focus.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test as everyTest, vi } from 'vitest';
import { openFixtureServer, type FixtureServer } from '../ui-fixtures/fixture-server.ts';
import { launchChromium } from './stage/browser.ts';
import { lacks } from './stage/needs.ts';

const test = everyTest.skipIf(lacks('chromium'));
let server: FixtureServer;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  server = await openFixtureServer();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  server.close();
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
});
afterEach(() => context.close());

async function openScene(name: string): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(server.url + name);
  await page.locator('.xterm-rows').waitFor({ state: 'attached' });
  return page;
}

/** What was done through the viewer: the text of keys, the type of the rest. */
function done(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(
    `pretended.done.map((a) => a.type === 'keys.type' ? new TextDecoder().decode(a.keys) : a.type)`,
  );
}

async function keysSent(page: Page): Promise<string> {
  return (await done(page)).filter((one) => !/^[a-z]+\.[a-z]+$/.test(one)).join('');
}

const grid = (page: Page) => page.getByRole('textbox', { name: /^Type into the terminal/ });
const line = (page: Page) => page.getByRole('textbox', { name: 'Command' });

test('a command runs by Enter, becomes a block, and the line is free for the next', async () => {
  const page = await openScene('app');
  await line(page).fill('make');
  await line(page).press('Enter');
  await page.getByRole('article', { name: 'make' }).waitFor();
  expect(await line(page).inputValue()).toBe('');
  expect(await done(page)).toContain('command.run');
  await expectFocused(page, 'Command');
});

test('Shift-Enter is a line break, Up brings the command back', async () => {
  const page = await openScene('app');
  await line(page).fill('one');
  await line(page).press('Shift+Enter');
  await line(page).pressSequentially('two');
  expect(await line(page).inputValue()).toBe('one\ntwo');
  await line(page).press('Enter');
  await page.getByRole('article', { name: 'one' }).waitFor();
  await line(page).press('ArrowUp');
  expect(await line(page).inputValue()).toBe('one\ntwo');
});

test('a command too long to be sent is kept whole, and said', async () => {
  const page = await openScene('app');
  const long = `echo ${'ö'.repeat(20_000)}`;
  await line(page).fill(long);
  await page.getByText('That is longer than can be sent at once.').waitFor();
  await line(page).press('Enter');
  expect(await line(page).inputValue()).toBe(long);
  expect(await done(page)).not.toContain('command.run');
});

test('keys in the grid go to the program as a terminal sends them', async () => {
  const page = await openScene('app');
  await page.locator('.xterm-screen').click({ position: { x: 40, y: 8 } });
  await page.keyboard.type('vi é');
  for (const key of ['Enter', 'ArrowUp', 'Tab', 'Control+c', 'Alt+f', 'Shift+Tab', 'F5']) {
    await page.keyboard.press(key);
  }
  expect(await keysSent(page)).toBe('vi é\r\u001b[A\t\u0003\u001bf\u001b[Z\u001b[15~');
});

test('the echo of a key stands on the page before the next frame, each time', async () => {
  const page = await openScene('app');
  await grid(page).focus();
  // One task without an end in between: no timer and no frame has its turn in it.
  const seen = await page.evaluate<boolean[]>(`['Ω', 'Ψ', 'Φ'].map((key) => {
    document.activeElement.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    return document.querySelector('.xterm-rows').textContent.includes(key);
  })`);
  expect(seen).toEqual([true, true, true]);
});

test('arrows and pastes follow the modes the program has set', async () => {
  const page = await openScene('app');
  await page.evaluate(`pretended.write('\\u001b[?1h\\u001b[?2004h')`);
  await grid(page).focus();
  await page.keyboard.press('ArrowUp');
  await page.evaluate(`(() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'a\\nb\\u001b[201~c');
    document.activeElement.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  })()`);
  expect(await keysSent(page)).toBe('\u001bOA\u001b[200~a\rbc\u001b[201~');
});

test('what a program asks the terminal is not answered from here', async () => {
  const page = await openScene('app');
  await grid(page).focus();
  await page.evaluate(
    `pretended.write('\\u001b[c\\u001b[>c\\u001b[5n\\u001b[6n\\u001b[?6n\\u001b[?2004$p\\u001bP$qm\\u001b\\\\\\u001b]10;?\\u0007\\u001b[?1004h done')`,
  );
  await page.getByText('done', { exact: false }).first().waitFor();
  await line(page).focus();
  await grid(page).focus();
  await page.keyboard.type('x');
  expect(await keysSent(page)).toBe('x');
});

test('a program that wants the mouse gets it, and the wheel scrolls the page where none does', async () => {
  const page = await openScene('app');
  const timeline = page.getByRole('region', { name: 'Timeline' });
  const before = await timeline.evaluate((at) => at.scrollTop);
  await page.locator('.xterm-screen').hover({ position: { x: 40, y: 8 } });
  await page.mouse.wheel(0, -300);
  await vi.waitFor(async () =>
    expect(await timeline.evaluate((at) => at.scrollTop)).toBeLessThan(before),
  );
  expect(await keysSent(page)).toBe('');
  await page.getByRole('button', { name: 'Jump to latest' }).click();
  await page.evaluate(`pretended.write('\\u001b[?1000h\\u001b[?1006h')`);
  await page.locator('.xterm-screen').click({ position: { x: 4, y: 8 } });
  await vi.waitFor(async () => expect(await keysSent(page)).toMatch(/^\u001b\[<0;1;\d+M/));
});

test('Control-] leaves the grid and comes back: nobody is caught in it', async () => {
  const page = await openScene('app');
  await grid(page).focus();
  await page.keyboard.press('Control+]');
  await expectFocused(page, 'Command');
  await page.keyboard.press('Control+]');
  await expectFocused(page, 'Type into the terminal');
  expect(await keysSent(page)).toBe('');
});

test('whoever may not type has no place to type into', async () => {
  const page = await openScene('viewer');
  await page.locator('.xterm-screen').click({ position: { x: 40, y: 8 } });
  await page.keyboard.type('rm -rf ~');
  expect(await grid(page).count()).toBe(0);
  expect(await done(page)).toEqual([]);
  await page.getByRole('button', { name: 'Request edit access' }).click();
  await page.getByRole('button', { name: 'Take it back' }).click();
  expect(await done(page)).toEqual(['access.request', 'access.withdraw']);
});

test('a viewer’s page never resizes the terminal, the sharer’s asks for what fits', async () => {
  const guest = await openScene('viewer-editor');
  await guest.setViewportSize({ width: 900, height: 700 });
  await guest.setViewportSize({ width: 1280, height: 800 });
  await line(guest).fill('x');
  expect(await done(guest)).toEqual([]);
  const page = await openScene('app');
  await vi.waitFor(async () => expect(await done(page)).toEqual(['terminal.resize']));
});

test('a knock does not take the focus, and is answered with the keyboard', async () => {
  const page = await openScene('app');
  await line(page).focus();
  await page.evaluate(`pretended.set({ desk: {
    knocks: [{ id: 'EEEEEEEEEEE', key: 'E'.repeat(43), name: 'Erin', hue: 9,
      words: 'a b c d', at: 1, capabilities: { view: null } }],
    requests: [], invites: [], notices: [] } })`);
  await page.getByRole('article', { name: 'Erin asks to be let in' }).waitFor();
  await expectFocused(page, 'Command');
  await page.getByRole('button', { name: 'Admit as Viewer' }).focus();
  await page.keyboard.press('Enter');
  expect(await done(page)).toContain('knock.admit');
});

test('sharing from a block starts with that block, by the keyboard alone', async () => {
  const page = await openScene('app');
  await page.getByRole('article', { name: /^npm test/ }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Share from this block…' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Share this terminal' });
  expect(await dialog.getByRole('radio', { name: /npm test/ }).isChecked()).toBe(true);
  await dialog.getByRole('button', { name: 'Make an invite' }).click();
  await page.getByText('meshell join 4271-apple-tiger@192.168.1.5:4271').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test('the palette opens by Control-K and does what its first match says', async () => {
  const page = await openScene('app');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find a command' }).fill('partic');
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Participants' }).waitFor();
});

test('new output keeps the end in sight until someone scrolls up', async () => {
  const page = await openScene('app');
  const timeline = page.getByRole('region', { name: 'Timeline' });
  const fromEnd = () => timeline.evaluate((at) => at.scrollHeight - at.clientHeight - at.scrollTop);
  await vi.waitFor(async () => expect(await fromEnd()).toBeLessThan(2));
  await page.evaluate(`pretended.write('x\\r\\n'.repeat(12))`);
  await vi.waitFor(async () => expect(await fromEnd()).toBeLessThan(2));
  await timeline.hover({ position: { x: 300, y: 60 } });
  await page.mouse.wheel(0, -200);
  const jump = page.getByRole('button', { name: 'Jump to latest' });
  await jump.waitFor();
  const [seen, over] = [await jump.boundingBox(), await timeline.boundingBox()];
  if (seen === null || over === null) throw new Error('not drawn');
  expect(seen.y).toBeGreaterThan(over.y);
  expect(seen.y + seen.height).toBeLessThan(over.y + over.height);
  await page.evaluate(`pretended.write('y\\r\\n'.repeat(3))`);
  await jump.click();
  await vi.waitFor(async () => expect(await fromEnd()).toBeLessThan(2));
});

test('five thousand blocks are a few hundred elements, and both ends are there', async () => {
  const page = await openScene('app-many');
  await page.getByRole('article', { name: 'echo 4999' }).waitFor();
  const blocks = () => page.getByRole('article').count();
  expect(await blocks()).toBeLessThan(60);
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await timeline.hover({ position: { x: 300, y: 60 } });
  await page.mouse.wheel(0, -10_000_000);
  await page.getByRole('article', { name: 'echo 0,' }).waitFor();
  expect(await blocks()).toBeLessThan(60);
});

async function expectFocused(page: Page, name: string): Promise<void> {
  await vi.waitFor(async () => {
    const label = await page.evaluate<string>(
      `document.activeElement.getAttribute('aria-label') ?? ''`,
    );
    expect(label.startsWith(name), label).toBe(true);
  });
}
