import { expect, test } from 'vitest';
import { openAlarm } from '../../../src/cli/alarm.ts';
import { closedMenu, joinMenu, menuLines, type Menu } from '../../../src/cli/join-menu.ts';
import {
  closedPanel,
  panelLines,
  READ_MS,
  sharePanel,
  type Doorstep,
  type Panel,
  type PanelEffect,
} from '../../../src/cli/share-panel.ts';
import { PRESETS } from '../../../src/protocol/capability.ts';
import type { ViewerState } from '../../../src/session/viewer-state.ts';
import { questionsOf } from '../../../src/cli/thread-words.ts';
import { threadsOf } from '../../../src/session/threads.ts';
import { PERMISSION, segment, THREAD, TURN } from './threads-stage.ts';
import { doorstep, knock, request, viewerState } from './stage.ts';

/** Alice's panel, with a clock she waits on. */
function panelOf(door: Doorstep) {
  let panel: Panel = closedPanel;
  let at = 0;
  let now = door;
  const effects: PanelEffect[] = [];
  const feed = (input: Parameters<typeof sharePanel>[1]): void => {
    const [next, asked] = sharePanel(panel, input, now);
    panel = next;
    effects.push(...asked);
  };
  return {
    wait: (ms: number) => void (at += ms),
    press: (key: string) => feed({ on: 'key', key, at }),
    become(next: Doorstep) {
      now = next;
      feed({ on: 'look', at });
    },
    effects,
    lines: (cols = 100) => panelLines(panel, now, cols).map((line) => line.trim()),
    phase: () => panel.phase,
  };
}

test('[CL14] a key answers what Alice has had time to read, and nothing else', () => {
  const alice = panelOf(doorstep([knock(2, 'Bob')]));
  alice.press('\u001d');
  alice.press('a');
  expect(alice.effects).toEqual([]);
  alice.wait(READ_MS);
  // In this moment Bob gives up, and Mallory stands there instead.
  alice.become(doorstep([knock(9, 'Mallory')]));
  alice.press('a');
  expect(alice.effects).toEqual([]);
  alice.wait(READ_MS);
  alice.press('d');
  expect(alice.effects).toEqual([
    { do: 'order', action: { type: 'knock.deny', knock: knock(9, 'Mallory').id } },
  ]);
});

test('[CL20] several who wait are asked about in turn, knocks before requests', () => {
  const door = doorstep([knock(2, 'Bob'), knock(3, 'Carol')], [request(4, 'Dave')]);
  const alice = panelOf(door);
  alice.press('\u001d');
  expect(alice.lines()[0]).toMatch(/^Bob knocks \(\+2\): off trade option achieve · a let in/);
  alice.wait(READ_MS);
  alice.press('e');
  expect(alice.effects).toMatchObject([
    { action: { type: 'knock.admit', knock: knock(2, 'Bob').id, capabilities: { type: null } } },
  ]);
  alice.become(doorstep([], [request(4, 'Dave')]));
  expect(alice.lines()[0]).toMatch(/^Dave asks to edit · y give your shell, with all your files/);
  alice.wait(READ_MS);
  alice.press('n');
  expect(alice.effects[1]).toMatchObject({ action: { type: 'request.deny' } });
});

