import { describe, expect, test } from 'vitest';
import type { Action } from '../../../src/protocol/action.ts';
import { lasting, PRESETS } from '../../../src/protocol/capability.ts';
import { KnockId } from '../../../src/protocol/ids.ts';
import * as v from 'valibot';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { ALICE, BOB, deviceOf, EVE, keyOf, openStage, sent, session, told } from './stage.ts';
import { SessionId, idOf, InviteId } from '../../../src/protocol/ids.ts';

const run: Action = { type: 'command.run', text: 'ls' };
const keys: Action = { type: 'keys.type', keys: utf8('x') };
const someKnock = v.parse(KnockId, 'AAAAAAAAAAA');

/** Every action there is, as someone with nothing but a wish would send it. */
const EVERY_ACTION: readonly Action[] = [
  run,
  { type: 'command.cancel', id: 1 },
  keys,
  { type: 'knock.admit', knock: someKnock, capabilities: lasting(['view'], null) },
  { type: 'knock.deny', knock: someKnock },
  { type: 'grant.set', to: ALICE, capabilities: lasting(PRESETS.editor, null) },
  { type: 'request.deny', from: ALICE },
  { type: 'participant.remove', key: ALICE },
  { type: 'invite.make' },
  { type: 'invite.close', invite: idOf(InviteId, new Uint8Array(8)) },
  { type: 'terminal.resize', cols: 10, rows: 10 },
  { type: 'terminal.restart' },
  { type: 'view.look', thread: null },
  { type: 'share.end' },
  { type: 'session.close' },
];

describe('someone who may only watch', () => {
  test.each(EVERY_ACTION.map((action) => [action.type, action] as const))(
    '[AC6] sends %s by hand and changes nothing',
    (_, action) => {
      const stage = openStage();
      stage.bring(ALICE, 10, ['view', 'suggest']);
      stage.bring(BOB, 11, ['view', 'suggest']);
      const before = stage.state();
      const effects = stage.act(BOB, 11, action, { atPrompt: true });
      expect(told(effects, 11)).toEqual({ ok: false, fault: 'action.notAllowed' });
      expect(effects.filter((e) => e.do === 'perform' || e.do === 'close')).toEqual([]);
      expect(stage.state().grants).toEqual(before.grants);
      expect(stage.state().links).toEqual(before.links);
    },
  );

  test('[AC1] nobody acts before being let in', () => {
    const stage = openStage();
    const invite = stage.invite(1);
    const by = { door: 'link' as const, invite };
    stage.feed({ on: 'proved', attempt: 1, by, viewer: EVE, at: stage.now() });
    stage.feed({ on: 'linked', link: 9, by, viewer: EVE, words: '', at: stage.now() });
    const effects = stage.act(EVE, 9, run);
    expect(effects).toEqual([{ do: 'close', link: 9, fault: 'link.protocol' }]);
  });
});

