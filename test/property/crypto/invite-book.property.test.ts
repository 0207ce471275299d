// Whatever comes in whatever order, an invite has one holder at a time and is used once.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeInviteBook, encodeInviteBook } from '../../../src/crypto/invite-book-record.ts';
import {
  codeWords,
  inviteBook,
  newInviteBook,
  type InviteBook,
} from '../../../src/crypto/invite-book.ts';
import {
  HOLDER_SILENT_MS,
  INVITE_LIFE_MS,
  WRONG_TRIES_PER_CODE,
} from '../../../src/crypto/invite-state.ts';
import { idOf, InviteId, Nameplate, PublicKey } from '../../../src/protocol/ids.ts';
import { ok } from '../../../src/protocol/result.ts';
import * as v from 'valibot';
import { loops } from '../../soak/loops.ts';

const T0 = 1_700_000_000_000;
const ID = idOf(InviteId, new Uint8Array(8));
const NAMEPLATE = v.parse(Nameplate, '4271');

function keyOf(n: number): PublicKey {
  const bytes = new Uint8Array(32);
  bytes[0] = n >> 8;
  bytes[1] = n & 255;
  return idOf(PublicKey, bytes);
}

function made(): InviteBook {
  const [book] = inviteBook(newInviteBook(), {
    on: 'make',
    id: ID,
    secret: new Uint8Array(16),
    words: 'apple-tiger',
    capabilities: ['view'],
    start: { from: 'none' },
    reach: 'lan',
    at: T0,
  });
  return inviteBook(book, { on: 'nameplate', invite: ID, nameplate: NAMEPLATE })[0];
}

test('[IV5] a thousand people prove one invite at once: exactly one holds it', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(
        Array.from({ length: 1000 }, (_, i) => i),
        { minLength: 1000 },
      ),
      fc.array(fc.nat(HOLDER_SILENT_MS), { minLength: 1000, maxLength: 1000 }),
      fc.array(fc.boolean(), { minLength: 1000, maxLength: 1000 }),
      (order, times, byCode) => {
        let book = made();
        const winners: string[] = [];
        let refused = 0;
        const sorted = [...times].sort((a, b) => a - b);
        for (const [i, person] of order.entries()) {
          const at = T0 + (sorted[i] ?? 0);
          const door =
            byCode[i] === true
              ? ({ door: 'code', nameplate: NAMEPLATE } as const)
              : ({ door: 'link', invite: ID } as const);
          const [next, effects] = inviteBook(book, { on: 'proved', door, by: keyOf(person), at });
          book = next;
          for (const effect of effects) {
            if (effect.do !== 'verdict') continue;
            if (effect.ok) winners.push(effect.by);
            else if (effect.fault === 'invite.held') refused++;
          }
        }
        expect(winners).toHaveLength(1);
        expect(refused).toBe(999);
        expect(book.invites.get(ID)?.phase).toMatchObject({ phase: 'held', by: winners[0] });
      },
    ),
    { numRuns: loops(5, 250) },
  );
});

const person = fc.nat(3).map(keyOf);
const someInput = fc.oneof(
  fc.record({
    on: fc.constant('proved' as const),
    by: person,
    door: fc.constantFrom(
      { door: 'link' as const, invite: ID },
      { door: 'code' as const, nameplate: NAMEPLATE },
    ),
  }),
  fc.record({ on: fc.constant('heard' as const), by: person }),
  fc.record({ on: fc.constant('admitted' as const), by: person }),
  fc.record({ on: fc.constant('denied' as const), by: person }),
  fc.record({
    on: fc.constantFrom('tryTaken' as const, 'tryReturned' as const, 'tryWrong' as const),
    nameplate: fc.constant(NAMEPLATE),
  }),
  fc.constant({ on: 'tick' as const }),
  fc.constant({ on: 'close' as const, id: ID }),
);
const history = fc.array(
  fc.record({ input: someInput, waitMs: fc.oneof(fc.nat(5_000), fc.nat(200_000)) }),
  { maxLength: 60 },
);

test('[IV5] [IV8] [IV9] through any history an invite never does what it must not', () => {
  fc.assert(
    fc.property(history, (steps) => {
      let book = made();
      let at = T0;
      let entered = 0;
      let ended = false;
      let dropped = 0;
      for (const { input, waitMs } of steps) {
        at += waitMs;
        const before = book.invites.get(ID);
        const stamped = { ...input, at };
        const [next, effects] = inviteBook(book, stamped);
        book = next;
        const after = book.invites.get(ID);
        if (before === undefined || after === undefined) throw new Error('the invite is gone');
        // An ended invite stays as it ended, and nobody may hold it any more.
        if (ended) expect(after.phase).toEqual(before.phase);
        ended = !['open', 'held'].includes(after.phase.phase);
        if (after.phase.phase === 'used' && before.phase.phase !== 'used') entered++;
        for (const effect of effects) {
          if (effect.do === 'dropNameplate') dropped++;
          if (effect.do !== 'verdict' || !effect.ok) continue;
          expect(at).toBeLessThan(T0 + INVITE_LIFE_MS);
          expect(after.phase).toMatchObject({ phase: 'held', by: effect.by });
          if (before.phase.phase === 'held' && before.phase.by !== effect.by) {
            expect(at - before.phase.heardAt).toBeGreaterThan(HOLDER_SILENT_MS);
          }
        }
        // Both doors close when it ends; no code is offered after three wrong tries.
        if (ended) expect(after.words).toBeNull();
        if (codeWords(book, NAMEPLATE, at).ok) {
          expect(after.wrongTries).toBeLessThan(WRONG_TRIES_PER_CODE);
        }
        expect(after.wrongTries).toBeGreaterThanOrEqual(0);
        expect(after.wrongTries).toBeLessThanOrEqual(WRONG_TRIES_PER_CODE);
        expect(decodeInviteBook(encodeInviteBook(book))).toEqual(ok(book));
      }
      expect(entered).toBeLessThanOrEqual(1);
      expect(dropped).toBeLessThanOrEqual(1);
    }),
    { numRuns: loops(500, 20_000) },
  );
});
