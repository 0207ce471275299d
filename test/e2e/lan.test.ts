// A LAN of two computers with nothing around it: no route out, no DNS, no STUN, no https. Then
// the network's TCP goes, then all of it, then the sharer's process.
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { FAULTS } from '../../src/protocol/faults.ts';
import { chromiumPath, launchChromium } from './stage/browser.ts';
import {
  endAll,
  newHome,
  startMeshell,
  textOf,
  type MeshellProcess,
} from './stage/meshell-process.ts';
import { openLan, type Lan } from './stage/namespaces.ts';
import { lacks } from './stage/needs.ts';
import { RTC_SIGHTS, rtcSights, WATCH_RTC, type RtcSight } from './stage/rtc-watch.ts';
import { askToJoin, checkWords, connectionOf, isIn, sees, typeCode } from './stage/visitor.ts';

const WITHOUT_TCP_MS = 30_000;
/** From the last sign of life to the words about it. */
const AWAY_MS = 10_000;
const EDITOR = ['view', 'suggest', 'draft', 'run', 'type', 'prompt', 'approve'];
const VIEWER = ['view', 'suggest'];
/** What a page says of a connection that is lost and looked for. */
const AWAY_WORDS = Object.values(FAULTS).flatMap(({ mine, retry }) => (retry ? mine : []));
const TITLE = 'a LAN with no route out';

