// The life of an invite: Alice makes it, Bob and Carol come with it, Mallory guesses.
import { describe, expect, test } from 'vitest';
import { decodeInviteBook, encodeInviteBook } from '../../../src/crypto/invite-book-record.ts';
import {
  codeWords,
  inviteBook,
  linkSecret,
  newInviteBook,
  type InviteBook,
  type InviteBookInput,
  type InviteEffect,
} from '../../../src/crypto/invite-book.ts';
import { newIdentity } from '../../../src/crypto/identity.ts';
import { idOf, InviteId, Nameplate } from '../../../src/protocol/ids.ts';
import { err, ok } from '../../../src/protocol/result.ts';
import { bob, entropyOf, invite as id, mallory, nameplate, secret, words } from './people.ts';
import * as v from 'valibot';

const carol = newIdentity(entropyOf('carol'));
const T0 = 1_700_000_000_000;
const minutes = (n: number) => n * 60_000;

const MAKE = {
  on: 'make',
  id,
  secret,
  words,
  capabilities: ['view'],
  start: { from: 'none' },
  reach: 'lan',
  at: T0,
} as const satisfies InviteBookInput;
const NAMED = { on: 'nameplate', invite: id, nameplate } as const satisfies InviteBookInput;
const byLink = { door: 'link', invite: id } as const;
const byCode = { door: 'code', nameplate } as const;

/** Feeds all inputs in turn; the effects are those of the last. */
function feed(book: InviteBook, ...inputs: InviteBookInput[]): [InviteBook, InviteEffect[]] {
  let effects: readonly InviteEffect[] = [];
  for (const input of inputs) [book, effects] = inviteBook(book, input);
  return [book, [...effects]];
}

function open(...inputs: InviteBookInput[]): [InviteBook, InviteEffect[]] {
  return feed(newInviteBook(), MAKE, NAMED, ...inputs);
}

function only(book: InviteBook) {
  const invite = book.invites.get(id);
  if (invite === undefined) throw new Error('no such invite');
  return invite;
}

const proves = (who: { publicKey: typeof bob.publicKey }, at: number, door = byLink) =>
  ({ on: 'proved', door, by: who.publicKey, at }) as const satisfies InviteBookInput;
const wrongGuess = (at: number, plate = nameplate): InviteBookInput[] => [
  { on: 'tryTaken', nameplate: plate, at },
  { on: 'tryWrong', nameplate: plate, at: at + 1 },
];
const faults = (effects: readonly InviteEffect[]) =>
  effects.map((e) =>
    e.do === 'verdict' ? (e.ok ? 'ok' : e.fault) : e.do === 'notice' ? e.fault : e.do,
  );

describe('[IV5] the first key that proves it holds it', () => {
  test('Bob holds it, and may come again until it expires', () => {
    const [book, effects] = open(proves(bob, T0 + 1));
    expect(effects).toEqual([{ do: 'verdict', by: bob.publicKey, ok: true, invite: id }]);
    expect(only(book).phase).toEqual({ phase: 'held', by: bob.publicKey, heardAt: T0 + 1 });
    const [again, verdict] = feed(book, proves(bob, T0 + minutes(9)));
    expect(faults(verdict)).toEqual(['ok']);
    const [, late] = feed(again, proves(bob, T0 + minutes(10)));
    expect(faults(late)).toEqual(['invite.expired', 'invite.expired']);
  });

  test('[IV6] Carol is refused, and Alice is told', () => {
    const [book, effects] = open(proves(bob, T0 + 1), proves(carol, T0 + 2));
    expect(effects).toEqual([
      { do: 'verdict', by: carol.publicKey, ok: false, fault: 'invite.held' },
      { do: 'notice', fault: 'invite.held', at: T0 + 2 },
    ]);
    expect(only(book).phase).toMatchObject({ by: bob.publicKey });
  });

  test('[IV7] sixty seconds after Bob’s last sign of life Carol may have it', () => {
    const heard = { on: 'heard', by: bob.publicKey, at: T0 + minutes(2) } as const;
    const [book] = open(proves(bob, T0 + 1), heard);
    expect(faults(feed(book, proves(carol, T0 + minutes(3)))[1])).toEqual([
      'invite.held',
      'invite.held',
    ]);
    const [taken, effects] = feed(book, proves(carol, T0 + minutes(3) + 1));
    expect(faults(effects)).toEqual(['ok']);
    // and then it is Bob who is refused
    expect(faults(feed(taken, proves(bob, T0 + minutes(3) + 2))[1])).toContain('invite.held');
  });

  test('signs of life are written down at most every five seconds', () => {
    const [book] = open(proves(bob, T0));
    const [same] = feed(book, { on: 'heard', by: bob.publicKey, at: T0 + 4_999 });
    expect(same).toBe(book);
    const [later] = feed(book, { on: 'heard', by: bob.publicKey, at: T0 + 5_000 });
    expect(only(later).phase).toMatchObject({ heardAt: T0 + 5_000 });
    expect(feed(book, { on: 'heard', by: carol.publicKey, at: T0 + 60_000 })[0]).toBe(book);
  });
});

