// Joining: from the sharer's yes to a live screen, and to the newest blocks, with nothing behind
// it and with two thousand blocks. And what the page weighs before it shows a screen.
import { gzipSync } from 'node:zlib';
import { openBrowserSubject } from './browser-subject.ts';
import type { Crew } from './crew.ts';
import type { Sharer } from './sharer.ts';
import { quantile } from './table.ts';
import { openTerminal } from './terminal-subject.ts';
import { pause } from './typist.ts';

const BLOCKS = 2000;
/** What a viewer asks for first. */
const NEWEST = 50;
/** Typed ahead at once: the terminal's own line buffer is small. */
const AHEAD = 40;

export async function joining(crew: Crew): Promise<void> {
  const sharer = await crew.sharer();
  await arrivals(crew, sharer, 'no history', 0);
  const scribe = await crew.viewer(sharer, 'scribe');
  const blocks = crew.rounds(BLOCKS);
  for (let from = 0; from < blocks; from += AHEAD) {
    const count = Math.min(AHEAD, blocks - from);
    const lines = Array.from({ length: count - 1 }, () => 'seq 20');
    await scribe.type([...lines, `echo end-$((${from}+${count}))`, ''].join('\r'));
    await scribe.shows(`end-${from + count}`);
  }
  await scribe.close();
  await arrivals(crew, sharer, `${blocks} blocks`, Math.min(NEWEST, blocks));
  await sharer.close();
}

async function arrivals(crew: Crew, sharer: Sharer, behind: string, blocks: number): Promise<void> {
  const { table, rounds } = crew;
  const screens: number[] = [];
  const newest: number[] = [];
  for (let round = 0; round < rounds(10); round++) {
    const viewer = openTerminal('viewer');
    const link = await sharer.invite();
    const [joined, at] = await Promise.all([viewer.join(link, blocks), sharer.admit()]);
    screens.push(joined.screenAt - at);
    newest.push(joined.blocksAt - at);
    await viewer.close();
  }
  const subject = 'terminal viewer';
  const of = (values: readonly number[]): number => quantile(values, 0.5);
  const what = `admitted to live screen, ${behind}`;
  table.add({ what, subject, unit: 'ms', value: of(screens), reach: '≤ 300 ms' });
  if (blocks > 0) {
    const newestWhat = `admitted to newest ${blocks}, ${behind}`;
    table.add({ what: newestWhat, subject, unit: 'ms', value: of(newest), reach: '≤ 1000 ms' });
  }
  await browserArrivals(crew, sharer, behind);
}

async function browserArrivals(crew: Crew, sharer: Sharer, behind: string): Promise<void> {
  const browser = await crew.browser();
  if (browser === null) return;
  const screens: number[] = [];
  for (let round = 0; round < crew.rounds(5); round++) {
    const link = await sharer.invite();
    const [page, at] = await Promise.all([openBrowserSubject(browser, link), sharer.admit()]);
    screens.push((await page.firstRowAt()) - at);
    await page.close();
  }
  const what = `admitted to live screen, ${behind}`;
  const value = quantile(screens, 0.5);
  crew.table.add({ what, subject: 'Chromium', unit: 'ms', value, reach: '≤ 300 ms' });
}

/** All that the page has fetched when the first row is drawn, as gzip would send it. */
export async function pageWeight(crew: Crew): Promise<void> {
  const browser = await crew.browser();
  if (browser === null) return;
  const sharer = await crew.sharer();
  const link = await sharer.invite();
  const bodies: { readonly at: number; readonly url: string; readonly bytes: number }[] = [];
  const context = await browser.newContext();
  const taken: Promise<void>[] = [];
  context.on('response', (response) => {
    const at = performance.timeOrigin + performance.now();
    const url = response.url();
    const take = async (): Promise<void> => {
      bodies.push({ at, url, bytes: gzipSync(await response.body()).length });
    };
    // What is still under way when the page closes came after the screen.
    taken.push(take().catch(() => undefined));
  });
  const [page] = await Promise.all([openBrowserSubject(context, link), sharer.admit()]);
  const shownAt = await page.firstRowAt();
  await page.takesKeys();
  await Promise.race([Promise.all(taken), pause(2000)]);
  const before = bodies.filter((one) => one.at <= shownAt);
  const value = before.reduce((sum, one) => sum + one.bytes, 0) / 1000;
  const what = 'page before the first screen, gzip';
  crew.table.add({ what, subject: 'Chromium', unit: 'KB', value, reach: '≤ 350 KB' });
  for (const one of before) {
    crew.note(`  ${(one.bytes / 1000).toFixed(1).padStart(7)} KB ${new URL(one.url).pathname}`);
  }
  await page.close();
  await sharer.close();
}