describe.skipIf(lacks('namespaces', 'chromium'))(TITLE, () => {
  let lan: Lan;
  let browser: Browser;
  let alice: MeshellProcess;
  /** By link, in a page; may type. */
  let bob: Page;
  /** By code, in a page; watches. */
  let carol: Page;
  /** By code, in a terminal; watches. */
  let dave: MeshellProcess;
  /** What Alice's terminal follows: a line put here is output at her side. */
  const followed = join(newHome(), 'followed');
  const said: string[] = [];

  beforeAll(async () => {
    lan = openLan();
    const flags = ['--json', '--headless', '--lan', '--name', 'Alice'];
    alice = startMeshell(flags, { netns: lan.sharer.netns });
    browser = await launchChromium({ executablePath: lan.viewer.runner(chromiumPath ?? '') });
    await alice.event('ready');
  });
  afterAll(async () => {
    await browser?.close();
    await endAll();
    lan?.close();
  });

  async function invite(): Promise<{ link: string; code: string; typed: string; at: string }> {
    alice.say({ do: 'invite' });
    const line = await alice.event('invite');
    return {
      link: textOf(line, 'link'),
      code: textOf(line, 'code'),
      typed: textOf(line, 'typed'),
      at: textOf(line, 'at'),
    };
  }

  async function open(url: string): Promise<Page> {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.addInitScript(WATCH_RTC);
    await page.goto(url);
    return page;
  }

  /** Looks at the visitor's side while the knock stands, then lets them in. */
  async function admit(
    name: string,
    capabilities: readonly string[],
    words: () => Promise<string>,
  ): Promise<void> {
    const knock = await alice.next((line) => line['event'] === 'knock' && line['name'] === name);
    expect(await words()).toBe(textOf(knock, 'words'));
    alice.say({ do: 'admit', knock: textOf(knock, 'id'), capabilities });
  }

  async function sightOf(page: Page): Promise<RtcSight> {
    const [sight, ...others] = rtcSights(await page.evaluate(RTC_SIGHTS));
    expect(others).toEqual([]);
    if (sight === undefined) throw new Error('no WebRTC connection');
    return sight;
  }

  /** A row more at Alice's side, and that everyone in `pages` sees it. */
  async function aliceShows(text: string, pages: readonly Page[]): Promise<void> {
    appendFileSync(followed, `${text}\n`);
    said.push(text);
    await Promise.all(pages.map((page) => sees(page, text)));
  }

  /** Bob types it into the running program; its echo is the beginning of the next row. */
  async function bobTypes(text: string, pages: readonly Page[]): Promise<void> {
    await bob.keyboard.type(text);
    said.push(text);
    await Promise.all(pages.map((page) => sees(page, text)));
  }

  test('[LK23] Bob joins by link over plain http, where a page has no crypto.subtle, and is told so', async () => {
    expect(lan.viewer.run('ip', 'route').trim()).toMatch(/^10\.77\.0\.0\/24 dev lan0 [^\n]+$/);
    const { link, at } = await invite();
    expect(at).toMatch(/^http:\/\/10\.77\.0\.1:\d+$/);
    bob = await open(link);
    expect(await bob.evaluate(`[isSecureContext, crypto.subtle === undefined]`)).toEqual([
      false,
      true,
    ]);
    await bob.getByText('This page came over plain http').waitFor();
    const asked = performance.now();
    await askToJoin(bob, 'Bob');
    await admit('Bob', EDITOR, () => checkWords(bob));
    await isIn(bob);
    report(`join by link, name given to in: ${since(asked)} ms`);
    const sight = await sightOf(bob);
    report(`candidate pair: ${sight.local} – ${sight.remote} ${sight.protocol}`);
    expect(sight).toMatchObject({ protocol: 'udp', address: '10.77.0.1', iceServers: 0 });
    expect(['host', 'prflx']).toContain(sight.local);
    expect(['host', 'prflx']).toContain(sight.remote);
  });

  test('[SG24] Carol types the code into the page at Alice’s address', async () => {
    const { code, at } = await invite();
    carol = await open(at);
    await carol.getByText('This page came over plain http').waitFor();
    const typed = performance.now();
    await typeCode(carol, code);
    await askToJoin(carol, 'Carol');
    await admit('Carol', VIEWER, () => checkWords(carol));
    await isIn(carol);
    report(`join by code, code typed to in: ${since(typed)} ms`);
    const sight = await sightOf(carol);
    expect(['host', 'prflx']).toContain(sight.local);
    expect(['host', 'prflx']).toContain(sight.remote);
  });

  test('Dave joins from a terminal with the line that Alice reads out', async () => {
    const { typed } = await invite();
    expect(typed).toMatch(/^meshell join \d{4}-\w+-\w+@10\.77\.0\.1:\d+$/);
    const began = performance.now();
    const place = typed.replace('meshell join ', '');
    const args = ['join', place, '--json', '--name', 'Dave'];
    dave = startMeshell(args, { netns: lan.viewer.netns });
    await admit('Dave', VIEWER, async () => textOf(await dave.event('knocking'), 'words'));
    expect(await dave.event('admitted')).toMatchObject({ path: 'webrtc' });
    report(`join from a terminal, process start to in: ${since(began)} ms`);
  });

  test('[SG9] for thirty seconds without any TCP the session goes on, and nothing of it is lost', async () => {
    writeFileSync(followed, '');
    alice.say({ do: 'run', text: `tail -f ${followed}` });
    await aliceShows('row 0, with tcp', [bob, carol]);
    await bob.getByRole('textbox', { name: /^Type into the terminal/ }).focus();
    await bobTypes('<key 0>', [bob, carol]);
    expect(await reachesPage(bob)).toBe(true);
    const before = { bob: await sightOf(bob), carol: await sightOf(carol) };

    lan.cut('tcp');
    const began = performance.now();
    const outputMs: number[] = [];
    const echoMs: number[] = [];
    let sight = before.bob;
    for (let n = 1; performance.now() - began < WITHOUT_TCP_MS; n++) {
      const shown = performance.now();
      await aliceShows(`row ${n}, without tcp`, [bob, carol]);
      outputMs.push(performance.now() - shown);
      const pressed = performance.now();
      await bobTypes(`<key ${n}>`, [bob]);
      echoMs.push(performance.now() - pressed);
      const earlier = sight;
      sight = await sightOf(bob);
      expect(sight.messagesReceived).toBeGreaterThan(earlier.messagesReceived);
      expect(sight).toMatchObject({ local: earlier.local, remote: earlier.remote });
      expect(await connectionWords(bob)).toMatch(/^Direct/);
      if (n % 20 === 1) expect(await reachesPage(bob)).toBe(false);
    }
    await sees(carol, lastOf(said));
    await showsDave(lastOf(said));
    expect((await sightOf(carol)).messagesReceived).toBeGreaterThan(before.carol.messagesReceived);
    const dropped = lan.dropped();
    expect(dropped).toBeGreaterThan(0);
    lan.mend();
    report(
      `${echoMs.length} rounds in ${since(began)} ms without TCP, ${dropped} packets dropped:` +
        ` output in two pages p50 ${median(outputMs)} ms, a word typed and echoed p50` +
        ` ${median(echoMs)} ms, messages received ${before.bob.messagesReceived} to` +
        ` ${sight.messagesReceived}`,
    );
    await vi.waitFor(async () => expect(await reachesPage(bob)).toBe(true), { timeout: 20_000 });
    await aliceShows('row with tcp again', [bob, carol]);

    await bob.keyboard.press('Control+c');
    const expected = [...rowsOf(said), '^C'];
    const block = await dave.next((line) => line['event'] === 'block' && line['state'] === 'done');
    expect(block['text']).toEqual(expected);
    for (const page of [bob, carol]) expect(await blockRows(page, 'tail -f')).toEqual(expected);
  });

  test('[RD1] with the cable out everyone is told within ten seconds, and back in it goes on by itself', async () => {
    alice.say({ do: 'run', text: `tail -n 1 -f ${followed}` });
    await aliceShows('row before the cable came out', [bob, carol]);
    lan.cut('all');
    const out = performance.now();
    await everyoneIsTold(lastOf(said));
    report(`cable out: everyone told within ${since(out)} ms`);
    appendFileSync(followed, 'row while it was out\n');
    lan.mend();
    const mended = performance.now();
    await Promise.all([isIn(bob), isIn(carol), dave.event('admitted')]);
    report(`cable in: everyone back within ${since(mended)} ms`);
    await Promise.all([bob, carol].map((page) => sees(page, 'row while it was out')));
    await aliceShows('row after', [bob, carol]);
    await showsDave('row after');
  });

  test('[LK16] when Alice’s process is killed everyone is told within ten seconds and keeps the screen', async () => {
    const killed = performance.now();
    await alice.kill('SIGKILL');
    await everyoneIsTold(lastOf(said));
    report(`sharer killed: everyone told within ${since(killed)} ms`);
  });

  async function everyoneIsTold(keeps: string): Promise<void> {
    const pages = [bob, carol].map(async (page) => {
      const banner = page.getByRole('status').filter({ hasText: 'What you see stays as it was' });
      await banner.waitFor({ timeout: AWAY_MS });
      const words = (await banner.textContent()) ?? '';
      expect(
        AWAY_WORDS.some((each) => words.startsWith(each)),
        words,
      ).toBe(true);
    });
    await Promise.all([...pages, dave.event('away', AWAY_MS)]);
    for (const page of [bob, carol]) await sees(page, keeps);
    await showsDave(keeps);
  }

  async function showsDave(text: string): Promise<void> {
    await vi.waitFor(
      async () => {
        dave.say({ do: 'screen' });
        const { rows } = await dave.event('screen');
        expect(rows).toContainEqual(expect.stringContaining(text));
      },
      { timeout: 10_000, interval: 50 },
    );
  }
});

/** Rows as a terminal shows them: keys begin the row that the next output ends. */
function rowsOf(said: readonly string[]): string[] {
  const text = said.map((one) => (one.startsWith('<') ? one : `${one}\n`)).join('');
  return text.split('\n').slice(0, -1);
}

async function blockRows(page: Page, command: string): Promise<string[]> {
  const block = page.getByRole('article', { name: command });
  await block.waitFor();
  return (await block.locator('.rows').allTextContents()).flatMap((rows) => rows.split('\n'));
}

/** Whether a new TCP connection to the place this page came from gets an answer. */
async function reachesPage(page: Page): Promise<boolean> {
  return await page.evaluate<boolean>(
    `fetch('/', { cache: 'no-store', signal: AbortSignal.timeout(1500) }).then(() => true, () => false)`,
  );
}

async function connectionWords(page: Page): Promise<string> {
  return (await connectionOf(page).textContent()) ?? '';
}

function lastOf(said: readonly string[]): string {
  return said.at(-1) ?? '';
}

function since(at: number): number {
  return Math.round(performance.now() - at);
}

function median(numbers: readonly number[]): number {
  return Math.round(numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0);
}

function report(line: string): void {
  console.info(line);
}
