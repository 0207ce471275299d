import { expect, test } from 'vitest';
import type { SessionCard } from '../../../src/protocol/app.ts';
import { activeAfter, appModel } from '../../../src/ui/model/app-model.ts';
import { KEPT } from '../../../src/ui/model/entry.ts';
import { joinModel, joinSteps } from '../../../src/ui/model/join-model.ts';
import type { AppState, JoinWay, Ports } from '../../../src/ui/model/ports.ts';
import { sessionModel } from '../../../src/ui/model/session-model.ts';
import { preferredReach, shareModel } from '../../../src/ui/model/share-model.ts';
import { fakeClock } from '../../fake-clock.ts';
import { sessionOf } from '../../ui-fixtures/people.ts';
import { threadOf } from '../../ui-fixtures/threads.ts';
import {
  guestOf,
  inviteCard,
  pretendedViewer,
  stateOf,
} from '../../ui-fixtures/pretended-viewer.ts';

const ORIGIN = 'http://192.168.1.5:4271';

function card(letter: string, waiting = 0): SessionCard {
  return { id: sessionOf(letter), title: letter, viewers: 0, waiting };
}

function shelf(refuses = false) {
  const kept = new Map<string, string>();
  return {
    kept,
    get: (key: string) => kept.get(key) ?? null,
    set(key: string, value: string) {
      if (!refuses) kept.set(key, value);
      return !refuses;
    },
    remove: (key: string) => void kept.delete(key),
  };
}

function page(refuses = false) {
  const viewer = pretendedViewer(
    guestOf({ connection: { phase: 'reaching', attempt: 1 }, session: null }),
    '',
  );
  const knocked: string[] = [];
  const opened: JoinWay[] = [];
  const addresses: string[] = [];
  const went: string[] = [];
  const signedIn: unknown[] = [];
  let app: AppState = { phase: 'entering' };
  let failed: (fault: string) => void = () => undefined;
  const changed = new Set<(state: AppState) => void>();
  const tab = shelf(refuses);
  const ports: Ports = {
    openApp: () => ({
      state: () => app,
      watch(each) {
        changed.add(each);
        return () => changed.delete(each);
      },
      onFailed(hear) {
        failed = hear;
        return () => undefined;
      },
      newSession: () => failed('terminal.tooMany'),
      signIn: (...asked) => void signedIn.push(asked),
      viewer: () => pretendedViewer(stateOf({}), ''),
      retry: () => undefined,
    }),
    openViewer(way) {
      opened.push(way);
      return { ...viewer, knock: (name, hue) => void knocked.push(`${name} ${hue}`) };
    },
    clock: fakeClock(),
    tab,
    browser: shelf(refuses),
    copy: () => Promise.resolve(true),
    readdress: (path) => void addresses.push(path),
    go: (url) => void went.push(url),
  };
  const say = (sessions: readonly SessionCard[]): void => {
    app = {
      phase: 'entered',
      me: { name: 'Alice', hue: 1 },
      reaches: ['local'],
      addresses: [],
      signal: null,
      sessions,
    };
    for (const each of changed) each(app);
  };
  return { ports, viewer, knocked, opened, addresses, went, signedIn, tab, say };
}

const LINK: JoinWay = { by: 'link', invite: 'm1.a.b.c' };

test('Bob opens a link, gives his name, knocks, and is let in', () => {
  const { ports, viewer, knocked, opened, addresses, tab } = page();
  const join = joinModel(ports, { page: 'join', way: LINK, resumed: false }, ORIGIN);
  expect(join.stage.value.stage).toBe('person');
  expect(opened).toEqual([]);
  expect(join.givePerson({ name: ' ', hue: 3 })).toBe(false);
  expect(join.givePerson({ name: 'Bob', hue: 140 })).toBe(true);
  expect([opened, knocked]).toEqual([[LINK], ['Bob 140']]);
  expect(tab.get(KEPT.join)).toContain('m1.a.b.c');

  viewer.set({ connection: { phase: 'knocking', words: 'a b c d', sharer: 'Alice' } });
  expect(join.inside.value).toBe(false);
  viewer.set({ connection: { phase: 'live', path: 'webrtc', rttMs: 1 }, session: sessionOf('s') });
  expect(join.inside.value).toBe(true);
  expect(addresses).toEqual([`/s/${sessionOf('s')}`]);
  expect(tab.get(KEPT.join)).toBeNull();
});

