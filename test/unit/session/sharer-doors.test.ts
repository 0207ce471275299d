// Who stands at the door of a session, for how long, and what becomes of that when the door is
// closed: links that have not spoken, invites that end, names, and how much of it there may be.
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { lasting, PRESETS } from '../../../src/protocol/capability.ts';
import { decodeToViewer, encodeMessage } from '../../../src/protocol/message.ts';
import type { Action } from '../../../src/protocol/action.ts';
import { Nameplate, type InviteId, type PublicKey } from '../../../src/protocol/ids.ts';
import { deskOf } from '../../../src/session/sharer-step.ts';
import { isShared } from '../../../src/session/sharer-view.ts';
import { ALICE, BOB, deviceOf, EVE, keyOf, openStage, sent, session, type Stage } from './stage.ts';

const byLink = (invite: InviteId) => ({ door: 'link', invite }) as const;
const redial = { door: 'redial', session } as const;
const refused = (link: number, fault: string) => ({ do: 'close', link, fault });

/** Proves the invite and has a link; says nothing yet. */
function arrive(stage: Stage, key: PublicKey, link: number, invite: InviteId) {
  const by = byLink(invite);
  stage.feed({ on: 'proved', attempt: link, by, viewer: key, at: stage.now() });
  return stage.feed({ on: 'linked', link, by, viewer: key, words: '', at: stage.now() });
}

function knock(stage: Stage, link: number, name = 'Bob') {
  return stage.say(link, { type: 'knock', name, hue: 3, device: deviceOf(link) });
}

function knockOf(stage: Stage, link: number) {
  const known = stage.state().links.get(link);
  if (known?.phase !== 'knocking') throw new Error('does not knock');
  return known.knock;
}

/** The sharer does something. */
function order(stage: Stage, action: Action) {
  return stage.feed({ on: 'order', order: 1, action, at: stage.now() });
}

const view = lasting(['view'], null);

describe('[KN9] a link that has not spoken when its invite ends', () => {
  /** Bob knocks on one link, and has another by the same invite. */
  function knocksWithASecondLink() {
    const stage = openStage();
    const invite = stage.invite(1);
    arrive(stage, BOB, 10, invite);
    knock(stage, 10);
    arrive(stage, BOB, 11, invite);
    return { stage, invite, id: knockOf(stage, 10).id };
  }

  test('is closed when Bob is denied, and he does not knock on it any more', () => {
    const { stage, id } = knocksWithASecondLink();
    const effects = order(stage, { type: 'knock.deny', knock: id });
    expect(effects).toContainEqual(refused(10, 'invite.denied'));
    expect(effects).toContainEqual(refused(11, 'invite.denied'));
    expect(knock(stage, 11)).toEqual([refused(11, 'invite.denied')]);
  });

  test('is closed when Bob was admitted by the other and removed', () => {
    const { stage, id } = knocksWithASecondLink();
    order(stage, { type: 'knock.admit', knock: id, capabilities: view });
    const effects = order(stage, { type: 'participant.remove', key: BOB });
    expect(effects).toContainEqual(refused(10, 'grant.removed'));
    expect(effects).toContainEqual(refused(11, 'grant.removed'));
    expect(knock(stage, 11)).toEqual([refused(11, 'invite.used')]);
  });

  test('is closed when Bob is removed and holds another invite: it lets him knock no more', () => {
    const stage = openStage();
    stage.bring(BOB, 10, ['view']);
    arrive(stage, BOB, 11, stage.invite(1));
    expect(order(stage, { type: 'participant.remove', key: BOB })).toContainEqual(
      refused(11, 'grant.removed'),
    );
    expect(knock(stage, 11)).toEqual([refused(11, 'invite.denied')]);
  });

  test('is closed with its invite, while one who has knocked waits on', () => {
    const { stage, invite } = knocksWithASecondLink();
    const effects = order(stage, { type: 'invite.close', invite });
    expect(effects.filter((e) => e.do === 'close')).toEqual([refused(11, 'invite.expired')]);
    expect(knock(stage, 11)).toEqual([refused(11, 'invite.expired')]);
  });

  test('knocks in vain when the share was ended during its handshake', () => {
    const stage = openStage();
    const by = byLink(stage.invite(1));
    stage.feed({ on: 'proved', attempt: 1, by, viewer: BOB, at: stage.now() });
    order(stage, { type: 'share.end' });
    stage.feed({ on: 'linked', link: 10, by, viewer: BOB, words: '', at: stage.now() });
    expect(knock(stage, 10)).toEqual([refused(10, 'invite.expired')]);
  });

  test('knocks in vain when Carol holds the invite by now', () => {
    const stage = openStage();
    const invite = stage.invite(1);
    const by = byLink(invite);
    stage.feed({ on: 'proved', attempt: 1, by, viewer: BOB, at: stage.now() });
    stage.pass(61_000);
    arrive(stage, EVE, 11, invite);
    stage.feed({ on: 'linked', link: 10, by, viewer: BOB, words: '', at: stage.now() });
    expect(knock(stage, 10)).toEqual([refused(10, 'invite.held')]);
  });

  test('by a code that has let go of its invite it is closed at once', () => {
    const stage = openStage();
    const by = {
      door: 'code',
      nameplate: v.parse(Nameplate, '4271'),
      share: new Uint8Array(32),
    } as const;
    expect(
      stage.feed({
        on: 'linked',
        link: 10,
        by,
        viewer: BOB,
        words: '',
        at: stage.now(),
      }),
    ).toEqual([refused(10, 'invite.expired')]);
  });
});

