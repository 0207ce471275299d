// A sharer with nothing to do: what it costs alone, and with a viewer who only looks.
import type { Crew } from './crew.ts';
import type { Sharer } from './sharer.ts';
import { pause } from './typist.ts';

const SETTLE_MS = 3000;
const LOOK_MS = 20_000;

export async function idling(crew: Crew): Promise<void> {
  const sharer = await crew.sharer();
  await look(crew, sharer, 'sharer idle, alone');
  const viewer = await crew.viewer(sharer, 'viewer');
  await look(crew, sharer, 'sharer idle, one viewer');
  await viewer.close();
  await sharer.close();
}

async function look({ table, rounds }: Crew, sharer: Sharer, what: string): Promise<void> {
  await pause(SETTLE_MS);
  const ms = rounds(LOOK_MS);
  const before = sharer.cpuSeconds();
  await pause(ms);
  const value = ((sharer.cpuSeconds() - before) / (ms / 1000)) * 100;
  table.add({ what, subject: 'processor', unit: '%', value, reach: '< 1 %' });
  const rss = sharer.rssBytes() / 1e6;
  table.add({ what, subject: 'memory', unit: 'MB', value: rss, reach: '≤ 130 MB' });
}