test('Bob reloads while he knocks: the same invite, the same name, without a question', () => {
  const { ports, knocked } = page();
  ports.browser.set(KEPT.person, JSON.stringify({ name: 'Bob', hue: 140 }));
  const join = joinModel(ports, { page: 'join', way: LINK, resumed: true }, ORIGIN);
  expect(join.stage.value.stage).toBe('session');
  expect(knocked).toEqual(['Bob 140']);
});

test('Bob comes back by his key and does not knock', () => {
  const { ports, knocked, opened } = page();
  const way: JoinWay = { by: 'key', session: sessionOf('s') };
  joinModel(ports, { page: 'join', way, resumed: true }, ORIGIN);
  expect([opened, knocked]).toEqual([[way], []]);
});

test('where the browser keeps nothing the page says so, and goes on', () => {
  const { ports, opened } = page(true);
  const join = joinModel(ports, { page: 'join', way: LINK, resumed: false }, ORIGIN);
  expect(join.forgetful.value).toBe(true);
  expect(join.givePerson({ name: 'Bob', hue: 140 })).toBe(true);
  expect(opened).toHaveLength(1);
});

test('a wrong code is told in words, a place of its own is gone to', () => {
  const { ports, went } = page();
  const join = joinModel(ports, { page: 'form' }, ORIGIN);
  join.giveInvite('nonsense');
  expect(join.stage.value).toMatchObject({ stage: 'invite' });
  expect(JSON.stringify(join.stage.value)).toContain('4271-apple-tiger');
  join.giveInvite('4271-apple-tiger@10.0.0.9:4271');
  expect(went).toEqual(['http://10.0.0.9:4271/#code=4271-apple-tiger']);
  join.giveInvite('4271-apple-tiger');
  expect(join.stage.value).toMatchObject({ stage: 'person', way: { by: 'code' } });
});

test('turned away, Bob can try another invite', () => {
  const { ports, viewer, tab } = page();
  const join = joinModel(ports, { page: 'join', way: LINK, resumed: false }, ORIGIN);
  join.givePerson({ name: 'Bob', hue: 140 });
  viewer.set({ connection: { phase: 'over', fault: 'invite.denied' } });
  expect(tab.get(KEPT.join)).toBeNull();
  join.again();
  expect(join.stage.value).toEqual({ stage: 'invite', fault: null });
});

test('the steps say how far one is', () => {
  const states = joinSteps({ phase: 'connecting', attempt: 1 }, 'Alice', false);
  expect(states.map((step) => step.state)).toEqual(['done', 'done', 'now', 'to come']);
  expect(
    joinSteps({ phase: 'knocking', words: '', sharer: 'Alice' }, 'Alice', false).at(-1)?.words,
  ).toBe('Waiting for Alice to let you in');
  expect(joinSteps({ phase: 'reaching', attempt: 1 }, 'Alice', true)).toHaveLength(3);
});

test('a terminal just asked for is looked at when it comes; a closed one gives way', () => {
  const [a, b, c] = [card('a'), card('b'), card('c')];
  expect(activeAfter(null, [], [a, b], false)).toBe(a.id);
  expect(activeAfter(a.id, [a, b], [a, b, c], true)).toBe(c.id);
  expect(activeAfter(a.id, [a, b], [a, b, c], false)).toBe(a.id);
  expect(activeAfter(b.id, [a, b, c], [a, c], false)).toBe(c.id);
  expect(activeAfter(c.id, [a, b, c], [a, b], false)).toBe(b.id);
  expect(activeAfter(a.id, [a], [], false)).toBeNull();
});