describe('[KN9] more links than one needs', () => {
  test('by one invite the newest is the one that may knock', () => {
    const stage = openStage();
    const invite = stage.invite(1);
    arrive(stage, BOB, 10, invite);
    expect(arrive(stage, BOB, 11, invite)).toEqual([refused(10, 'link.broken')]);
    stage.feed({ on: 'lost', link: 10 });
    expect(sent(knock(stage, 11), 11, 'waiting')).toHaveLength(1);
  });

  test('by his key Bob has eight that have not greeted, and then the oldest gives way', () => {
    const stage = openStage();
    stage.bring(BOB, 10, ['view']);
    const open = (link: number) =>
      stage.feed({ on: 'linked', link, by: redial, viewer: BOB, words: '', at: stage.now() });
    for (let link = 20; link < 28; link++) expect(open(link)).toEqual([]);
    expect(open(28)).toEqual([refused(20, 'link.broken')]);
  });

  test('[KN4] a ninth device of Bob’s is turned away, a redial of the eighth is not', () => {
    const stage = openStage();
    stage.bring(BOB, 10, ['view']);
    const back = (link: number, device: number) => {
      stage.feed({ on: 'linked', link, by: redial, viewer: BOB, words: '', at: stage.now() });
      return stage.say(link, { type: 'back', device: deviceOf(device), have: [] });
    };
    for (let link = 11; link < 18; link++) back(link, link);
    expect(back(20, 20)).toEqual([refused(20, 'join.full')]);
    stage.feed({ on: 'lost', link: 20 });
    expect(back(21, 17).map((e) => e.do)).toContain('admit');
  });

  test('[KN4] of fifty who are in one loses a link and is back before that is noticed', () => {
    const stage = openStage();
    for (let n = 0; n < 50; n++) stage.bring(keyOf(20 + n), 20 + n, ['view']);
    const viewer = keyOf(20);
    stage.feed({ on: 'linked', link: 99, by: redial, viewer, words: '', at: stage.now() });
    const effects = stage.say(99, { type: 'back', device: deviceOf(20), have: [] });
    expect(effects).toContainEqual(expect.objectContaining({ do: 'admit', link: 99 }));
    expect(effects).toContainEqual(refused(20, 'link.broken'));
  });
});