describe('an action by hand', () => {
  const everything = PRESETS.editor;

  test('[AC3] a repeat gets the same answer and is not done again', () => {
    const stage = openStage();
    stage.bring(ALICE, 10, everything);
    const first = stage.act(ALICE, 10, run);
    expect(first.some((e) => e.do === 'perform')).toBe(true);
    stage.feed({
      on: 'outcome',
      actor: { kind: 'signed', key: ALICE, owner: false, device: deviceOf(10), n: 1 },
      outcome: { ok: true, queued: 3 },
    });
    const again = stage.act(ALICE, 10, run, { n: 1 });
    expect(again.some((e) => e.do === 'perform')).toBe(false);
    expect(told(again, 10)).toEqual({ ok: true, queued: 3 });
  });

  test('[AC3] an older number sent late is not done', () => {
    const stage = openStage();
    stage.bring(ALICE, 10, everything);
    stage.act(ALICE, 10, run, { n: 5 });
    expect(stage.act(ALICE, 10, run, { n: 4 })).toEqual([]);
  });

  test('[AC2] a wrong signature does nothing but end the link and tell the sharer, not each time', () => {
    const stage = openStage();
    stage.ownPage(keyOf(9), 1);
    stage.bring(ALICE, 10, everything);
    const effects = stage.act(ALICE, 10, run, { verified: false });
    expect(effects.some((e) => e.do === 'perform' || e.do === 'persist')).toBe(false);
    expect(effects).toContainEqual({ do: 'close', link: 10, fault: 'link.protocol' });
    expect(sent(effects, 1, 'desk').at(-1)?.notices.at(-1)?.fault).toBe('action.badSignature');
    expect(stage.act(ALICE, 10, run, { verified: false })).toEqual([
      { do: 'close', link: 10, fault: 'link.protocol' },
    ]);
    stage.pass(10_000);
    const later = stage.act(ALICE, 10, run, { verified: false });
    expect(sent(later, 1, 'desk')).toHaveLength(1);
  });

  test('[AC1] an action of another session, author or device ends the link', () => {
    for (const change of [
      { session: idOf(SessionId, new Uint8Array(16)) },
      { author: BOB },
      { device: deviceOf(77) },
    ]) {
      const stage = openStage();
      stage.bring(ALICE, 10, everything);
      expect(stage.act(ALICE, 10, run, change)).toEqual([
        { do: 'close', link: 10, fault: 'link.protocol' },
      ]);
    }
  });

  test('[AC4] its number is kept before anything it does', () => {
    const stage = openStage();
    stage.bring(ALICE, 10, everything);
    const effects = stage.act(ALICE, 10, run).map((e) => e.do);
    expect(effects).toContain('persist');
    expect(effects.indexOf('persist')).toBeLessThan(effects.indexOf('perform'));
  });

  test('[AC5] past a hundred a second it is refused with a word', () => {
    const stage = openStage();
    stage.bring(ALICE, 10, everything);
    const performed = Array.from({ length: 150 }, () => stage.act(ALICE, 10, keys)).filter((e) =>
      e.some((x) => x.do === 'perform'),
    );
    expect(performed).toHaveLength(100);
    stage.pass(1000);
    expect(stage.act(ALICE, 10, keys).some((e) => e.do === 'perform')).toBe(true);
  });

  test('[AC6] keys at a prompt need `run` beside `type`', () => {
    const stage = openStage();
    stage.bring(ALICE, 10, ['view', 'type']);
    expect(told(stage.act(ALICE, 10, keys, { atPrompt: true }), 10)?.ok).toBe(false);
    expect(stage.act(ALICE, 10, keys).some((e) => e.do === 'perform')).toBe(true);
  });
});

