// Key to echo, a flood until its end, and Ctrl-C under a flood: for the bare pty, for a terminal
// viewer, for Chromium, and for the peers there are, in turns, so that all share the same weather.
import { openBrowserSubject } from './browser-subject.ts';
import type { Crew } from './crew.ts';
import type { Subject } from './subject.ts';
import { quantile } from './table.ts';

/** Of `seq`: 16.9 MB. */
export const LINES = 2_000_000;
const FLOOD_MS = 1000;

const REACH: Readonly<Record<string, { p50: string; p99: string; bulk: string; ctrl: string }>> = {
  'terminal viewer': { p50: '≤ 3 ms', p99: '≤ 10 ms', bulk: '', ctrl: '' },
  Chromium: { p50: '≤ 4 ms', p99: '≤ 20 ms', bulk: '≤ 1.2 s', ctrl: '≤ 50 ms' },
};

export async function typing(crew: Crew, wanted: (name: string) => boolean): Promise<void> {
  // A sharer for each: nobody else's screen is drawn while one is measured.
  const sharers = [await crew.sharer()];
  const floor = await crew.floor();
  const subjects: Subject[] = [floor, ...(await crew.peers())];
  for (const sharer of sharers) subjects.push(await crew.viewer(sharer, 'terminal viewer'));
  const browser = await crew.browser();
  if (browser !== null) {
    const sharer = await crew.sharer();
    sharers.push(sharer);
    const link = await sharer.invite();
    const [page] = await Promise.all([openBrowserSubject(browser, link), sharer.admit()]);
    await page.takesKeys();
    subjects.push(page);
  }
  if (wanted('echo')) await echo(crew, subjects);
  if (wanted('bulk')) await bulk(crew, subjects);
  if (wanted('interrupt')) await interrupt(crew, subjects);
  for (const subject of subjects) await subject.close();
  for (const sharer of sharers) await sharer.close();
}

async function inTurns(
  subjects: readonly Subject[],
  rounds: number,
  measure: (subject: Subject) => Promise<readonly number[]>,
): Promise<Map<Subject, number[]>> {
  const all = new Map<Subject, number[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++) {
    for (const subject of subjects) all.get(subject)?.push(...(await measure(subject)));
  }
  return all;
}

async function echo({ table, rounds }: Crew, subjects: readonly Subject[]): Promise<void> {
  const all = await inTurns(subjects, rounds(10), (subject) => subject.echo(40));
  let floor: readonly number[] | undefined;
  for (const [{ name }, times] of all) {
    floor ??= times;
    const p50 = { value: quantile(times, 0.5), floor: quantile(floor, 0.5) };
    const p99 = { value: quantile(times, 0.99), floor: quantile(floor, 0.99) };
    const { p50: median = '', p99: tail = '' } = REACH[name] ?? {};
    table.add({ what: 'key to echo, p50', subject: name, unit: 'ms', ...p50, reach: median });
    table.add({ what: 'key to echo, p99', subject: name, unit: 'ms', ...p99, reach: tail });
  }
}

async function bulk({ table, rounds }: Crew, subjects: readonly Subject[]): Promise<void> {
  const all = await inTurns(subjects, rounds(5), async (one) => [(await one.bulk(LINES)) / 1000]);
  let floor: number | undefined;
  for (const [{ name }, times] of all) {
    const value = quantile(times, 0.5);
    floor ??= value;
    const { bulk: reach = '' } = REACH[name] ?? {};
    table.add({ what: `seq 1 ${LINES}, median`, subject: name, unit: 's', value, floor, reach });
  }
}

async function interrupt({ table, rounds }: Crew, subjects: readonly Subject[]): Promise<void> {
  const all = await inTurns(subjects, rounds(5), async (one) => [await one.interrupt(FLOOD_MS)]);
  let floor: number | undefined;
  for (const [{ name }, times] of all) {
    const value = quantile(times, 0.5);
    floor ??= value;
    const { ctrl: reach = '' } = REACH[name] ?? {};
    table.add({ what: 'Ctrl-C under yes, median', subject: name, unit: 'ms', value, floor, reach });
    const most = Math.max(...times);
    table.add({ what: 'Ctrl-C under yes, most', subject: name, unit: 'ms', value: most });
  }
}
