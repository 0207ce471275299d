// Ten viewers at once: the same flood to all of them, and Ctrl-C while one of them stands still.
import type { Crew } from './crew.ts';
import { LINES } from './typing.ts';
import { quantile } from './table.ts';
import type { TerminalSubject } from './terminal-subject.ts';
import { pause } from './typist.ts';

const VIEWERS = 10;
const FLOOD_MS = 1000;

export async function crowd(crew: Crew, wanted: (name: string) => boolean): Promise<void> {
  const { table, rounds } = crew;
  const sharer = await crew.sharer();
  const viewers: TerminalSubject[] = [];
  for (let i = 1; i <= VIEWERS; i++) viewers.push(await crew.viewer(sharer, `viewer ${i}`));
  const [bob] = viewers;
  const stalled = viewers.at(-1);
  if (bob === undefined || stalled === undefined) return;

  const floor = await crew.floor();

  if (wanted('ten')) {
    const times: number[] = [];
    const floors: number[] = [];
    const cpu: number[] = [];
    const sent: number[] = [];
    let equal = 0;
    const all = rounds(3);
    for (let round = 0; round < all; round++) {
      floors.push((await floor.bulk(LINES)) / 1000);
      await bob.type('clear\r');
      await pause(500);
      const received = async (): Promise<number> =>
        (await Promise.all(viewers.map((one) => one.received()))).reduce((a, b) => a + b, 0);
      const [bytesBefore, cpuBefore] = [await received(), sharer.cpuSeconds()];
      await bob.type(`seq 1 ${LINES}`);
      await bob.shows(`seq 1 ${LINES}`);
      const from = performance.timeOrigin + performance.now();
      const ends = Promise.all(viewers.map((one) => one.ended(LINES)));
      await bob.type('\r');
      times.push((Math.max(...(await ends)) - from) / 1000);
      cpu.push(sharer.cpuSeconds() - cpuBefore);
      sent.push(((await received()) - bytesBefore) / 1e6);
      const screens = await Promise.all(viewers.map((one) => one.rows()));
      if (new Set(screens.map((rows) => JSON.stringify(rows))).size === 1) equal++;
    }
    const flood = `seq 1 ${LINES}, all ten, median`;
    const of = (values: readonly number[]): number => quantile(values, 0.5);
    table.add({
      what: flood,
      subject: 'last viewer',
      unit: 's',
      value: of(times),
      floor: of(floors),
      reach: '≤ 1.9 s',
    });
    table.add({
      what: '  sent in all',
      subject: 'sharer',
      unit: 'MB',
      value: of(sent),
      reach: '< 3 MB',
    });
    table.add({
      what: '  processor time',
      subject: 'sharer',
      unit: 's',
      value: of(cpu),
      reach: '≤ 1.3 s',
    });
    const rss = sharer.rssBytes() / 1e6;
    table.add({ what: '  memory', subject: 'sharer', unit: 'MB', value: rss, reach: '≤ 150 MB' });
    const share = (equal / all) * 100;
    table.add({
      what: '  rounds with equal screens',
      subject: 'all ten',
      unit: '%',
      value: share,
      reach: '100 %',
    });
  }

  if (wanted('stalled')) {
    const times: number[] = [];
    const floors: number[] = [];
    for (let round = 0; round < rounds(5); round++) {
      floors.push(await floor.interrupt(FLOOD_MS));
      process.kill(stalled.pid, 'SIGSTOP');
      times.push(await bob.interrupt(FLOOD_MS));
      process.kill(stalled.pid, 'SIGCONT');
      await stalled.shows('bench>');
    }
    const what = 'Ctrl-C under yes, ten viewers, one stalled';
    const at = { value: quantile(times, 0.5), floor: quantile(floors, 0.5) };
    table.add({
      what: `${what}, median`,
      subject: 'terminal viewer',
      unit: 'ms',
      ...at,
      reach: '≤ 50 ms',
    });
    table.add({
      what: `${what}, most`,
      subject: 'terminal viewer',
      unit: 'ms',
      value: Math.max(...times),
    });
  }
  for (const viewer of viewers) await viewer.close();
  await sharer.close();
}
