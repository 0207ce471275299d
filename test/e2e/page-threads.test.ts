// Agent threads in a real browser over a pretended wire: the keyboard, what is drawn of hostile
// text, what streams, and who may press what.
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
  page.setDefaultTimeout(20_000);
  await page.goto(server.url + name);
  await page.locator('.xterm-rows').waitFor({ state: 'attached' });
  return page;
}

async function openThread(name: string): Promise<Page> {
  const page = await openScene(name);
  await page.getByRole('button', { name: /^Fix the tide table, / }).click();
  await page.getByRole('region', { name: 'Conversation Fix the tide table' }).waitFor();
  return page;
}

/** What was asked of the sharer but for the grid's size, as JSON. */
function asked(page: Page): Promise<unknown[]> {
  return page.evaluate<unknown[]>(
    `JSON.parse(JSON.stringify(pretended.done.filter((one) => one.type !== 'terminal.resize')))`,
  );
}

async function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`document.activeElement.getAttribute('aria-label') ?? ''`);
}

/** A busy machine draws its next frame late. */
const SOON = { timeout: 10_000 };

const prompt = (page: Page) => page.getByRole('textbox', { name: 'Prompt' });

test('one line for both: Control-I turns it to the agent, Enter sends, Control-I turns it back', async () => {
  const page = await openScene('thread-timeline');
  await page.getByRole('textbox', { name: 'Command' }).focus();
  await page.keyboard.press('Control+i');
  await vi.waitFor(async () => expect(await focused(page)).toBe('Prompt'), SOON);
  await page.keyboard.type('And the moon?');
  await page.keyboard.press('Enter');
  expect(await asked(page)).toEqual([
    { type: 'thread.prompt', thread: `${'a'.repeat(10)}A`, text: 'And the moon?' },
  ]);
  expect(await prompt(page).inputValue()).toBe('');
  await page.keyboard.press('Control+i');
  await vi.waitFor(async () => expect(await focused(page)).toBe('Command'), SOON);
});

test('a question is answered with its keys: on its card, or with Alt from the input line', async () => {
  const page = await openThread('thread-permission');
  await prompt(page).focus();
  await page.keyboard.type('1 is typed, not answered');
  expect(await asked(page)).toEqual([]);
  await page.keyboard.press('Alt+3');
  await page.getByRole('article', { name: 'OpenCode asks: Edit src/tide.ts' }).focus();
  await page.keyboard.press('y');
  const answer = { type: 'permission.answer', thread: `${'a'.repeat(10)}A`, part: 6 };
  expect(await asked(page)).toEqual([
    { ...answer, option: 'no' },
    { ...answer, option: 'once' },
  ]);
});

test('who may not approve sees the question, its reason, and dead buttons; always is the sharer’s', async () => {
  const guest = await openThread('thread-permission-guest');
  expect(await guest.getByRole('button', { name: 'Allow once' }).isDisabled()).toBe(true);
  await guest.getByText('You may not answer this. Ask the sharer for access.').waitFor();
  await guest.keyboard.press('Alt+1');
  expect(await asked(guest)).toEqual([]);
  const editor = await openThread('thread-permission-editor');
  expect(await editor.title()).toMatch(/^\(1\) /);
  expect(await editor.getByRole('button', { name: 'Allow once' }).isEnabled()).toBe(true);
  expect(await editor.getByRole('button', { name: 'Always allow' }).isDisabled()).toBe(true);
  await editor.keyboard.press('Alt+2');
  expect(await asked(editor)).toEqual([]);
});

test('Esc stops the turn that runs, from the line and from the conversation, not from what lies over them', async () => {
  const page = await openThread('thread-running');
  await prompt(page).focus();
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: /^Conversation/ }).focus();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More about this conversation' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More about this conversation' }).click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const stop = { type: 'thread.stop', thread: `${'a'.repeat(10)}A` };
  expect(await asked(page)).toEqual([stop, stop]);
});

test('a conversation is named anew, and closed when that is meant; its usage is told by person', async () => {
  const page = await openThread('thread-timeline');
  const more = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: 'More about this conversation' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await more('Usage');
  const usage = page.getByRole('region', { name: 'Usage by person' });
  expect(await usage.getByRole('rowheader').allInnerTexts()).toContain('Everyone');
  await page.keyboard.press('Escape');
  await more('Rename…');
  await page.getByRole('textbox', { name: 'Title' }).fill('Tides, corrected');
  await page.keyboard.press('Enter');
  const renamed = { type: 'thread.rename', title: 'Tides, corrected' };
  await vi.waitFor(async () => expect(await asked(page)).toMatchObject([renamed]), SOON);
  await more('Close conversation…');
  expect(await asked(page)).toHaveLength(1);
  await page.getByRole('button', { name: 'Close the conversation' }).click();
  const closed = { type: 'thread.close' };
  await vi.waitFor(async () => expect(await asked(page)).toMatchObject([renamed, closed]), SOON);
});

