// Five conversations that stream at once to one viewer, through the product as it is: the demo
// agent says so many tokens a second, each in a message of its own, as real agents do.
import type { Crew } from './crew.ts';
import { pause } from './typist.ts';

const THREADS = 5;
/** Fast models; the demo's tokens have 4 to 20 characters. */
const TOKENS_PER_SECOND = 75;
const STREAM_SECONDS = 60;
/** Conversations begin one after the other: what is measured is when all of them run. */
const MARGIN_SECONDS = 10;
const SETTLE_MS = 2000;

export async function threads(crew: Crew): Promise<void> {
  const { table } = crew;
  const sharer = await crew.sharer();
  const viewer = await crew.viewer(sharer, 'viewer');
  const seconds = crew.rounds(STREAM_SECONDS);
  const prompt = `stream ${TOKENS_PER_SECOND} ${seconds + MARGIN_SECONDS}`;
  await viewer.converse('demo', prompt, THREADS);
  await pause(SETTLE_MS);

  const before = {
    cpu: sharer.cpuSeconds(),
    wire: await viewer.received(),
    text: await viewer.said(),
  };
  const at = performance.now();
  await pause(seconds * 1000);
  const elapsed = (performance.now() - at) / 1000;
  const cpu = ((sharer.cpuSeconds() - before.cpu) / elapsed) * 100;
  const wire = (await viewer.received()) - before.wire;
  const text = (await viewer.said()) - before.text;

  const what = `${THREADS} threads, ${TOKENS_PER_SECOND} tokens/s each`;
  const unit = '';
  table.add({ what, subject: 'processor', unit: '%', value: cpu, reach: '≤ 5 %' });
  table.add({ what, subject: 'wire per byte', unit, value: wire / text, reach: '≤ 2.5' });
  table.add({ what, subject: 'text', unit: 'KB', value: text / 1000 / elapsed });
  await viewer.quiet();
  await viewer.close();
  await sharer.close();
}
