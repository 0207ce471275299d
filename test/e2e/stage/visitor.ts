// A person in a browser tab: joins by what they were given, reads the screen, types. Finds things
// as people do, by role and name.
import type { Page } from 'playwright-core';
import { vi } from 'vitest';

/** From an opened link or a typed code to the knock. */
export async function askToJoin(page: Page, name: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Your name, as others will see it' });
  await field.fill(name);
  await page.getByRole('button', { name: 'Ask to join' }).click();
}

export async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Code or link' }).fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** The four check words as the visitor sees them. */
export async function checkWords(page: Page): Promise<string> {
  const line = page.locator('.words-line');
  await line.waitFor();
  return (await line.locator('span').allTextContents()).join(' ');
}

/** What the bar says of the connection. */
export function connectionOf(page: Page) {
  return page.locator('.link-state');
}

/** Waits until the connection is said to be direct. */
export async function isIn(page: Page): Promise<void> {
  await page.getByText(/^Direct(?: · \d+ ms)?$/).waitFor();
}

/** All that the running command has shown, scrolled off or not, as rows. */
export async function liveRows(page: Page): Promise<string[]> {
  const rows = await page.evaluate<string[]>(`(() => {
    const live = document.querySelector('[role=group][aria-label="Live terminal"]');
    if (live === null) return [];
    const off = [...live.querySelectorAll('.live-rows pre')].flatMap((at) => at.textContent.split('\\n'));
    const on = [...live.querySelectorAll('.xterm-rows > div')].map((at) => at.textContent);
    return [...off, ...on];
  })()`);
  return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd());
}

export async function sees(page: Page, text: string, withinMs = 10_000): Promise<void> {
  await seesRows(page, `“${text}”`, 1, (row) => row.includes(text), withinMs);
}

/** As many rows that are this and nothing more: the line that asked for them is not one. */
export async function seesOutput(page: Page, text: string, rows = 3): Promise<void> {
  await seesRows(page, `${String(rows)} rows of “${text}”`, rows, (row) => row === text);
}

async function seesRows(
  page: Page,
  what: string,
  count: number,
  is: (row: string) => boolean,
  withinMs = 10_000,
): Promise<void> {
  await vi.waitFor(
    async () => {
      const rows = await liveRows(page);
      if (rows.filter(is).length < count) throw new Error(`${what} not in ${JSON.stringify(rows)}`);
    },
    { timeout: withinMs, interval: 10 },
  );
}