describe('grants', () => {
  test('[CP4] Bob is told no when his grant has run out', () => {
    const stage = openStage();
    stage.bring(BOB, 10, ['view']);
    const until = stage.now() + 60_000;
    const capabilities = { view: null, run: until };
    stage.feed({
      on: 'order',
      order: 1,
      at: stage.now(),
      action: { type: 'grant.set', to: BOB, capabilities },
    });
    expect(stage.act(BOB, 10, run).some((e) => e.do === 'perform')).toBe(true);
    const effects = stage.pass(60_000);
    expect(stage.state().grants.get(BOB)?.capabilities).toEqual({ view: null });
    expect(effects.some((e) => e.do === 'roster')).toBe(true);
    expect(told(stage.act(BOB, 10, run), 10)).toEqual({ ok: false, fault: 'action.notAllowed' });
  });

  test('[CP1] every grant has a higher number than the last', () => {
    const stage = openStage();
    stage.bring(BOB, 10, ['view']);
    for (const capabilities of [{ view: null, run: null }, { view: null }]) {
      stage.feed({
        on: 'order',
        order: 1,
        at: stage.now(),
        action: { type: 'grant.set', to: BOB, capabilities },
      });
    }
    expect(stage.state().grants.get(BOB)?.number).toBe(3);
  });

  test('[CP3] one who is removed is told and shown out, and does not come back', () => {
    const stage = openStage();
    stage.bring(BOB, 10, PRESETS.editor);
    const effects = stage.feed({
      on: 'order',
      order: 1,
      at: stage.now(),
      action: { type: 'participant.remove', key: BOB },
    });
    expect(effects).toContainEqual({ do: 'close', link: 10, fault: 'grant.removed' });
    stage.feed({ on: 'lost', link: 10 });
    const by = { door: 'redial' as const, session };
    expect(stage.feed({ on: 'proved', attempt: 4, by, viewer: BOB, at: stage.now() })).toEqual([
      { do: 'verdict', attempt: 4, verdict: 'grant.none' },
    ]);
  });

  test('[CP2] a grant is on disk before it shows', () => {
    const stage = openStage();
    stage.bring(BOB, 10, ['view']);
    const effects = stage
      .feed({
        on: 'order',
        order: 1,
        at: stage.now(),
        action: { type: 'grant.set', to: BOB, capabilities: lasting(PRESETS.editor, null) },
      })
      .map((e) => e.do);
    expect(effects).toContain('persist');
    expect(effects.indexOf('persist')).toBeLessThan(effects.indexOf('roster'));
  });

  test('[CP6] a co-host grants no more than it holds, never manage, never to itself', () => {
    const stage = openStage();
    stage.bring(ALICE, 10, ['view', 'run', 'manage']);
    stage.bring(BOB, 11, ['view']);
    const grant = (to: typeof ALICE, capabilities: object) =>
      told(stage.act(ALICE, 10, { type: 'grant.set', to, capabilities }), 10)?.ok;
    expect(grant(BOB, { view: null, type: null })).toBe(false);
    expect(grant(BOB, { view: null, manage: null })).toBe(false);
    expect(grant(ALICE, { view: null, run: null, manage: null, type: null })).toBe(false);
    expect(grant(BOB, { view: null, run: null })).toBe(true);
    expect(stage.state().grants.get(BOB)?.capabilities).toEqual({ view: null, run: null });
  });
});

test('[CP5] what has ended is taken out of the grant within a second, and everyone told', () => {
  const stage = openStage();
  stage.bring(BOB, 11, ['view']);
  const until = stage.now() + 5000;
  const capabilities = { view: null, run: until };
  const action = { type: 'grant.set', to: BOB, capabilities } as const;
  stage.feed({ on: 'order', order: 1, action, at: stage.now() });
  const number = stage.state().grants.get(BOB)?.number ?? 0;
  expect(stage.pass(4999).some((e) => e.do === 'roster')).toBe(false);
  expect(stage.pass(1).map((e) => e.do)).toEqual(expect.arrayContaining(['persist', 'roster']));
  expect(stage.state().grants.get(BOB)).toMatchObject({
    number: number + 1,
    capabilities: { view: null },
  });
});