describe('[IV8] used and denied', () => {
  test('admitting Bob uses it: both doors close, its link still says so', () => {
    const [book, effects] = open(proves(bob, T0), { on: 'admitted', by: bob.publicKey });
    expect(effects).toEqual([{ do: 'dropNameplate', nameplate }]);
    expect(only(book)).toMatchObject({ words: null, nameplate: null, phase: { phase: 'used' } });
    expect(codeWords(book, nameplate, T0 + 1)).toEqual(err('invite.unavailable'));
    expect(linkSecret(book, id)).toEqual(secret);
    for (const who of [carol, bob]) {
      expect(faults(feed(book, proves(who, T0 + 2))[1])).toEqual(['invite.used', 'invite.used']);
    }
  });

  test('denying Bob spends it; he is told so, Carol only that it is used', () => {
    const [book] = open(proves(bob, T0), { on: 'denied', by: bob.publicKey });
    expect(only(book).phase).toEqual({ phase: 'denied', by: bob.publicKey });
    expect(faults(feed(book, proves(bob, T0 + 1))[1])).toEqual(['invite.denied']);
    expect(faults(feed(book, proves(carol, T0 + 1))[1])).toEqual(['invite.used', 'invite.used']);
  });

  test('admitting someone who holds none changes nothing', () => {
    const [book] = open(proves(bob, T0));
    expect(feed(book, { on: 'admitted', by: carol.publicKey })[0]).toBe(book);
    expect(feed(book, { on: 'denied', by: carol.publicKey })[0]).toBe(book);
  });

  test('Alice closes it: both doors, also for its holder', () => {
    const [book, effects] = open(proves(bob, T0), { on: 'close', id });
    expect(faults(effects)).toEqual(['dropNameplate']);
    expect(faults(feed(book, proves(bob, T0 + 1))[1])).toContain('invite.expired');
    expect(feed(book, { on: 'close', id })[0]).toBe(book);
  });
});

describe('[IV12] ten minutes', () => {
  test('an open invite expires, its code with it', () => {
    const [early] = open({ on: 'tick', at: T0 + minutes(10) - 1 });
    expect(only(early).phase.phase).toBe('open');
    expect(codeWords(early, nameplate, T0 + minutes(10))).toEqual(err('invite.unavailable'));
    const [book, effects] = open({ on: 'tick', at: T0 + minutes(10) });
    expect(only(book)).toMatchObject({ words: null, phase: { phase: 'expired' } });
    expect(faults(effects)).toEqual(['dropNameplate']);
    expect(faults(feed(book, proves(bob, T0 + minutes(11)))[1])).toContain('invite.expired');
  });

  test('a proof that comes before the tick notices is refused all the same', () => {
    expect(faults(open(proves(bob, T0 + minutes(10)))[1])).toContain('invite.expired');
  });

  test('a knock waits as long as its link: Bob, still there, can be admitted', () => {
    const [book, effects] = open(
      proves(bob, T0),
      { on: 'heard', by: bob.publicKey, at: T0 + minutes(10) },
      { on: 'tick', at: T0 + minutes(10) },
    );
    expect(faults(effects)).toEqual(['dropNameplate']);
    expect(only(book).phase.phase).toBe('held');
    const [used] = feed(book, { on: 'admitted', by: bob.publicKey });
    expect(only(used).phase.phase).toBe('used');
    const [gone] = feed(book, { on: 'tick', at: T0 + minutes(11) + 1 });
    expect(only(gone).phase.phase).toBe('expired');
  });

  test('a tick on which nothing ends changes nothing', () => {
    const [book] = open();
    expect(feed(book, { on: 'tick', at: T0 + 1 })[0]).toBe(book);
  });
});

