// Firefox joins by link, sees the session live and runs a command: from this computer, and over
// plain http from another one.
import type { Page } from 'puppeteer-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { byRole, launchFirefox, type Firefox } from './stage/firefox.ts';
import { endAll, startMeshell, textOf, type MeshellProcess } from './stage/meshell-process.ts';
import { openLan, type Lan } from './stage/namespaces.ts';
import { lacks } from './stage/needs.ts';
import { RTC_SIGHTS, rtcSights, WATCH_RTC } from './stage/rtc-watch.ts';

let firefox: Firefox | 'none' = 'none';
let lan: Lan | 'none' = 'none';

afterEach(async () => {
  if (firefox !== 'none') await firefox.close();
  firefox = 'none';
  await endAll();
  if (lan !== 'none') lan.close();
  lan = 'none';
});

describe.skipIf(lacks('firefox'))('Firefox', () => {
  test('on the same computer, where the page is a secure context', async () => {
    const alice = startMeshell(['--json', '--headless', '--local', '--share', '--name', 'Alice']);
    firefox = await launchFirefox();
    const page = await firefox.browser.newPage();
    await joinsWatchesAndRuns(alice, page, { secure: true });
  });
});

describe.skipIf(lacks('firefox', 'namespaces'))('Firefox on a LAN with no route out', () => {
  test('over plain http, where a page has no crypto.subtle', async () => {
    lan = openLan();
    const flags = ['--json', '--headless', '--lan', '--share', '--name', 'Alice'];
    const alice = startMeshell(flags, { netns: lan.sharer.netns });
    firefox = await launchFirefox(lan.viewer);
    const page = await firefox.browser.newPage();
    await joinsWatchesAndRuns(alice, page, { secure: false });
  });
});

async function joinsWatchesAndRuns(
  alice: MeshellProcess,
  page: Page,
  { secure }: { readonly secure: boolean },
): Promise<void> {
  page.setDefaultTimeout(20_000);
  const link = textOf(await alice.event('invite'), 'link');
  await page.evaluateOnNewDocument(WATCH_RTC);
  await page.goto(link);
  expect(await page.evaluate('isSecureContext')).toBe(secure);
  expect(await page.evaluate('crypto.subtle === undefined')).toBe(!secure);
  await byRole(page, 'textbox', 'Your name, as others will see it').fill('Bob');
  expect((await textOn(page)).includes('This page came over plain http')).toBe(!secure);

  const asked = performance.now();
  await byRole(page, 'button', 'Ask to join').click();
  const knock = await alice.event('knock');
  const words = textOf(knock, 'words').split(' ');
  await shows(page, words.join('\n'));
  const capabilities = ['view', 'suggest', 'draft', 'run', 'type'];
  alice.say({ do: 'admit', knock: textOf(knock, 'id'), capabilities });
  await shows(page, 'Direct');
  const joinedMs = Math.round(performance.now() - asked);
  const [sight] = rtcSights(await page.evaluate(RTC_SIGHTS));
  console.info(`name given to in: ${joinedMs} ms; pair ${sight?.local} – ${sight?.remote}`);
  expect(sight?.protocol).toBe('udp');
  expect(['host', 'prflx']).toContain(sight?.local);
  expect(['host', 'prflx']).toContain(sight?.remote);

  alice.say({ do: 'run', text: 'echo seen-by-$((40 + 2))' });
  await shows(page, 'seen-by-42');
  await byRole(page, 'textbox', 'Command').fill('echo run-by-$((50 + 3))');
  await page.keyboard.press('Enter');
  await shows(page, 'run-by-53');
  alice.say({ do: 'run', text: 'read -p "name? " answer; echo "you are $answer"' });
  await shows(page, 'name? ');
  const grid = await page.waitForSelector('textarea[aria-label^="Type into the terminal"]');
  await grid?.focus();
  await page.keyboard.type('Bob');
  await shows(page, 'name? Bob');
  await page.keyboard.press('Enter');
  await shows(page, 'you are Bob');
}

async function textOn(page: Page): Promise<string> {
  return String(await page.evaluate('document.body.innerText.replaceAll("\u00a0", " ")'));
}

async function shows(page: Page, text: string): Promise<void> {
  await vi.waitFor(async () => expect(await textOn(page)).toContain(text), {
    timeout: 20_000,
    interval: 20,
  });
}