test('[KN10] one who says nothing for a minute is closed, and its invite is another’s to use', () => {
  const stage = openStage();
  const invite = stage.invite(1);
  arrive(stage, EVE, 10, invite);
  expect(stage.pass(59_000).some((e) => e.do === 'close')).toBe(false);
  expect(stage.pass(1_000)).toContainEqual(refused(10, 'link.broken'));
  stage.feed({ on: 'lost', link: 10 });
  stage.pass(61_000);
  arrive(stage, BOB, 11, invite);
  expect(sent(knock(stage, 11), 11, 'waiting')).toHaveLength(1);
});

describe('invites and their cards', () => {
  const shown = (stage: Stage) => deskOf(stage.state());

  test('[IV13] of a hundred made and closed, those the book still knows are shown, as a message', () => {
    const stage = openStage();
    for (let n = 1; n <= 100; n++) order(stage, { type: 'invite.close', invite: stage.invite(n) });
    const desk = shown(stage);
    expect(desk.invites).toHaveLength(64);
    expect(decodeToViewer(encodeMessage(desk))).toEqual({ ok: true, value: desk });
  });

  test('[IV13] the sixty-fifth open invite is refused with a word, and is nowhere', () => {
    const stage = openStage();
    for (let n = 1; n <= 64; n++) stage.invite(n);
    const before = stage.state().cards;
    const effects = stage.feed(stage.makes(65).input);
    expect(effects).toContainEqual({
      do: 'answer',
      order: 65,
      outcome: { ok: false, fault: 'invite.tooMany' },
    });
    expect(stage.state().cards).toEqual(before);
  });

  test('[CP7] invites of an earlier process end with the share, and can be closed one by one', () => {
    const stage = openStage();
    const [one, two] = [stage.invite(1), stage.invite(2)];
    stage.restart();
    expect(order(stage, { type: 'invite.close', invite: one })).toContainEqual(
      expect.objectContaining({ do: 'answer', outcome: { ok: true } }),
    );
    order(stage, { type: 'share.end' });
    expect(stage.state().book.invites.get(two)?.phase.phase).toBe('closed');
    expect(isShared(stage.state())).toBe(false);
  });
});

describe('[AC7] requests for access', () => {
  test('of one who is removed are gone', () => {
    const stage = openStage();
    stage.bring(BOB, 10, ['view']);
    stage.act(BOB, 10, { type: 'access.request', capabilities: ['run'] });
    order(stage, { type: 'participant.remove', key: BOB });
    expect(stage.state().requests.size).toBe(0);
  });

  test('are gone with a grant that runs out', () => {
    const stage = openStage();
    stage.bring(BOB, 10, ['view']);
    stage.act(BOB, 10, { type: 'access.request', capabilities: ['run'] });
    const capabilities = lasting(['view'], stage.now() + 5_000);
    order(stage, { type: 'grant.set', to: BOB, capabilities });
    stage.act(BOB, 10, { type: 'access.request', capabilities: ['run'] });
    stage.pass(5_000);
    expect(stage.state().requests.size).toBe(0);
  });

  test('of seventy people: a desk carries the latest sixty-four', () => {
    const stage = openStage();
    for (let n = 0; n < 70; n++) {
      const key = keyOf(20 + n);
      stage.bring(key, 20 + n, ['view']);
      stage.act(key, 20 + n, { type: 'access.request', capabilities: ['run'] });
      stage.feed({ on: 'lost', link: 20 + n });
    }
    const desk = deskOf(stage.state());
    expect(desk.requests.map((r) => r.key)).toEqual(
      Array.from({ length: 64 }, (_, n) => keyOf(26 + n)),
    );
    expect(decodeToViewer(encodeMessage(desk)).ok).toBe(true);
  });
});