describe('[IV9] wrong codes', () => {
  test('one exchange at a time', () => {
    const [book] = open();
    expect(codeWords(book, nameplate, T0)).toEqual(ok(words));
    const [busy] = feed(book, { on: 'tryTaken', nameplate, at: T0 });
    expect(codeWords(busy, nameplate, T0)).toEqual(err('join.busy'));
    expect(feed(busy, { on: 'tryTaken', nameplate, at: T0 })[0]).toBe(busy);
    const [free] = feed(busy, { on: 'tryReturned', nameplate, at: T0 });
    expect(codeWords(free, nameplate, T0)).toEqual(ok(words));
    expect(only(free).wrongTries).toBe(0);
    expect(free.wrongTries).toBe(0);
  });

  test('three close the code and give its nameplate back, the link still works', () => {
    const [book, effects] = open(...wrongGuess(T0), ...wrongGuess(T0), ...wrongGuess(T0));
    expect(faults(effects)).toEqual(['code.wrong', 'dropNameplate', 'code.closed']);
    expect(only(book)).toMatchObject({ words: null, wrongTries: 3, phase: { phase: 'open' } });
    expect(codeWords(book, nameplate, T0 + 1)).toEqual(err('invite.unavailable'));
    expect(faults(feed(book, proves(bob, T0 + 1))[1])).toEqual(['ok']);
  });

  test('two wrong and a right one leave it open', () => {
    const right: InviteBookInput[] = [
      { on: 'tryTaken', nameplate, at: T0 },
      { on: 'tryReturned', nameplate, at: T0 },
      { on: 'proved', door: byCode, by: bob.publicKey, at: T0 },
    ];
    const [book, effects] = open(...wrongGuess(T0), ...wrongGuess(T0), ...right, ...right);
    expect(faults(effects)).toEqual(['ok']);
    expect(only(book)).toMatchObject({ words, wrongTries: 2 });
  });

  test('silence counts: after ten seconds without a confirmation the guess was wrong', () => {
    const taken = { on: 'tryTaken', nameplate, at: T0 } as const;
    const [waiting, nothing] = open(taken, { on: 'tick', at: T0 + 9_999 });
    expect(nothing).toEqual([]);
    expect(codeWords(waiting, nameplate, T0)).toEqual(err('join.busy'));
    const [book, effects] = feed(waiting, { on: 'tick', at: T0 + 10_000 });
    expect(faults(effects)).toEqual(['code.wrong']);
    expect(only(book).wrongTries).toBe(1);
    expect(codeWords(book, nameplate, T0 + 10_000)).toEqual(ok(words));
  });

  test('a right confirmation that comes after its time counts no more', () => {
    const [book] = open(
      { on: 'tryTaken', nameplate, at: T0 },
      { on: 'tick', at: T0 + 10_000 },
      { on: 'tryReturned', nameplate, at: T0 + 10_001 },
    );
    expect(only(book).wrongTries).toBe(1);
  });

  test('[IV10] the nameplate is not given away while an exchange runs under it', () => {
    const [book, effects] = open({ on: 'tryTaken', nameplate, at: T0 }, { on: 'close', id });
    expect(effects).toEqual([]);
    expect(only(book)).toMatchObject({ words: null, nameplate });
    expect(codeWords(book, nameplate, T0)).toEqual(err('invite.unavailable'));
    const [over, dropped] = feed(book, { on: 'tryReturned', nameplate, at: T0 });
    expect(faults(dropped)).toEqual(['dropNameplate']);
    // Bob knew the words, but of an invite that is closed.
    const late = { on: 'proved', door: byCode, by: bob.publicKey, at: T0 } as const;
    expect(faults(feed(over, late)[1])).toContain('invite.expired');
  });

  test('[IV11] ten in a session turn every code off, until Alice makes an invite', () => {
    let book = newInviteBook();
    let effects: InviteEffect[] = [];
    const plates = ['1001', '1002', '1003', '1004', '1005'].map((p) => v.parse(Nameplate, p));
    for (const [i, plate] of plates.entries()) {
      const invite = idOf(InviteId, entropyOf(`invite ${i}`)(8));
      [book] = feed(
        { ...book },
        { ...MAKE, id: invite },
        { on: 'nameplate', invite, nameplate: plate },
      );
    }
    const [first, second, third, fourth, fifth] = plates;
    if (!first || !second || !third || !fourth || !fifth) throw new Error('no plates');
    for (const plate of [first, first, second, second, third, third, fourth, fourth, fifth]) {
      [book, effects] = feed(book, ...wrongGuess(T0, plate));
      expect(faults(effects)).toEqual(['code.wrong']);
    }
    [book, effects] = feed(book, ...wrongGuess(T0, fifth));
    expect(faults(effects)).toEqual([
      'code.wrong',
      ...plates.map(() => 'dropNameplate'),
      'code.off',
    ]);
    for (const plate of plates) {
      expect(codeWords(book, plate, T0)).toEqual(err('invite.unavailable'));
    }
    [book] = feed(book, MAKE, NAMED);
    expect(codeWords(book, nameplate, T0)).toEqual(ok(words));
    [book, effects] = feed(book, ...wrongGuess(T0));
    expect(faults(effects)).toEqual(['code.wrong']);
  });

  test('[IV15] a code whose number has gone to someone else is closed, and its link is not', () => {
    const [book, effects] = open({ on: 'nameplateLost', nameplate, at: T0 });
    expect(faults(effects)).toContain('code.lost');
    expect(only(book)).toMatchObject({ words: null, nameplate: null, phase: { phase: 'open' } });
    expect(faults(feed(book, { on: 'nameplateLost', nameplate, at: T0 })[1])).toEqual([]);
    expect(faults(feed(book, proves(bob, T0))[1])).toEqual(['ok']);
  });

  /** Twenty codes, and Mallory at as many as she is let to at the same moment. */
  function attacked() {
    const plates = Array.from({ length: 20 }, (_, i) => v.parse(Nameplate, String(2000 + i)));
    let book = newInviteBook();
    for (const [i, plate] of plates.entries()) {
      const made = idOf(InviteId, entropyOf(`many ${i}`)(8));
      const named = { on: 'nameplate', invite: made, nameplate: plate } as const;
      [book] = feed(book, { ...MAKE, id: made }, named);
    }
    const tried = plates.filter((plate) => {
      if (!codeWords(book, plate, T0).ok) return false;
      [book] = feed(book, { on: 'tryTaken', nameplate: plate, at: T0 });
      return true;
    });
    return { book, plates, tried };
  }

  test('[IV11] ten is the most also for one who tries twenty codes at the same moment', () => {
    const { book: started, plates, tried } = attacked();
    expect(tried).toHaveLength(10);
    expect(codeWords(started, plates[15] ?? nameplate, T0)).toEqual(err('join.busy'));
    let book = started;
    let effects: InviteEffect[] = [];
    for (const [i, plate] of tried.entries()) {
      [book, effects] = feed(book, { on: 'tryWrong', nameplate: plate, at: T0 });
      expect(faults(effects).includes('code.off')).toBe(i === 9);
    }
    for (const plate of plates) expect(codeWords(book, plate, T0).ok).toBe(false);
  });

  test('[IV11] a try that runs while an invite is made still counts', () => {
    const { book: started, tried } = attacked();
    const [made] = feed(started, MAKE, NAMED);
    expect(made.wrongTries).toBe(10);
    const [right] = feed(
      made,
      ...tried.map((plate) => ({ on: 'tryReturned', nameplate: plate, at: T0 }) as const),
    );
    expect(right.wrongTries).toBe(0);
    expect(codeWords(right, nameplate, T0)).toEqual(ok(words));
  });

  test('an invite without a code gives a nameplate straight back', () => {
    const [, effects] = feed(newInviteBook(), { ...MAKE, words: null }, NAMED);
    expect(faults(effects)).toEqual(['dropNameplate']);
    expect(faults(feed(newInviteBook(), NAMED)[1])).toEqual(['dropNameplate']);
  });
});

