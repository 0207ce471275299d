// Bob follows Alice from the terminal to a conversation and back; her page says where she looks.
import { expect, test } from 'vitest';
import { lasting, PRESETS } from '../../../src/protocol/capability.ts';
import type { ThreadId } from '../../../src/protocol/ids.ts';
import { KEPT } from '../../../src/ui/model/entry.ts';
import { LOOKS_EVERY_MS } from '../../../src/ui/model/look-teller.ts';
import type { Shelf } from '../../../src/ui/model/ports.ts';
import { sessionModel } from '../../../src/ui/model/session-model.ts';
import { fakeClock } from '../../fake-clock.ts';
import { sessionOf } from '../../ui-fixtures/people.ts';
import { guestOf, pretendedViewer, stateOf } from '../../ui-fixtures/pretended-viewer.ts';
import { AGENTS, segmentOf, threadOf } from '../../ui-fixtures/threads.ts';

const [A, B] = [threadOf('a'), threadOf('b')];
const SEGMENTS = [segmentOf('a', 2), segmentOf('b', 3)];

function shelf(): Shelf & { readonly all: Map<string, string> } {
  const all = new Map<string, string>();
  return {
    all,
    get: (key) => all.get(key) ?? null,
    set: (key, value) => all.set(key, value).size > 0,
    remove: (key) => void all.delete(key),
  };
}

function documentAt(looksAt?: ThreadId | null) {
  const { document } = stateOf({});
  if (document === null) throw new Error('a fixture has its document');
  return { ...document, agents: AGENTS, ...(looksAt === undefined ? {} : { looksAt }) };
}

function bob(looksAt: ThreadId | null | undefined, tab = shelf()) {
  const { grant } = guestOf();
  if (grant === null) throw new Error('a guest has a grant');
  const viewer = pretendedViewer(
    guestOf({
      segments: SEGMENTS,
      document: documentAt(looksAt),
      grant: { ...grant, capabilities: lasting(PRESETS.editor, null) },
    }),
    '',
  );
  const session = sessionModel(viewer, fakeClock(), tab);
  const { conversations } = session;
  return {
    viewer,
    session,
    conversations,
    tab,
    follow: conversations.following.toggle,
    follows: () => conversations.following.follow.value,
    alice: (thread?: ThreadId | null) => viewer.set({ document: documentAt(thread) }),
    at: () => conversations.looked.value?.id ?? null,
    said: () => session.notices.value.map((one) => one.text),
  };
}

test('[TR17] Bob goes along with Alice while he follows her, and not before', () => {
  const { follow, follows, alice, at, conversations } = bob(null);
  expect(follows()).toEqual({ whom: 'Alice Moreau', isOn: false });
  alice(A);
  expect(at()).toBeNull();
  follow();
  expect(follows()?.isOn).toBe(true);
  expect([at(), conversations.spoken.value?.id]).toEqual([A, A]);
  alice(B);
  expect([at(), conversations.spoken.value?.id]).toEqual([B, B]);
  alice(null);
  expect([at(), conversations.target.value.to]).toEqual([null, 'shell']);
  follow();
  alice(A);
  expect(at()).toBeNull();
});

test('[TR17] choosing by hand ends it, and Bob is told so; what is no choice of place does not', () => {
  const { follow, follows, alice, at, conversations, said } = bob(A);
  follow();
  conversations.aim({ to: 'shell' });
  conversations.toggle();
  expect([follows()?.isOn, said()]).toEqual([true, []]);
  conversations.look(B);
  expect([follows()?.isOn, said()]).toEqual([false, ['You no longer follow Alice Moreau.']]);
  alice(null);
  expect(at()).toBe(B);
  conversations.look(null);
  expect(said()).toHaveLength(1);
});

test('[TR17] Bob stays at the terminal while Alice looks at what he may not have, until some of it is his', () => {
  const { follow, alice, at, viewer, session, conversations } = bob(A);
  follow();
  const hidden = threadOf('c');
  alice(hidden);
  expect([at(), conversations.target.value.to]).toEqual([null, 'shell']);
  session.input.set('ls');
  viewer.set({ segments: [...SEGMENTS, segmentOf('c', 4)] });
  expect([at(), conversations.target.value.to]).toEqual([hidden, 'shell']);
});

test('[TR17] what Bob has begun to write goes where he meant it to, wherever he is led', () => {
  const { follow, alice, at, session, conversations } = bob(A);
  follow();
  session.input.set('delete the old tables');
  alice(null);
  expect([at(), conversations.spoken.value?.id]).toEqual([null, A]);
  conversations.toggle();
  expect(conversations.target.value.to).toBe('shell');
  alice(B);
  expect([at(), conversations.target.value.to]).toEqual([B, 'shell']);
  session.input.set('');
  conversations.aim({ to: 'new', agent: 'opencode' });
  alice(A);
  expect([at(), conversations.target.value.to]).toEqual([A, 'new']);
  expect(conversations.following.follow.value?.isOn).toBe(true);
});

test('[TR17] without a page of Alice’s there is nobody to follow; who follows stays where he is', () => {
  const { follow, follows, alice, at } = bob(undefined);
  expect(follows()).toBeNull();
  alice(A);
  follow();
  alice();
  expect([at(), follows()?.isOn]).toEqual([A, true]);
  alice(B);
  expect(at()).toBe(B);
});

test('[TR17] a tab remembers whom it follows over a reload, for that session only', () => {
  const first = bob(A);
  first.follow();
  first.session.close();
  const again = bob(A, first.tab);
  expect([again.at(), again.follows()?.isOn]).toEqual([A, true]);
  again.viewer.set({ session: sessionOf('t') });
  expect(again.follows()?.isOn).toBe(false);
  again.viewer.set({ session: sessionOf('s') });
  again.follow();
  expect(again.tab.all.has(KEPT.follows)).toBe(false);
});

test('[TR17] Alice’s page says where it looks at once, then not too often, the last for sure', async () => {
  const clock = fakeClock();
  const viewer = pretendedViewer(stateOf({ segments: SEGMENTS, document: documentAt(null) }), '');
  const { conversations, close } = sessionModel(viewer, clock);
  expect(conversations.following.follow.value).toBeNull();
  expect(viewer.looks).toEqual([null]);
  conversations.look(A);
  conversations.look(null);
  conversations.look(B);
  expect(viewer.looks).toEqual([null]);
  await clock.pass(LOOKS_EVERY_MS);
  expect(viewer.looks).toEqual([null, B]);
  await clock.pass(LOOKS_EVERY_MS);
  conversations.look(A);
  expect(viewer.looks).toEqual([null, B, A]);
  await clock.pass(LOOKS_EVERY_MS);
  viewer.set({ connection: { phase: 'away', fault: 'link.silent', attempt: 1 } });
  viewer.set({ connection: { phase: 'live', path: 'websocket', rttMs: null } });
  expect(viewer.looks).toEqual([null, B, A, A]);
  close();
  conversations.look(null);
  await clock.pass(LOOKS_EVERY_MS);
  expect(viewer.looks).toHaveLength(4);
});

test('[TR17] a guest’s page says nothing of where it looks', () => {
  const { viewer, conversations } = bob(null);
  conversations.look(A);
  expect(viewer.looks).toEqual([]);
});
