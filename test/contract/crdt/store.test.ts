import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openFileStore } from '../../../src/crdt/store-files.ts';
import { emptyCells, openMemoryStore } from '../../../src/crdt/store-memory.ts';
import type { SessionStore } from '../../../src/crdt/store.ts';
import { DocumentId, idOf } from '../../../src/protocol/ids.ts';
import type { Frame } from '../../../src/protocol/message.ts';

/** Opens the same place again each time. */
type Place = () => SessionStore;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const IMPLEMENTATIONS: Record<string, () => Place> = {
  files() {
    const folder = mkdtempSync(join(tmpdir(), 'meshell-store-'));
    folders.push(folder);
    return () => {
      const store = openFileStore(join(folder, 'session'));
      if (!store.ok) throw new Error(store.fault);
      return store.value;
    };
  },
  memory() {
    const cells = emptyCells();
    return () => openMemoryStore(cells);
  },
};

function id(number: number): DocumentId {
  return idOf(DocumentId, new Uint8Array(16).fill(number));
}

function frame(number: number): Frame {
  return {
    head: new Uint8Array([number]),
    signature: new Uint8Array(64).fill(number),
    body: new Uint8Array(1000).fill(number),
  };
}

describe.each(Object.entries(IMPLEMENTATIONS))('a session kept in %s', (_, begin) => {
  test('[ST1] is empty at first', () => {
    const store = begin()();
    expect(store.identity()).toEqual({ ok: true, value: null });
    expect(store.state()).toEqual({ records: [], fault: null });
    expect(store.documents()).toEqual([]);
    expect(store.frames(id(1))).toEqual({ records: [], fault: null });
    expect(store.documents()).toEqual([]);
  });

  test('[ST1] holds what Alice’s process appended, in order, when it starts again', () => {
    const place = begin();
    const store = place();
    store.keepIdentity({ version: 1, seed: new Uint8Array(32).fill(7) });
    store.append({ grant: 1 });
    store.append(['invite', new Uint8Array([1, 2])]);
    store.appendFrames(id(1), [frame(1), frame(2)]);
    store.appendFrames(id(2), [frame(3)]);
    store.appendFrames(id(1), [frame(4)]);
    expect(store.state().records).toHaveLength(2);
    store.close();

    const again = place();
    expect(again.identity()).toEqual({
      ok: true,
      value: { version: 1, seed: new Uint8Array(32).fill(7) },
    });
    expect(again.state()).toEqual({
      records: [{ grant: 1 }, ['invite', new Uint8Array([1, 2])]],
      fault: null,
    });
    expect(new Set(again.documents())).toEqual(new Set([id(1), id(2)]));
    expect(again.frames(id(1))).toEqual({ records: [frame(1), frame(2), frame(4)], fault: null });
    again.close();
  });

  test('[ST4] rewriting replaces all before it, and appending goes on after it', async () => {
    const place = begin();
    const store = place();
    for (let i = 0; i < 10; i++) store.append(i);
    store.appendFrames(id(1), [frame(1), frame(2)]);
    expect(store.rewrite(['now'])).toEqual({ ok: true, value: null });
    expect(await store.rewriteFrames(id(1), [frame(9)])).toEqual({ ok: true, value: null });
    store.append('later');
    store.appendFrames(id(1), [frame(10)]);
    store.close();

    const again = place();
    expect(again.state().records).toEqual(['now', 'later']);
    expect(again.frames(id(1)).records).toEqual([frame(9), frame(10)]);
    again.close();
  });

  test('[ST1] a forgotten document is gone, and can begin anew', () => {
    const place = begin();
    const store = place();
    store.appendFrames(id(1), [frame(1)]);
    expect(store.forget(id(1))).toEqual({ ok: true, value: null });
    expect(store.documents()).toEqual([]);
    store.appendFrames(id(1), [frame(2)]);
    expect(store.frames(id(1)).records).toEqual([frame(2)]);
    store.close();
  });

  test('[ST1] many documents are kept at once', () => {
    const place = begin();
    const store = place();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 40; i++) store.appendFrames(id(i), [frame(round)]);
    }
    store.close();
    const again = place();
    expect(again.documents()).toHaveLength(40);
    for (let i = 0; i < 40; i++) {
      expect(again.frames(id(i)).records).toEqual([frame(0), frame(1), frame(2)]);
    }
    again.close();
  });
});