describe('[IV13] at most sixty-four are kept', () => {
  const many = (count: number) => {
    const made = Array.from({ length: count }, (_, i): InviteBookInput => ({
      ...MAKE,
      id: idOf(InviteId, Uint8Array.of(0, 0, 0, 0, 0, 0, i >> 8, i & 255)),
    }));
    return feed(newInviteBook(), ...made);
  };

  test('the 65th is refused while all are open', () => {
    expect(many(64)[1]).toEqual([]);
    const [book, effects] = many(65);
    expect(faults(effects)).toEqual(['invite.tooMany']);
    expect(book.invites.size).toBe(64);
  });

  test('ended ones make room, the oldest first', () => {
    const [full] = many(64);
    const ids = [...full.invites.keys()];
    const [a, b] = [ids[5], ids[9]];
    if (a === undefined || b === undefined) throw new Error('no ids');
    const [book] = feed(full, { on: 'close', id: b }, { on: 'close', id: a }, MAKE);
    expect(book.invites.has(a)).toBe(false);
    expect(book.invites.has(b)).toBe(true);
    expect(book.invites.has(id)).toBe(true);
  });
});

test('[IV14] the book outlives a restart: what was used stays used', () => {
  const books = [
    open()[0],
    open({ on: 'tryTaken', nameplate, at: T0 })[0],
    open(proves(bob, T0))[0],
    open(proves(bob, T0), { on: 'admitted', by: bob.publicKey })[0],
    open(proves(mallory, T0), { on: 'denied', by: mallory.publicKey })[0],
    open({ on: 'tick', at: T0 + minutes(11) })[0],
    open({ on: 'close', id })[0],
  ];
  for (const book of books) expect(decodeInviteBook(encodeInviteBook(book))).toEqual(ok(book));
  expect(decodeInviteBook(Uint8Array.of(1, 2, 3))).toEqual(err('store.corrupt'));
  expect(decodeInviteBook(encodeInviteBook(newInviteBook()).subarray(1))).toEqual(
    err('store.corrupt'),
  );
});
