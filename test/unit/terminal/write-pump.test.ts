import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { QUEUED_BYTES_MAX, openWritePump } from '../../../src/terminal/write-pump.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A program that takes `room` bytes, then none until it is given more. */
function program() {
  let room = 0;
  let gone = false;
  let tries = 0;
  const read: number[] = [];
  return {
    read,
    tries: () => tries,
    give: (bytes: number) => void (room += bytes),
    go: () => void (gone = true),
    write: (bytes: Uint8Array): number => {
      tries += 1;
      if (gone) throw Object.assign(new Error('gone'), { code: 'EIO' });
      if (room === 0) throw Object.assign(new Error('full'), { code: 'EAGAIN' });
      const count = Math.min(room, bytes.length);
      room -= count;
      read.push(...bytes.subarray(0, count));
      return count;
    },
  };
}

test('[PT1] what a program does not take waits, in order, and is tried ever more rarely', () => {
  const vim = program();
  const pump = openWritePump(vim.write);
  vim.give(2);
  pump.write(Uint8Array.of(1, 2, 3));
  pump.write(Uint8Array.of(4));
  expect(vim.read).toEqual([1, 2]);
  vi.advanceTimersByTime(1000);
  expect(vim.tries()).toBeLessThan(30);
  vim.give(10);
  vi.advanceTimersByTime(50);
  expect(vim.read).toEqual([1, 2, 3, 4]);
  expect(vi.getTimerCount()).toBe(0);
});

test('[PT2] past the limit a write is refused and nothing of it is kept', () => {
  const pump = openWritePump(program().write);
  expect(pump.write(new Uint8Array(QUEUED_BYTES_MAX)).ok).toBe(true);
  expect(pump.write(Uint8Array.of(1))).toEqual({ ok: false, fault: 'action.tooMany' });
});

test('[PT3] a control key drops what waits and goes in next', () => {
  const vim = program();
  const pump = openWritePump(vim.write);
  pump.write(new Uint8Array(100_000).fill(9));
  pump.writeControl(Uint8Array.of(3));
  expect(pump.waiting()).toBe(true);
  vim.give(10);
  vi.advanceTimersByTime(50);
  expect(vim.read).toEqual([3]);
});

test('[PT1] the sender may use its bytes again at once', () => {
  const vim = program();
  const pump = openWritePump(vim.write);
  const bytes = Uint8Array.of(1);
  pump.write(bytes);
  bytes[0] = 2;
  vim.give(1);
  vi.advanceTimersByTime(50);
  expect(vim.read).toEqual([1]);
});

test('[PT5] after the program’s end nothing is written, for the number may be another file’s', () => {
  const vim = program();
  const pump = openWritePump(vim.write);
  pump.write(Uint8Array.of(1));
  pump.close();
  vim.give(10);
  vi.advanceTimersByTime(1000);
  pump.write(Uint8Array.of(2));
  pump.writeControl(Uint8Array.of(3));
  expect(vim.read).toEqual([]);
  const other = program();
  const dying = openWritePump(other.write);
  other.go();
  dying.write(Uint8Array.of(1));
  expect(dying.closed()).toBe(true);
});

test('[PT3] while what the kernel held is thrown away only control keys go in; then the rest, in order', () => {
  const vim = program();
  const pump = openWritePump(vim.write);
  vim.give(100);
  pump.hold();
  pump.writeControl(Uint8Array.of(3));
  pump.write(Uint8Array.of(1, 2));
  expect(vim.read).toEqual([3]);
  pump.writeControl(Uint8Array.of(26));
  pump.write(Uint8Array.of(4, 5));
  expect(vim.read).toEqual([3, 26]);
  pump.release();
  expect(vim.read).toEqual([3, 26, 4, 5]);
});

test('[PT3] a control key that has to wait for room is written before what is held', () => {
  const vim = program();
  const pump = openWritePump(vim.write);
  pump.hold();
  pump.writeControl(Uint8Array.of(3));
  pump.write(Uint8Array.of(1));
  vim.give(100);
  vi.advanceTimersByTime(100);
  expect(vim.read).toEqual([3]);
  pump.release();
  expect(vim.read).toEqual([3, 1]);
});