describe('[AC7] what became of a request', () => {
  const ask: Action = { type: 'access.request', capabilities: ['run'] };
  const heard = (effects: Parameters<typeof sent>[0], link: number) =>
    sent(effects, link, 'request').map((m) => m.is);

  /** Bob, with a phone beside his laptop. */
  function bobOnTwo() {
    const stage = openStage();
    stage.ownPage(keyOf(9), 1);
    stage.bring(BOB, 10, ['view']);
    const back = (link: number) => {
      stage.feed({ on: 'linked', link, by: redial, viewer: BOB, words: '', at: stage.now() });
      return stage.say(link, { type: 'back', device: deviceOf(link), have: [] });
    };
    expect(heard(back(11), 11)).toEqual(['none']);
    return { stage, back };
  }

  test('Bob is told on both that it stands, and that it was denied', () => {
    const { stage } = bobOnTwo();
    const asked = stage.act(BOB, 10, ask);
    expect([heard(asked, 10), heard(asked, 11)]).toEqual([['open'], ['open']]);
    const denied = order(stage, { type: 'request.deny', from: BOB });
    expect([heard(denied, 10), heard(denied, 11)]).toEqual([['denied'], ['denied']]);
    expect(stage.state().requests.size).toBe(0);
    expect(order(stage, { type: 'request.deny', from: BOB })).toContainEqual(
      expect.objectContaining({ outcome: { ok: false, fault: 'action.gone' } }),
    );
  });

  test('taken back on one it is gone on the other', () => {
    const { stage } = bobOnTwo();
    stage.act(BOB, 10, ask);
    expect(heard(stage.act(BOB, 11, { type: 'access.withdraw' }), 10)).toEqual(['none']);
    expect(stage.state().requests.size).toBe(0);
  });

  test('answered by a grant that adds nothing it does not stand any more', () => {
    const { stage } = bobOnTwo();
    stage.act(BOB, 10, ask);
    const same = order(stage, { type: 'grant.set', to: BOB, capabilities: view });
    expect(heard(same, 10)).toEqual(['none']);
  });

  test('one who was away when it was denied does not come back to a request that stands', () => {
    const { stage, back } = bobOnTwo();
    stage.act(BOB, 10, ask);
    expect(heard(back(12), 12)).toEqual(['open']);
    for (const link of [10, 11, 12]) stage.feed({ on: 'lost', link });
    order(stage, { type: 'request.deny', from: BOB });
    expect(heard(back(13), 13)).toEqual(['none']);
  });
});

describe('[KN2] names', () => {
  const rename = (stage: Stage, key: PublicKey, link: number, name: string) => {
    stage.act(key, link, { type: 'profile.set', name, hue: 1 });
    return stage.state().profiles.get(key)?.name;
  };

  test('one who is in cannot take another’s, nor that of one who knocks', () => {
    const stage = openStage();
    stage.bring(ALICE, 10, ['view']);
    stage.bring(BOB, 11, ['view']);
    arrive(stage, EVE, 12, stage.invite(1));
    knock(stage, 12, 'Eve');
    expect(rename(stage, BOB, 11, 'P10')).toBe('P10 2');
    expect(rename(stage, BOB, 11, 'Eve')).toBe('Eve 2');
    expect(rename(stage, BOB, 11, 'Bob')).toBe('Bob');
  });

  test('a long one is cut for its number', () => {
    const stage = openStage();
    stage.bring(ALICE, 10, PRESETS.editor);
    stage.bring(BOB, 11, ['view']);
    const long = `${'x'.repeat(38)}😀`;
    expect(rename(stage, ALICE, 10, long)).toBe(long);
    expect(rename(stage, BOB, 11, long)).toBe(`${'x'.repeat(38)} 2`);
  });
});

test('[KN1] one who knocks anew is shown once, by the new link', () => {
  const stage = openStage();
  stage.ownPage(keyOf(9), 1);
  const invite = stage.invite(1);
  arrive(stage, BOB, 10, invite);
  knock(stage, 10);
  arrive(stage, BOB, 11, invite);
  const desk = sent(knock(stage, 11, 'Robert'), 1, 'desk').at(-1);
  expect(desk?.knocks.map((k) => k.name)).toEqual(['Robert']);
});
