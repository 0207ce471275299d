import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import * as v from 'valibot';
import { FRAME_MS, openFramePace } from '../../../src/cli/frame-pace.ts';
import { GIVE_UP_MS, giveUpUnreached } from '../../../src/cli/give-up.ts';
import { openJoinedScreen } from '../../../src/cli/joined-screen.ts';
import { readJsonLines } from '../../../src/cli/json-lines.ts';
import { HELD_BYTES_MAX, openOutputGate } from '../../../src/cli/output-gate.ts';
import { afterProgram, restoredScreen } from '../../../src/cli/restored-screen.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import type { Connection, Viewer, ViewerState } from '../../../src/session/viewer-state.ts';
import { openEmulator } from '../../../src/terminal/emulator.ts';
import { openHandClock, viewerState } from './stage.ts';

test('[CL5] the first frame after silence is painted at once, later ones at most every 8 ms', () => {
  const clock = openHandClock();
  const frames: number[] = [];
  const pace = openFramePace(clock, () => frames.push(clock.monotonic()));
  pace.due();
  for (let ms = 0; ms < 20; ms++) {
    pace.due();
    clock.pass(1);
  }
  clock.pass(100);
  pace.due();
  expect(frames).toEqual([0, FRAME_MS, 2 * FRAME_MS, 3 * FRAME_MS, 120]);
  pace.due();
  pace.close();
  clock.pass(100);
  expect(frames).toHaveLength(5);
});

test('[CL16] what a program says behind the panel is passed on afterwards, or drawn anew', () => {
  let written = '';
  const gate = openOutputGate((bytes) => (written += new TextDecoder().decode(bytes)));
  gate.push(utf8('prompt '));
  expect(written).toBe('');
  expect(gate.open()).toBe(true);
  gate.push(utf8('ls\r\n'));
  gate.hold();
  gate.push(utf8('late'));
  expect(written).toBe('prompt ls\r\n');
  expect(gate.open()).toBe(true);
  expect(written).toBe('prompt ls\r\nlate');
  gate.hold();
  gate.push(new Uint8Array(HELD_BYTES_MAX + 1));
  gate.push(utf8('more'));
  expect(gate.open()).toBe(false);
  gate.push(utf8('!'));
  expect(written).toBe('prompt ls\r\nlate!');
});

test('[CL16] a screen drawn anew is the program’s, cell by cell, and throws nothing away', () => {
  const program = openEmulator({ cols: 20, rows: 5, answers: true });
  const window = openEmulator({ cols: 20, rows: 5, answers: false });
  program.write(utf8('$ vim\r\n\u001b[?1049h\u001b[2;4r\u001b[31mred\u001b[m 李\u001b[?1h'));
  window.write(utf8('something else'));
  const bytes = restoredScreen(program);
  expect(new TextDecoder().decode(bytes)).not.toContain('\u001bc');
  window.write(bytes);
  expect(window.screen({ visibleFrom: 0, alternateVisible: true })).toEqual(
    program.screen({ visibleFrom: 0, alternateVisible: true }),
  );
  window.write(afterProgram(program));
  expect(window.alternate()).toBe(false);
  expect(window.modes().applicationCursor).toBe(false);
});

test('[CL2] a sharer’s screen with a count that would hang an emulator hangs nobody', async () => {
  const screen = openJoinedScreen();
  await screen.sink.screen(20, 3, utf8('\u001bcone\u001b[2147483647Ltwo'));
  await screen.sink.bytes(utf8('\u001b[3;1Hthree\u001b[2147483647P'));
  expect(screen.text().join(' ')).toContain('three');
});

/** A viewer that is wherever the story has it. */
function viewerThat(): { viewer: Viewer; become: (connection: Connection) => void } {
  let state: ViewerState = viewerState([], { connection: { phase: 'reaching', attempt: 1 } });
  const watchers = new Set<(state: ViewerState) => void>();
  const none = (): undefined => undefined;
  return {
    viewer: {
      state: () => state,
      watch(changed) {
        watchers.add(changed);
        return () => watchers.delete(changed);
      },
      attach: none,
      knock: none,
      act: () => Promise.resolve({ ok: true }),
      want: none,
      whole: () => Promise.resolve(null),
      retry: none,
      leave: none,
    },
    become(connection) {
      state = { ...state, connection };
      for (const changed of watchers) changed(state);
    },
  };
}

test('[CL13] one who never got there is told after twenty seconds; one who did goes on trying', () => {
  const told: string[] = [];
  const story = (name: string, ...steps: readonly Connection[]) => {
    const clock = openHandClock();
    const { viewer, become } = viewerThat();
    giveUpUnreached(viewer, clock, () => told.push(name));
    for (const step of steps) become(step);
    clock.pass(GIVE_UP_MS);
    return clock;
  };
  story('nobody there');
  const slow = story('just connecting', { phase: 'connecting', attempt: 1 });
  story('in', { phase: 'knocking', words: '', sharer: '' });
  expect(told).toEqual(['nobody there']);
  slow.pass(GIVE_UP_MS);
  expect(told).toEqual(['nobody there', 'just connecting']);
});

test('[CL25] lines that are no orders are named, and the next one is obeyed', async () => {
  const input = new PassThrough();
  const heard: unknown[] = [];
  const Order = v.object({ do: v.literal('end') });
  const done = new Promise<void>((resolve) => {
    readJsonLines(
      input,
      Order,
      (order) => {
        heard.push(order);
        resolve();
      },
      (why) => heard.push(why),
    );
  });
  input.write('nonsense\n\n{"do":"dance"}\n{"do":"end"}\n');
  await done;
  expect(heard).toEqual(['not an object of this protocol', 'do', { do: 'end' }]);
});