describe('a co-host who began to see with block 5', () => {
  const cohost = ['view', 'manage'] as const;

  test('[CP8] lets nobody in to what was before, by whose invite ever', () => {
    const starts = [{ from: 'all' }, { from: 'screen' }, { from: 'block', block: 2 }] as const;
    for (const start of starts) {
      const stage = openStage();
      stage.bring(ALICE, 10, cohost);
      const by = { door: 'link' as const, invite: stage.invite(2, ['view'], start) };
      stage.feed({ on: 'proved', attempt: 1, by, viewer: BOB, at: stage.now() });
      stage.feed({ on: 'linked', link: 12, by, viewer: BOB, words: '', at: stage.now() });
      stage.say(12, { type: 'knock', name: 'Bob', hue: 3, device: deviceOf(12) });
      const knock = [...stage.state().links.values()].flatMap((l) =>
        l.phase === 'knocking' ? [l.knock.id] : [],
      )[0];
      if (knock === undefined) throw new Error('no knock');
      const effects = stage.act(ALICE, 10, {
        type: 'knock.admit',
        knock,
        capabilities: lasting(['view'], null),
      });
      expect(effects).toContainEqual(
        expect.objectContaining({ do: 'admit', link: 12, start: { from: 'block', block: 5 } }),
      );
      expect(stage.state().grants.get(BOB)?.start).toBe(5);
    }
  });

  test('[CP8] makes invites from there on, and to no more than it holds', () => {
    const stage = openStage();
    stage.bring(ALICE, 10, cohost);
    const made = stage
      .act(ALICE, 10, { type: 'invite.make', start: { from: 'all' }, capabilities: ['view'] })
      .find((e) => e.do === 'perform');
    expect(made).toMatchObject({ action: { start: { from: 'block', block: 5 } } });
    for (const name of ['run', 'manage'] as const) {
      const refused = stage.act(ALICE, 10, { type: 'invite.make', capabilities: ['view', name] });
      expect(told(refused, 10)).toEqual({ ok: false, fault: 'action.notAllowed' });
    }
  });

  test('[CP8] the sharer invites to everything', () => {
    const stage = openStage();
    stage.ownPage(keyOf(9), 1);
    const action = { type: 'invite.make', start: { from: 'all' } } as const;
    expect(stage.act(keyOf(9), 1, action)).toContainEqual(
      expect.objectContaining({ do: 'perform', action }),
    );
  });
});

describe('knocks', () => {
  test('[KN1] a knock shows on the sharer’s page and admits by its own key only', () => {
    const stage = openStage();
    stage.ownPage(keyOf(9), 1);
    stage.bring(ALICE, 10, PRESETS.editor);
    const invite = stage.invite(2);
    const by = { door: 'link' as const, invite };
    stage.feed({ on: 'proved', attempt: 1, by, viewer: BOB, at: stage.now() });
    stage.feed({ on: 'linked', link: 12, by, viewer: BOB, words: 'w x y z', at: stage.now() });
    const effects = stage.say(12, { type: 'knock', name: 'Bob', hue: 3, device: deviceOf(12) });
    const desk = sent(effects, 1, 'desk').at(-1);
    expect(desk?.knocks).toMatchObject([{ name: 'Bob', words: 'w x y z', key: BOB }]);
    expect(sent(effects, 12, 'waiting')).toHaveLength(1);
    for (const other of [10, 12]) expect(sent(effects, other, 'desk')).toHaveLength(0);
  });

  test('[IV8] denied: the visitor is told, the invite is spent', () => {
    const stage = openStage();
    const by = { door: 'link' as const, invite: stage.invite(2) };
    stage.feed({ on: 'proved', attempt: 1, by, viewer: BOB, at: stage.now() });
    stage.feed({ on: 'linked', link: 12, by, viewer: BOB, words: '', at: stage.now() });
    stage.say(12, { type: 'knock', name: 'Bob', hue: 3, device: deviceOf(12) });
    const knock = [...stage.state().links.values()].flatMap((l) =>
      l.phase === 'knocking' ? [l.knock.id] : [],
    )[0];
    if (knock === undefined) throw new Error('no knock');
    const effects = stage.feed({
      on: 'order',
      order: 1,
      at: stage.now(),
      action: { type: 'knock.deny', knock },
    });
    expect(effects).toContainEqual({ do: 'close', link: 12, fault: 'invite.denied' });
    expect(
      stage.feed({ on: 'proved', attempt: 2, by, viewer: BOB, at: stage.now() }),
    ).toContainEqual({
      do: 'verdict',
      attempt: 2,
      verdict: 'invite.denied',
    });
  });

  test('[IV6] a second person with a held invite is refused and the sharer told', () => {
    const stage = openStage();
    stage.ownPage(keyOf(9), 1);
    const by = { door: 'link' as const, invite: stage.invite(2) };
    stage.feed({ on: 'proved', attempt: 1, by, viewer: BOB, at: stage.now() });
    const effects = stage.feed({ on: 'proved', attempt: 2, by, viewer: EVE, at: stage.now() });
    expect(effects).toContainEqual({ do: 'verdict', attempt: 2, verdict: 'invite.held' });
    expect(sent(effects, 1, 'desk').at(-1)?.notices.at(-1)?.fault).toBe('invite.held');
  });

  test('[AC1] before being let in nothing is answered: want, snapshot, redraw and whole end the link', () => {
    const stage = openStage();
    const by = { door: 'link' as const, invite: stage.invite(2) };
    for (const message of [
      { type: 'want' as const, ids: [] },
      { type: 'redraw' as const },
      { type: 'whole' as const, number: 1, part: 1, content: null },
      { type: 'back' as const, device: deviceOf(12), have: [] },
    ]) {
      stage.feed({ on: 'linked', link: 12, by, viewer: BOB, words: '', at: stage.now() });
      expect(stage.say(12, message)).toEqual([{ do: 'close', link: 12, fault: 'link.protocol' }]);
    }
  });

  test('[KN2] two people of one name are told apart', () => {
    const stage = openStage();
    stage.bring(ALICE, 10, ['view']);
    const by = { door: 'link' as const, invite: stage.invite(2) };
    stage.feed({ on: 'proved', attempt: 1, by, viewer: BOB, at: stage.now() });
    stage.feed({ on: 'linked', link: 12, by, viewer: BOB, words: '', at: stage.now() });
    stage.say(12, { type: 'knock', name: 'P10', hue: 3, device: deviceOf(12) });
    const link = stage.state().links.get(12);
    expect(link?.phase === 'knocking' && link.knock.name).toBe('P10 2');
  });
});

