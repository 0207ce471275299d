import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Write } from '../../../src/crdt/log-node.ts';
import { openFileStore } from '../../../src/crdt/store-files.ts';
import type { SessionStore } from '../../../src/crdt/store.ts';
import { DocumentId, idOf } from '../../../src/protocol/ids.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshell-torn-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function open(write?: Write): SessionStore {
  const store = openFileStore(folder, write);
  if (!store.ok) throw new Error(store.fault);
  return store.value;
}

const log = () => join(folder, 'state.log');

test('[ST2] killed at any byte of a write: what was whole is kept, and it goes on from there', () => {
  const whole = open();
  const ends = [0];
  for (const record of ['one', { two: new Uint8Array(30) }, ['three', 3]]) {
    whole.append(record);
    ends.push(statSync(log()).size);
  }
  whole.close();
  const bytes = readFileSync(log());

  for (let at = 0; at <= bytes.length; at++) {
    writeFileSync(log(), bytes.subarray(0, at));
    const store = open();
    const kept = store.state();
    const count = ends.filter((end) => end <= at).length - 1;
    expect(kept.records).toHaveLength(count);
    expect(kept.fault).toBe(ends.includes(at) ? null : 'store.corrupt');
    expect(store.append('after')).toEqual({ ok: true, value: null });
    store.close();
    const again = open();
    expect(again.state()).toMatchObject({ fault: null });
    expect(again.state().records.at(-1)).toBe('after');
    expect(again.state().records).toHaveLength(count + 1);
    again.close();
  }
});

test('[ST2] a byte that changed on the disk costs what came after it, and is told', () => {
  const store = open();
  for (let i = 0; i < 5; i++) store.append(`record ${i}`);
  store.close();
  const bytes = readFileSync(log());
  const size = bytes.length / 5;
  bytes[size * 3 + 10] = (bytes[size * 3 + 10] ?? 0) ^ 1;
  writeFileSync(log(), bytes);
  const again = open();
  expect(again.state()).toEqual({
    records: ['record 0', 'record 1', 'record 2'],
    fault: 'store.corrupt',
  });
  again.close();
});

test('[ST2] zeros that a power cut left at the end are no records', () => {
  const store = open();
  store.append('one');
  store.close();
  appendFileSync(log(), new Uint8Array(4096));
  const again = open();
  expect(again.state()).toEqual({ records: ['one'], fault: 'store.corrupt' });
  again.close();
});

test('[ST2] a torn document log keeps its frames, and harms no other', () => {
  const one = idOf(DocumentId, new Uint8Array(16).fill(1));
  const two = idOf(DocumentId, new Uint8Array(16).fill(2));
  const frame = { head: new Uint8Array(3), signature: new Uint8Array(64), body: new Uint8Array(9) };
  const store = open();
  store.appendFrames(one, [frame, frame]);
  store.appendFrames(two, [frame]);
  store.close();
  appendFileSync(join(folder, 'documents', `${one}.log`), new Uint8Array(20).fill(1));
  const again = open();
  expect(again.frames(one)).toEqual({ records: [frame, frame], fault: 'store.corrupt' });
  expect(again.frames(two)).toEqual({ records: [frame], fault: null });
  again.close();
});

test('[ST3] the disk fills up in the middle of a write: told, cut off, and good again with room', () => {
  let room = Infinity;
  const store = open((file, bytes) => {
    if (room <= 0) throw new Error('ENOSPC');
    const written = writeSync(file, bytes.subarray(0, Math.min(room, bytes.length)));
    room -= written;
    return written;
  });
  store.append('before');
  const size = statSync(log()).size;
  room = 7;
  expect(store.append('does not fit')).toEqual({ ok: false, fault: 'store.full' });
  expect(statSync(log()).size).toBe(size);
  expect(store.rewrite(['does not fit either'])).toEqual({ ok: false, fault: 'store.full' });
  expect(store.keepIdentity({ seed: 1 })).toEqual({ ok: false, fault: 'store.full' });
  room = Infinity;
  expect(store.append('after')).toEqual({ ok: true, value: null });
  store.close();
  const again = open();
  expect(again.state()).toEqual({ records: ['before', 'after'], fault: null });
  again.close();
});

test('[ST4] a rewrite that a kill left half done is as if it never began', () => {
  const store = open();
  store.append('kept');
  store.close();
  writeFileSync(`${log()}.new`, 'half of someth');
  const again = open();
  expect(again.state()).toEqual({ records: ['kept'], fault: null });
  expect(() => statSync(`${log()}.new`)).toThrow('ENOENT');
  again.close();
});

test('[ST4] while a log is rewritten, the old one is there, whole, until the new one is', async () => {
  const id = idOf(DocumentId, new Uint8Array(16));
  const frame = { head: new Uint8Array(3), signature: new Uint8Array(64), body: new Uint8Array(9) };
  const path = join(folder, 'documents', `${id}.log`);
  const seen: boolean[] = [];
  let old: { readonly path: string; readonly bytes: Buffer } | null = null;
  const store = open((file, bytes) => {
    // What a kill at this moment would leave behind.
    if (old !== null) seen.push(readFileSync(old.path).equals(old.bytes));
    return writeSync(file, bytes.subarray(0, 5));
  });
  const keep = (at: string): void => {
    old = { path: at, bytes: readFileSync(at) };
  };
  store.append('of before');
  store.appendFrames(id, [frame]);
  keep(log());
  expect(store.rewrite(['something else', 'and more'])).toEqual({ ok: true, value: null });
  keep(path);
  expect(await store.rewriteFrames(id, [frame, frame])).toEqual({ ok: true, value: null });
  expect(seen.length).toBeGreaterThan(10);
  expect(seen).not.toContain(false);
  old = null;
  store.close();
});

test('[ST5] nobody else may read any of it', () => {
  mkdirSync(join(folder, 'documents'), { mode: 0o755 });
  const store = open();
  store.keepIdentity({ seed: 1 });
  store.append('x');
  store.rewrite(['y']);
  store.appendFrames(idOf(DocumentId, new Uint8Array(16)), []);
  const mode = (name: string) => statSync(join(folder, name)).mode & 0o777;
  expect(mode('')).toBe(0o700);
  expect(mode('documents')).toBe(0o700);
  expect(mode('session.cbor')).toBe(0o600);
  expect(mode('state.log')).toBe(0o600);
  expect(mode(`documents/${store.documents()[0] ?? ''}.log`)).toBe(0o600);
  store.close();
});

test('[ST5] a folder that cannot be made is a fault, not a crash', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(openFileStore(join(folder, 'file', 'session'))).toEqual({
    ok: false,
    fault: 'store.full',
  });
});

test('[ST1] secrets that were damaged are told, and not taken for none', () => {
  const store = open();
  writeFileSync(join(folder, 'session.cbor'), new Uint8Array([0xff, 0x00]));
  expect(store.identity()).toEqual({ ok: false, fault: 'store.corrupt' });
  store.close();
});