test('a slash opens the agent’s commands, arrows choose, Enter takes one and sends nothing', async () => {
  const page = await openThread('thread-done');
  await prompt(page).focus();
  await page.keyboard.type('/');
  await page.getByRole('option', { name: /^\/init/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await vi.waitFor(async () => expect(await prompt(page).inputValue()).toBe('/review '), SOON);
  expect(await page.getByRole('listbox').count()).toBe(0);
  expect(await asked(page)).toEqual([]);
});

test('waiting prompts are edited, moved, sent and removed; a guest only moves what is theirs', async () => {
  const page = await openThread('thread-queue');
  const queue = page.getByRole('region', { name: 'Waiting prompts' });
  await queue.getByRole('button', { name: /^Edit Now the same/ }).click();
  await page.getByRole('textbox', { name: 'Waiting prompt' }).fill('The moon table too');
  await page.keyboard.press('Enter');
  await queue.getByRole('button', { name: /^Later: Now the same/ }).click();
  await queue.getByRole('button', { name: /^Send now: And write/ }).click();
  await queue.getByRole('button', { name: /^Remove Then commit/ }).click();
  const thread = `${'a'.repeat(10)}A`;
  expect(await asked(page)).toEqual([
    { type: 'queue.edit', thread, id: 3, text: 'The moon table too' },
    { type: 'queue.move', thread, id: 3, to: 1 },
    { type: 'queue.sendNow', thread, id: 4 },
    { type: 'queue.remove', thread, id: 5 },
  ]);
  const guest = await openThread('thread-queue-guest');
  expect(await guest.getByRole('button', { name: /^Remove/ }).count()).toBe(1);
});

test('what was cut is shown whole when asked for, or said to be no longer kept', async () => {
  const diffs = await openThread('thread-diffs');
  await diffs.getByRole('button', { name: 'Show the whole' }).click();
  const whole = diffs.locator('.whole');
  await vi.waitFor(async () => expect(await whole.innerText()).toContain('harbour'), SOON);
  expect(await whole.locator('.diff-row').allInnerTexts()).toHaveLength(2);
  expect(await diffs.getByRole('button', { name: 'Show the whole' }).count()).toBe(0);
  const output = await openThread('thread-output');
  await output.getByRole('button', { name: 'Show the whole' }).click();
  await output.getByText('No longer kept').waitFor();
});

test('markup, scripts and strange addresses in an answer stay text', async () => {
  const page = await openThread('thread-hostile');
  await page.getByText('<script>alert(1)</script>').waitFor();
  expect(await page.locator('.answer script, .answer img, .answer iframe').count()).toBe(0);
  const links = await page
    .locator('.answer a')
    .evaluateAll((all) => all.map((one) => [one.getAttribute('href'), one.getAttribute('rel')]));
  const rel = 'noopener noreferrer nofollow';
  expect(links).toEqual([
    ['https://example.org/p.png', rel],
    ['http://example.org/', rel],
  ]);
  await page.getByText('rm -rf ~ ⟨U+202E⟩⟨U+001B⟩[2J').waitFor();
});

test('an answer that streams keeps the end in sight, and what stands above is not drawn anew', async () => {
  const page = await openThread('thread-streaming');
  const scroll = page.getByRole('region', { name: /^Conversation/ });
  const fromEnd = () => scroll.evaluate((at) => at.scrollHeight - at.clientHeight - at.scrollTop);
  await page
    .locator('.answer .md')
    .first()
    .evaluate((at) => at.setAttribute('data-same', 'yes'));
  await page.evaluate(`(() => {
    const { segments } = pretended.state();
    const [segment] = segments;
    const parts = segment.parts.map((part, at) => at === segment.parts.length - 1
      ? { ...part, text: 'A paragraph of an answer that goes on.\\n\\n'.repeat(80) + '**open' } : part);
    pretended.set({ segments: [{ ...segment, parts }] });
  })()`);
  await page.locator('.answer strong', { hasText: 'open' }).waitFor();
  await vi.waitFor(async () => expect(await fromEnd()).toBeLessThan(2), SOON);
  expect(await page.locator('[data-same=yes]').count()).toBe(1);
  await scroll.hover();
  await page.mouse.wheel(0, -900);
  await page.getByRole('button', { name: 'Jump to latest' }).waitFor();
  await page.keyboard.press('Alt+ArrowUp');
  await vi.waitFor(
    async () => expect(await page.evaluate(`document.activeElement.className`)).toBe('prompt'),
    SOON,
  );
});

test('a request in another conversation is said over the line, and one press leads to it', async () => {
  const page = await openScene('thread-permission-elsewhere');
  await page.getByRole('button', { name: /^run uname -a, / }).click();
  await page.getByRole('button', { name: 'Go to it' }).click();
  await vi.waitFor(
    async () => expect(await focused(page)).toMatch(/^OpenCode asks: npm install/),
    SOON,
  );
});

test('a new conversation begins with a chosen agent; one that is missing cannot be chosen', async () => {
  const page = await openScene('thread-timeline');
  await page.getByRole('button', { name: 'New conversation', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'New conversation' });
  await dialog.getByText('Not found on the sharer’s computer: 1').click();
  expect(await dialog.getByRole('button', { name: /^Gemini/ }).isDisabled()).toBe(true);
  await dialog.getByRole('button', { name: /^Demo agent \(no model\)/ }).click();
  await vi.waitFor(async () => expect(await focused(page)).toBe('Prompt'), SOON);
  await page.keyboard.type('tour');
  await page.keyboard.press('Enter');
  expect(await asked(page)).toEqual([{ type: 'thread.start', agent: 'demo', prompt: 'tour' }]);
});

test('before a share the dialog says that conversations leave the machine', async () => {
  const page = await openScene('thread-timeline');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByText('Agent conversations are shared too.').waitFor();
  const plain = await openScene('app');
  await plain.getByRole('button', { name: 'Share', exact: true }).click();
  await plain.getByRole('dialog').waitFor();
  expect(await plain.getByText('Agent conversations are shared too.').count()).toBe(0);
});

test('the terminal keeps its size while a conversation is looked at, and nothing there is reached', async () => {
  const page = await openThread('thread-done');
  expect(await page.getByRole('region', { name: 'Timeline' }).count()).toBe(0);
  const sizes = () =>
    page.evaluate<number>(`pretended.done.filter((one) => one.type === 'terminal.resize').length`);
  const before = await sizes();
  await page.getByRole('button', { name: 'Terminal, with everything in order' }).click();
  await page.getByRole('region', { name: 'Timeline' }).waitFor();
  expect(await sizes()).toBe(before);
});

test('[TR17] Bob follows Alice with the keyboard, is told when he ends it by hand, and finds it in the palette', async () => {
  const page = await openScene('thread-following-not');
  const follow = page.getByRole('button', { name: 'Follow Alice Moreau' });
  const timeline = page.getByRole('region', { name: 'Timeline' });
  const tides = page.getByRole('region', { name: 'Conversation Fix the tide table' });
  const alice = (thread: string): Promise<unknown> =>
    page.evaluate(`(() => {
      const { document } = pretended.state();
      pretended.set({ document: { ...document, looksAt: ${thread} } });
    })()`);
  const isOn = () => follow.getAttribute('aria-pressed');
  await follow.focus();
  await page.keyboard.press('Enter');
  expect(await isOn()).toBe('true');
  await alice(`'${'a'.repeat(10)}A'`);
  await tides.waitFor();
  await page.getByRole('status').getByText('Now shown: Fix the tide table').waitFor();
  await tides.focus();
  await alice('null');
  await timeline.waitFor();
  await vi.waitFor(async () => expect(await focused(page)).toBe('Timeline'), SOON);

  await page.getByRole('button', { name: /^run uname -a, / }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('log').getByText('You no longer follow Alice Moreau.').waitFor();
  expect(await isOn()).toBe('false');

  await page.keyboard.press('Control+k');
  await page.keyboard.type('follow');
  await page.getByRole('option', { name: 'Follow Alice Moreau' }).waitFor();
  await page.keyboard.press('Enter');
  await timeline.waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await isOn()).toBe('true');
  await follow.click();
  expect(await isOn()).toBe('false');
});

test('[TR17] Alice’s page says what it looks at, and has nobody to follow', async () => {
  const page = await openThread('thread-done');
  expect(await page.getByRole('button', { name: /^Follow/ }).count()).toBe(0);
  await page.getByRole('button', { name: 'Terminal, with everything in order' }).click();
  const looks = () => page.evaluate<unknown>('pretended.looks');
  const seen = [null, `${'a'.repeat(10)}A`, null];
  await vi.waitFor(async () => expect(await looks()).toEqual(seen), SOON);
});