describe('the door', () => {
  const knockBy = (stage: ReturnType<typeof openStage>, key: typeof BOB, link: number) => {
    const by = { door: 'link' as const, invite: stage.invite(link) };
    stage.feed({ on: 'proved', attempt: link, by, viewer: key, at: stage.now() });
    stage.feed({ on: 'linked', link, by, viewer: key, words: 'w x y z', at: stage.now() });
    return stage.say(link, { type: 'knock', name: 'Bob', hue: 3, device: deviceOf(link) });
  };
  const comeBack = (
    stage: ReturnType<typeof openStage>,
    key: typeof BOB,
    link: number,
    of = 10,
  ) => {
    const by = { door: 'redial' as const, session };
    stage.feed({ on: 'linked', link, by, viewer: key, words: '', at: stage.now() });
    return stage.say(link, { type: 'back', device: deviceOf(of), have: [] });
  };

  test('[KN3] whoever comes by an invite knocks, whoever comes back says so, and nothing else', () => {
    const stage = openStage();
    stage.bring(BOB, 10, ['view']);
    const by = { door: 'redial' as const, session };
    stage.feed({ on: 'linked', link: 11, by, viewer: BOB, words: '', at: stage.now() });
    const knock = { type: 'knock', name: 'Bob', hue: 3, device: deviceOf(11) } as const;
    expect(stage.say(11, knock)).toEqual([{ do: 'close', link: 11, fault: 'link.protocol' }]);
    knockBy(stage, EVE, 12);
    expect(stage.say(12, { type: 'back', device: deviceOf(12), have: [] })).toEqual([
      { do: 'close', link: 12, fault: 'link.protocol' },
    ]);
    expect(stage.say(12, knock)).toEqual([{ do: 'close', link: 12, fault: 'link.protocol' }]);
  });

  test('[KN4] the fifty-first is told that the share is full, and so is the sharer', () => {
    const stage = openStage();
    for (let n = 0; n < 50; n++) stage.bring(keyOf(20 + n), 20 + n, ['view']);
    stage.ownPage(keyOf(9), 1);
    const by = { door: 'link' as const, invite: stage.invite(2) };
    const effects = stage.feed({ on: 'linked', link: 99, by, viewer: EVE, words: '', at: 0 });
    expect(effects).toContainEqual({ do: 'close', link: 99, fault: 'join.full' });
    expect(sent(effects, 1, 'desk').at(-1)?.notices.at(-1)?.fault).toBe('join.full');
    expect(stage.state().links.has(99)).toBe(false);
  });

  test('[KN5] only a key with a live grant is answered', () => {
    const stage = openStage();
    stage.bring(BOB, 10, ['view']);
    const by = { door: 'redial' as const, session };
    const verdict = (viewer: typeof BOB) =>
      stage.feed({ on: 'proved', attempt: 1, by, viewer, at: stage.now() });
    expect(verdict(BOB)).toEqual([{ do: 'verdict', attempt: 1, verdict: 'accept' }]);
    expect(verdict(EVE)).toEqual([{ do: 'verdict', attempt: 1, verdict: 'grant.none' }]);
    // Taken between the handshake and its first message.
    const action = { type: 'participant.remove', key: BOB } as const;
    stage.feed({ on: 'linked', link: 11, by, viewer: BOB, words: '', at: stage.now() });
    stage.feed({ on: 'order', order: 1, action, at: stage.now() });
    expect(verdict(BOB)).toEqual([{ do: 'verdict', attempt: 1, verdict: 'grant.none' }]);
    expect(stage.say(11, { type: 'back', device: deviceOf(10), have: [] })).toEqual([
      { do: 'close', link: 11, fault: 'grant.none' },
    ]);
  });

  test('[KN5] the same tab’s older link gives way, another tab’s stays', () => {
    const stage = openStage();
    stage.bring(BOB, 10, ['view']);
    expect(comeBack(stage, BOB, 11)).toContainEqual({
      do: 'close',
      link: 10,
      fault: 'link.broken',
    });
    expect(comeBack(stage, BOB, 12, 12).some((e) => e.do === 'close')).toBe(false);
  });

  test('[KN6] admitted gets a grant, denied a no, and nothing of the session before', () => {
    const stage = openStage();
    const effects = knockBy(stage, BOB, 12);
    const toBob = effects.filter((e) => 'link' in e && e.link === 12);
    expect(toBob).toEqual([
      { do: 'send', link: 12, message: { type: 'waiting', sharer: 'Someone' } },
    ]);
    const knock = [...stage.state().links.values()].flatMap((l) =>
      l.phase === 'knocking' ? [l.knock.id] : [],
    )[0];
    if (knock === undefined) throw new Error('no knock');
    const capabilities = lasting(['suggest'], null);
    const action = { type: 'knock.admit', knock, capabilities } as const;
    const admitted = stage.feed({ on: 'order', order: 1, action, at: stage.now() });
    const grant = stage.state().grants.get(BOB);
    expect(grant?.capabilities).toEqual({ view: null, suggest: null });
    expect(admitted).toContainEqual(expect.objectContaining({ do: 'admit', link: 12, grant }));
    knockBy(stage, EVE, 13);
    const hers = stage.state().links.get(13);
    if (hers?.phase !== 'knocking') throw new Error('no knock');
    const deny = { type: 'knock.deny', knock: hers.knock.id } as const;
    const denied = stage.feed({ on: 'order', order: 2, action: deny, at: stage.now() });
    expect(denied).toContainEqual({ do: 'close', link: 13, fault: 'invite.denied' });
    expect(stage.state().grants.has(EVE)).toBe(false);
  });
});

