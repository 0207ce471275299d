// What the replica costs: five lists that stream, a join with 2,000 blocks, and what a tab keeps
// of them. Prints one line per number; run it with `npx tsx bench/replica.ts`.
import { randomBytes } from 'node:crypto';
import { openAutomerge } from '../src/crdt/automerge-node.ts';
import { openBlockDocument, type BlockDocument } from '../src/crdt/block-document.ts';
import { deflateNode } from '../src/crdt/deflate-node.ts';
import { openAuthor } from '../src/crdt/document-author.ts';
import { openReplica, type Replica } from '../src/crdt/replica.ts';
import { identityOf, sessionIdOf } from '../src/crypto/identity.ts';
import { nodeSigner, nodeVerifier } from '../src/crypto/signer-node.ts';
import type { Row } from '../src/protocol/document.ts';
import { encodeMessage, type Frame } from '../src/protocol/message.ts';

/** Agents of the table in the design: five at 75 tokens of 4 to 20 characters a second. */
const STREAMS = 5;
const TOKENS_PER_SECOND = 75;
const STREAM_SECONDS = 60;
const BLOCKS = 2000;
const BLOCK_BYTES = 4096;

const WORDS =
  'the build failed because a module was not found; trying again with the path set to src'.split(
    ' ',
  );

function text(chars: number, seed: number): string {
  let out = '';
  for (let i = seed; out.length < chars; i = (i * 48271 + 11) % 2147483647) {
    out += `${WORDS[i % WORDS.length] ?? ''} `;
  }
  return out.slice(0, chars);
}

function rowsOf(chars: number, seed: number): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < chars; at += 80) {
    const runs = rows.length % 3 === 0 ? [{ length: 12, fg: 2, bg: -1, flags: 1 }] : [];
    rows.push({ text: text(Math.min(80, chars - at), seed + at), wrapped: false, runs });
  }
  return rows;
}

const alice = identityOf(new Uint8Array(randomBytes(32)));

function newAuthor() {
  return openAuthor({
    session: sessionIdOf(alice.publicBytes),
    epoch: 1,
    signer: nodeSigner(alice.seed),
    entropy: (count) => new Uint8Array(randomBytes(count)),
    deflate: deflateNode,
  });
}

function newReplica(): Replica {
  return openReplica({
    sessionPublic: alice.publicBytes,
    verify: nodeVerifier,
    inflate: deflateNode.inflate,
  });
}

function openBlock(author: ReturnType<typeof newAuthor>, number: number): Promise<BlockDocument> {
  return openBlockDocument(author, {
    number,
    author: alice.publicKey,
    command: `npm test -- --shard ${number}`,
    directory: '~/meshell',
    branch: 'main',
    startedAt: 1_700_000_000_000,
    firstRow: 0,
  });
}

function announce(replica: Replica, blocks: readonly BlockDocument[]): void {
  const entries = blocks.map(({ document }) => {
    const { id, kind, number } = document;
    return { id, kind, number, heads: document.heads(), bytes: document.bytes() };
  });
  replica.catalog(entries, []);
}

async function take(replica: Replica, frames: readonly Frame[]): Promise<void> {
  for (const received of await Promise.all(frames.map((frame) => replica.frame(frame)))) {
    if (!received.ok) throw new Error(received.fault);
  }
}

function wireBytes(frames: readonly Frame[]): number {
  return frames.reduce(
    (sum, frame) => sum + encodeMessage({ type: 'frames', frames: [frame] }).length,
    0,
  );
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(since);
  return (used.user + used.system) / 1000;
}

function say(what: string, value: string): void {
  console.log(`${what.padEnd(60)} ${value}`);
}

async function streaming(flushMs: number): Promise<void> {
  const author = newAuthor();
  const blocks = await Promise.all(Array.from({ length: STREAMS }, (_, i) => openBlock(author, i)));
  const replica = newReplica();
  announce(replica, blocks);
  for (const block of blocks) await take(replica, await block.document.since([]));

  const flushes = (STREAM_SECONDS * 1000) / flushMs;
  const chars = Math.round((TOKENS_PER_SECOND * 12 * flushMs) / 1000);
  let payload = 0;
  let wire = 0;
  const from = process.cpuUsage();
  for (let i = 0; i < flushes; i++) {
    for (const block of blocks) {
      const row = { text: text(chars, i + 1), wrapped: false, runs: [] };
      const frames = await block.appendRows([row]);
      payload += row.text.length;
      wire += wireBytes(frames);
      await take(replica, frames);
      replica.value(block.document.id);
    }
  }
  const percent = (cpuMs(from) / (STREAM_SECONDS * 1000)) * 100;
  say(
    `five lists streaming, ${flushMs} ms flushes, both ends`,
    `${percent.toFixed(1)} % of a core`,
  );
  say(`  wire bytes per byte (target 2.5)`, (wire / payload).toFixed(2));
}

async function joining(): Promise<void> {
  const author = newAuthor();
  const blocks: BlockDocument[] = [];
  for (let number = 0; number < BLOCKS; number++) {
    const block = await openBlock(author, number);
    for (let flush = 0; flush < 2; flush++)
      await block.appendRows(rowsOf(BLOCK_BYTES / 2, number * 7 + flush));
    await block.end({ exit: 0, endedAt: 1_700_000_001_000, state: 'done' });
    blocks.push(block);
  }
  const newest = blocks.toReversed();

  const makingFrom = process.cpuUsage();
  const snapshots: Frame[][] = [];
  for (const block of newest) snapshots.push(await block.document.snapshot());
  say(`sharer: ${BLOCKS} snapshots made and signed`, `${cpuMs(makingFrom).toFixed(0)} ms CPU`);
  say('  on the wire', `${(wireBytes(snapshots.flat()) / 1e6).toFixed(2)} MB`);

  const rssBefore = process.memoryUsage().rss;
  const replica = newReplica();
  const from = process.cpuUsage();
  announce(replica, newest);
  for (const frames of snapshots.slice(0, 50)) await take(replica, frames);
  for (const { document } of newest.slice(0, 50)) replica.value(document.id);
  say('viewer: the newest 50 blocks to be seen', `${cpuMs(from).toFixed(0)} ms CPU`);
  for (const frames of snapshots.slice(50)) await take(replica, frames);
  say(`viewer: all ${BLOCKS} blocks held`, `${cpuMs(from).toFixed(0)} ms CPU`);
  for (const { document } of newest) replica.value(document.id);
  say(`viewer: all ${BLOCKS} blocks read`, `${cpuMs(from).toFixed(0)} ms CPU`);
  const grown = (process.memoryUsage().rss - rssBefore) / 1e6;
  say('viewer: memory for them', `${grown.toFixed(0)} MB`);
  replica.close();

  const stored = snapshots;
  const nextLife = newAuthor();
  const restartFrom = process.cpuUsage();
  for (const frames of stored) {
    const loaded = await nextLife.load(frames);
    if (!loaded.ok) throw new Error(loaded.fault);
    loaded.value.document.close();
  }
  say(`sharer: ${BLOCKS} blocks loaded at a restart`, `${cpuMs(restartFrom).toFixed(0)} ms CPU`);
}

await openAutomerge();
for (const flushMs of [100, 250, 1000]) await streaming(flushMs);
await joining();