test('[CL1] a name that would turn the line round, or write into it, cannot', () => {
  const alice = panelOf(doorstep([knock(2, '\u202eBob\u001b]0;x\u0007\r\n')]));
  alice.press('\u001d');
  expect(alice.lines().join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
});

test('[CL29] ending is asked once more, and a paste does not answer', () => {
  const alice = panelOf(doorstep([]));
  alice.press('\u001d');
  alice.press('x');
  alice.press('y');
  expect(alice.effects).toEqual([]);
  alice.press('x');
  alice.wait(READ_MS);
  alice.press('y');
  expect(alice.effects).toEqual([{ do: 'order', action: { type: 'share.end' } }]);
  alice.press('\u001d');
  expect(alice.phase()).toBe('closed');
});

test('[CL15] who is let in unasked stands in the panel as long as it holds', () => {
  const alice = panelOf({ ...doorstep([]), autoAdmit: ['view', 'run'] });
  alice.press('\u001d');
  expect(alice.lines()[0]).toBe(
    'Nobody waits. Whoever has an invite is let in unasked, with: view, run.',
  );
});

test('[CL20] the bell rings once for each who waits; the title goes back when all are answered', () => {
  let written = '';
  const alarm = openAlarm(
    (text) => (written += text),
    () => 'vim',
  );
  const hears = (door: Doorstep, isSeen = false): string => {
    written = '';
    alarm.show(door, isSeen);
    return written;
  };
  const bob = doorstep([knock(2, 'Bob')]);
  expect(hears(bob)).toBe('\u0007\u001b[22;0t\u001b]2;Bob knocks: Ctrl-]\u0007');
  expect(hears(bob)).toBe('');
  expect(hears(doorstep([knock(2, 'Bob'), knock(3, 'Carol')]))).toBe('\u0007');
  expect(hears(doorstep([knock(3, 'Carol')]))).toBe('\u001b]2;Carol knocks: Ctrl-]\u0007');
  expect(hears(doorstep([]))).toBe('\u001b[23;0t\u001b]2;vim\u0007');
  expect(hears(doorstep([knock(4, 'Dave')]), true)).not.toMatch(/^\u0007/);
});

test('[TV8] what an agent asks for comes after those who wait, and Alice answers it by its number', () => {
  const questions = questionsOf(threadsOf([segment([...TURN, PERMISSION])]));
  const alice = panelOf({ ...doorstep([knock(2, 'Bob')]), questions });
  alice.press('\u001d');
  expect(alice.lines()[0]).toMatch(/^Bob knocks/);
  alice.become({ ...doorstep([]), questions });
  expect(alice.lines()[0]).toBe(
    'Demo agent (no model) asks: Run: rm -r build · 1 Allow once · 2 Always allow · 3 Reject',
  );
  alice.press('1');
  expect(alice.effects).toEqual([]);
  alice.wait(READ_MS);
  alice.press('4');
  alice.press('2');
  expect(alice.effects).toEqual([
    {
      do: 'order',
      action: { type: 'permission.answer', thread: THREAD, part: 5, option: 'ever' },
    },
  ]);
  alice.press('t');
  expect(alice.effects[1]).toEqual({ do: 'threads' });
  let written = '';
  const alarm = openAlarm(
    (text) => (written += text),
    () => '',
  );
  alarm.show({ ...doorstep([]), questions }, false);
  expect(written).toContain('\u0007\u001b[22;0t\u001b]2;Demo agent (no model) asks: Ctrl-]');
});

/** Bob's menu: what it asks for. */
function choose(viewer: ViewerState, ...keys: readonly string[]) {
  let menu: Menu = closedMenu;
  const effects = ['\u001d', ...keys].flatMap((key) => {
    const [next, asked] = joinMenu(menu, key, viewer);
    menu = next;
    return asked;
  });
  return { menu, effects };
}

test('[CL22] r asks for edit access, and takes it back', () => {
  const watching = viewerState(PRESETS.viewer);
  expect(choose(watching, 'r').effects).toMatchObject([
    { do: 'act', action: { type: 'access.request', capabilities: PRESETS.editor } },
    { do: 'say' },
  ]);
  const asked = choose({ ...watching, request: 'open' }, 'r').effects;
  expect(asked).toEqual([{ do: 'act', action: { type: 'access.withdraw' } }]);
  expect(choose(viewerState(PRESETS.editor), 'r').effects).toEqual([
    { do: 'say', text: 'You have edit access.' },
  ]);
});

test('[CL23] c reads one line and runs exactly that; without the right it says how to get it', () => {
  const typed = ['c', 'l', 'z', '\u007f', 's', ' ', 'ö', '\r'];
  expect(choose(viewerState(PRESETS.editor), ...typed).effects).toEqual([
    { do: 'act', action: { type: 'command.run', text: 'ls ö' } },
  ]);
  expect(choose(viewerState(PRESETS.editor), 'c', 'x', 'escape').effects).toEqual([]);
  expect(choose(viewerState(PRESETS.viewer), 'c').effects).toMatchObject([
    { do: 'say', text: expect.stringMatching(/may not run commands/) },
  ]);
});

test('[CL23] p names those who are here, l leaves, anything else goes back', () => {
  const bob = viewerState(PRESETS.viewer);
  expect(menuLines(choose(bob, 'p').menu, bob, false)[0]).toBe(
    ' Here: Alice (shares), Bob (you) · Not here: Carol',
  );
  expect(choose(bob, 'l').effects).toEqual([{ do: 'leave' }]);
  expect(choose(bob, 'z')).toEqual({ menu: closedMenu, effects: [] });
});

test('[TV9] f follows the sharer, and says which way it turns', () => {
  const bob = viewerState(PRESETS.viewer);
  expect(choose(bob, 'f')).toEqual({ menu: closedMenu, effects: [{ do: 'follow' }] });
  const lines = (follows: boolean) => menuLines(choose(bob).menu, bob, follows).join('\n');
  expect(lines(false)).toContain(' f follow the sharer ·');
  expect(lines(true)).toContain(' f stop following ·');
  for (const line of lines(false).split('\n')) expect(line.length).toBeLessThan(80);
});