describe('edit access', () => {
  test('[AC7] a request stands until it is answered, withdrawn or granted', () => {
    const stage = openStage();
    stage.ownPage(keyOf(9), 1);
    stage.bring(BOB, 10, ['view', 'suggest']);
    const asked = stage.act(BOB, 10, { type: 'access.request', capabilities: ['run', 'type'] });
    expect(sent(asked, 1, 'desk').at(-1)?.requests).toMatchObject([{ key: BOB, name: 'P10' }]);
    const effects = stage.act(keyOf(9), 1, {
      type: 'grant.set',
      to: BOB,
      capabilities: lasting(PRESETS.editor, null),
    });
    expect(sent(effects, 1, 'desk').at(-1)?.requests).toEqual([]);
    expect(stage.act(BOB, 10, run).some((e) => e.do === 'perform')).toBe(true);
  });

  test('[AC7] a second request takes the first one’s place; withdrawn or denied it is gone', () => {
    const stage = openStage();
    stage.ownPage(keyOf(9), 1);
    stage.bring(BOB, 10, ['view']);
    const ask = (capabilities: ('run' | 'draft')[]) =>
      stage.act(BOB, 10, { type: 'access.request', capabilities });
    ask(['run']);
    expect(sent(ask(['draft']), 1, 'desk').at(-1)?.requests).toMatchObject([
      { key: BOB, capabilities: ['draft'] },
    ]);
    const withdrawn = stage.act(BOB, 10, { type: 'access.withdraw' });
    expect(sent(withdrawn, 1, 'desk').at(-1)?.requests).toEqual([]);
    ask(['run']);
    const denied = stage.act(keyOf(9), 1, { type: 'request.deny', from: BOB });
    expect(sent(denied, 1, 'desk').at(-1)?.requests).toEqual([]);
    expect(stage.state().grants.get(BOB)?.capabilities).toEqual({ view: null });
  });

  test('[AC8] what the sharer’s own page does is done in the sharer’s name', () => {
    const stage = openStage();
    stage.ownPage(keyOf(9), 1);
    const perform = stage.act(keyOf(9), 1, run).find((e) => e.do === 'perform');
    expect(perform?.do === 'perform' && perform.author).toBe(stage.state().sharer);
  });
});