test('Alice’s tabs keep their own sessions, and what waits is counted over all', () => {
  const { ports, say } = page();
  const app = appModel(ports, 't');
  say([card('a', 1), card('b', 2)]);
  expect(app.waiting.value).toBe(3);
  const first = app.session.value;
  app.step(1);
  expect(app.active.value).toBe(sessionOf('b'));
  expect(app.session.value).not.toBe(first);
  app.step(1);
  expect(app.session.value).toBe(first);
  say([card('b')]);
  expect(app.active.value).toBe(sessionOf('b'));
});

test('[AP4] Alice is told why no further terminal opens, and keeps those she has', () => {
  const { ports, say } = page();
  const app = appModel(ports, 't');
  say([card('a')]);
  app.newSession();
  expect(app.state.value.phase).toBe('entered');
  const words = [
    expect.objectContaining({ tone: 'fault', text: expect.stringMatching(/Close one/) }),
  ];
  expect(app.session.value?.notices.value).toEqual(words);
  say([card('a'), card('b')]);
  expect(app.active.value).toBe(sessionOf('a')); // another page's terminal, not the one asked for
});

test('[AP5] Alice signs an agent in from its thread: by the way’s place, and she looks at that terminal', () => {
  const { ports, say, signedIn } = page();
  const app = appModel(ports, 't');
  say([card('a')]);
  app.signIn(threadOf('x'), 1);
  expect(signedIn).toEqual([[sessionOf('a'), threadOf('x'), 1]]);
  say([card('a'), card('b')]);
  expect(app.active.value).toBe(sessionOf('b'));
});

test('[AP4] with no terminal open the start page says it', () => {
  const { ports, say } = page();
  const app = appModel(ports, 't');
  say([]);
  app.newSession();
  expect([app.state.value.phase, app.said.notices.value.length]).toEqual(['entered', 1]);
});

test('Alice makes an invite from a block and sees it as it stands on the desk', async () => {
  const viewer = pretendedViewer(stateOf({}), '');
  const session = sessionModel(viewer, fakeClock());
  const share = shareModel(session, ['local', 'lan'], 3);
  expect(share.reach.value).toBe('lan');
  await share.make();
  expect(viewer.done).toEqual([
    { type: 'invite.make', reach: 'lan', start: { from: 'block', block: 3 } },
  ]);
  expect(share.invite.value?.state).toBe('open');
  const { desk } = viewer.state();
  if (desk === null) throw new Error('Alice has a desk');
  viewer.set({ desk: { ...desk, invites: [{ ...inviteCard(), state: 'used' }] } });
  expect(share.invite.value?.state).toBe('used');
  share.another();
  expect(share.stage.value.stage).toBe('choosing');
});

test('an invite that could not be made leads back to the choice, with the reason said', async () => {
  const viewer = pretendedViewer(stateOf({}), '');
  const refusing = {
    ...viewer,
    act: () => Promise.resolve({ ok: false as const, fault: 'signal.unreachable' }),
  };
  const session = sessionModel(refusing, fakeClock());
  const share = shareModel(session, ['local', 'signal'], null);
  await share.make();
  expect(share.stage.value.stage).toBe('choosing');
  expect(session.notices.value).toHaveLength(1);
});

test('[CP9] Bob, a guest who may invite, chooses no reach and names none', async () => {
  const viewer = pretendedViewer(stateOf({}), '');
  const share = shareModel(sessionModel(viewer, fakeClock()), [], null);
  expect(share.reach.value).toBe(null);
  await share.make();
  expect(viewer.done).toEqual([{ type: 'invite.make', start: { from: 'screen' } }]);
});

test('a share is for others: the network first, this computer last', () => {
  expect(preferredReach(['local', 'signal', 'lan'])).toBe('lan');
  expect(preferredReach(['local', 'signal'])).toBe('signal');
  expect(preferredReach(['local'])).toBe('local');
});
