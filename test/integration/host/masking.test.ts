// Alice prints her keys. What is kept, and sent as documents, has none of them; what Bob saw live
// he saw.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { namedSamples, shapedSamples } from '../../unit/agent/secret-samples.ts';
import { removeFolder } from '../../remove-folder.ts';
import { openSessionRig, type Guest, type SessionRig } from './session-rig.ts';

const KNOWN = 'a-value-that-looks-like-nothing';
/** Where frames are, with what was in them. */
const IN_FRAMES = / in (?:document|change|raw replica|raw history|session|unreadable)/;

let rig: SessionRig;
let folder: string;
beforeEach(async () => {
  rig = await openSessionRig({ env: { DEPLOY_TOKEN: KNOWN } });
  folder = mkdtempSync(join(tmpdir(), 'meshell-keys-'));
});
afterEach(async () => {
  await rig.close();
  await removeFolder(folder);
});

const samples = [...shapedSamples(21), ...namedSamples(21)];

/** Eight characters of each secret here and there: where one is, more is. */
function planted(): string[] {
  return samples.flatMap(({ secret }) => {
    const text = secret.replace(/\s|\\n/g, '\n');
    const long = text.split('\n').reduce((a, b) => (b.length > a.length ? b : a));
    const middle = Math.floor(long.length / 2);
    return [long.slice(-9), long.slice(middle, middle + 9)];
  });
}

function inFrames(guest: Guest): string[] {
  return guest.tap.findings([...planted(), KNOWN]).filter((found) => IN_FRAMES.test(found));
}

test('[MK9] a secret of each known shape that a command prints is in no frame, however rows wrap', async () => {
  const file = join(folder, 'keys.txt');
  const texts = samples.map((one) => ('text' in one ? one.text : `a key ${one.secret} here`));
  writeFileSync(file, `${texts.join('\n')}\n`);
  const bob = await rig.join('Bob', { from: 'all' });
  const all = await rig.done(`cat ${file}; echo "$DEPLOY_TOKEN"`);
  rig.session.resize(33, 12);
  await rig.done(`cat ${file}; printf '\\e[31m%s\\e[m' "$DEPLOY_TOKEN"`);
  await bob.block(2);
  expect(inFrames(bob)).toEqual([]);
  expect(inFrames(rig.owner)).toEqual([]);
  // It is there to be found: live, where it is not masked.
  expect(bob.tap.findings([KNOWN]).join()).toContain('bytes');
  const rows = [...all.head, ...all.tail];
  expect(rows.filter((row) => row.text.includes('‹masked ')).length).toBeGreaterThan(
    samples.length / 2,
  );
});

test('[MK9] nor in one of a command’s own line, nor of one that waits', async () => {
  const secret = shapedSamples(22)[0]?.secret ?? '';
  const bob = await rig.join('Bob', { from: 'all' });
  const block = await rig.done(`export SOME=${secret}`);
  expect(block.command).toBe('export SOME=‹masked GitHub token›');
  await rig.run('read -rsn1');
  await rig.run(`: ${secret}`);
  await rig.until('the queue', () => (bob.viewer.state().document?.queue.length ?? 0) === 1);
  expect(bob.viewer.state().document?.queue[0]?.text).toBe(': ‹masked GitHub token›');
  rig.type('x');
  expect((await bob.block(3)).command).toBe(': ‹masked GitHub token›');
  expect(bob.tap.findings([secret]).filter((found) => IN_FRAMES.test(found))).toEqual([]);
});

test('[MK10] nor in the two ends of output of which the middle is left out', async () => {
  const secret = shapedSamples(23)[0]?.secret ?? '';
  writeFileSync(join(folder, 'flood.txt'), `x ${secret}\n`.repeat(30_000));
  const block = await rig.done(`cat ${join(folder, 'flood.txt')}`);
  expect(block.omitted).toBeGreaterThan(0);
  const rows = [...block.head, ...block.tail];
  expect(rows.filter((row) => row.text.includes(secret.slice(-8)))).toEqual([]);
  expect(block.tail.length).toBeGreaterThan(1000);
});
