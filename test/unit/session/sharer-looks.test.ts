// Where Alice's own pages look, as her process knows it for those who follow.
import { expect, test } from 'vitest';
import { idOf, ThreadId } from '../../../src/protocol/ids.ts';
import { looksAt } from '../../../src/session/sharer-looks.ts';
import type { SharerEffect } from '../../../src/session/sharer-state.ts';
import { BOB, keyOf, openStage, told } from './stage.ts';

const PAGE = keyOf(9);
const A = idOf(ThreadId, new Uint8Array(8).fill(1));
const B = idOf(ThreadId, new Uint8Array(8).fill(2));

const tells = (effects: readonly SharerEffect[]): boolean => effects.some((e) => e.do === 'roster');

function alice() {
  const stage = openStage();
  stage.ownPage(PAGE, 1);
  const look = (thread: ThreadId | null, link = 1) =>
    stage.act(PAGE, link, { type: 'view.look', thread });
  return { stage, look, at: () => looksAt(stage.state()) };
}

test('[TR17] what Alice’s page looks at is told as it changes, and nothing is kept of it', () => {
  const { look, at } = alice();
  expect(at()).toBeUndefined();
  expect(tells(look(null))).toBe(true);
  expect(at()).toBeNull();
  const effects = look(A);
  expect(at()).toBe(A);
  expect(tells(effects)).toBe(true);
  expect(told(effects, 1)).toEqual({ ok: true });
  const kept = effects.flatMap((e) => (e.do === 'persist' ? [e.record.type] : []));
  expect(kept).toEqual(['action']);
  expect(tells(look(A))).toBe(false);
});

test('[TR17] of two pages the one that spoke last counts, and with its last link its look is gone', () => {
  const { stage, look, at } = alice();
  stage.ownPage(PAGE, 2);
  look(A, 1);
  look(B, 2);
  expect(at()).toBe(B);
  look(A, 1);
  expect(at()).toBe(A);
  expect(tells(stage.feed({ on: 'lost', link: 1 }))).toBe(true);
  expect(at()).toBe(B);
  stage.feed({ on: 'lost', link: 2 });
  expect(at()).toBeUndefined();
});

test('[TR17] a page whose link gives way to a newer one still looks where it looked', () => {
  const { stage, look, at } = alice();
  look(A);
  stage.feed({ on: 'linked', link: 2, by: { door: 'app' }, viewer: PAGE, words: '', at: 0 });
  const [device] = [...stage.state().looks.keys()];
  if (device === undefined) throw new Error('a page has spoken');
  stage.say(2, { type: 'back', device, have: [] });
  stage.feed({ on: 'lost', link: 1 });
  expect(at()).toBe(A);
});

test('[TR17] nobody else says where Alice looks, nor does her process', () => {
  const { stage, look, at } = alice();
  stage.bring(BOB, 11, ['view', 'manage', 'prompt']);
  look(A);
  const effects = stage.act(BOB, 11, { type: 'view.look', thread: B });
  expect(told(effects, 11)).toEqual({ ok: false, fault: 'action.notAllowed' });
  const action = { type: 'view.look' as const, thread: B };
  const [answer] = stage.feed({ on: 'order', order: 5, action, at: stage.now() });
  expect(answer).toMatchObject({ do: 'answer', outcome: { ok: false } });
  expect(at()).toBe(A);
});