describe('the end', () => {
  test('[CP7] ending the share closes every invite and every grant', () => {
    const stage = openStage();
    stage.ownPage(keyOf(9), 1);
    stage.bring(BOB, 10, PRESETS.editor);
    stage.invite(3);
    const effects = stage.act(keyOf(9), 1, { type: 'share.end' });
    expect(effects).toContainEqual({ do: 'close', link: 10, fault: 'share.ended' });
    expect(effects).not.toContainEqual(expect.objectContaining({ do: 'close', link: 1 }));
    expect([...stage.state().book.invites.values()].map((i) => i.phase.phase)).not.toContain(
      'open',
    );
    expect(stage.state().grants.get(BOB)?.capabilities).toEqual({});
  });

  test('[CP7] a forgotten share ends by itself', () => {
    const stage = openStage();
    stage.bring(BOB, 10, PRESETS.editor);
    expect(stage.pass(9 * 60 * 60 * 1000)).toContainEqual({
      do: 'close',
      link: 10,
      fault: 'share.expired',
    });
  });

  test('[CP10] its end is said once, ten minutes before', () => {
    const stage = openStage();
    stage.bring(BOB, 10, PRESETS.editor);
    const end = stage.state().endsAt ?? 0;
    const told = (ms: number): unknown[] => stage.pass(ms).filter((e) => e.do === 'tell');
    expect(told(end - stage.now() - 11 * 60_000)).toEqual([]);
    expect(told(61_000)).toEqual([
      { do: 'tell', event: { event: 'fault', fault: 'share.endsSoon' } },
    ]);
    expect(told(1000)).toEqual([]);
  });

  test('[CP10] a share that nobody is in any more has no end; one that begins later has its own', () => {
    const stage = openStage();
    stage.bring(BOB, 10, PRESETS.editor);
    stage.feed({ on: 'lost', link: 10 });
    stage.feed({
      on: 'order',
      order: 2,
      at: stage.now(),
      action: { type: 'participant.remove', key: BOB },
    });
    stage.pass(1000);
    expect(stage.state().endsAt).toBe(null);
    stage.pass(7 * 60 * 60 * 1000);
    stage.bring(EVE, 11, ['view']);
    stage.pass(2 * 60 * 60 * 1000);
    expect(stage.state().links.get(11)).toMatchObject({ phase: 'in' });
  });
});
