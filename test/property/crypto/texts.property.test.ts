// What was formatted parses back, what was sealed opens, for all values.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { formatCode, formatLink, newWords, parseInvite } from '../../../src/crypto/invite.ts';
import { openOpener, openSealer } from '../../../src/crypto/seal.ts';
import { wordsOf } from '../../../src/crypto/words.ts';
import { idOf, InviteId, Nameplate, SessionId } from '../../../src/protocol/ids.ts';
import { ok } from '../../../src/protocol/result.ts';
import * as v from 'valibot';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const word = fc.constantFrom(...wordlist);
const separator = fc.constantFrom('-', ' ', '  ', ' - ', '–', '_');

test('[IV1] every link that is formatted parses back', () => {
  fc.assert(
    fc.property(bytes(8), bytes(16), bytes(16), fc.webUrl(), (i, secret, s, url) => {
      const origin = /^https?:\/\/[^/?#]+/.exec(url)?.[0];
      fc.pre(origin !== undefined);
      const link = { origin, invite: idOf(InviteId, i), secret, session: idOf(SessionId, s) };
      const parsed = parseInvite(formatLink(link));
      expect(parsed).toEqual(ok({ kind: 'link', ...link }));
    }),
  );
});

test('[IV2] every code that is formatted parses back, however it is typed', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^\d{4,8}$/),
      word,
      word,
      separator,
      fc.boolean(),
      (digits, one, two, dash, capitals) => {
        const nameplate = v.parse(Nameplate, digits);
        const words = `${one}-${two}`;
        const code = ok({ kind: 'code', nameplate, words, at: null });
        expect(parseInvite(formatCode(nameplate, words))).toEqual(code);
        const typed = [digits, one, two].join(dash);
        expect(parseInvite(capitals ? typed.toUpperCase() : typed)).toEqual(code);
      },
    ),
  );
});

test('[IV3] new words parse as part of a code', () => {
  fc.assert(
    fc.property(bytes(3), (three) => {
      expect(parseInvite(`1234-${newWords(() => three)}`).ok).toBe(true);
    }),
  );
});

test('[HS12] words keep every bit they are made of', () => {
  fc.assert(
    fc.property(bytes(11), (eleven) => {
      const bits = wordsOf(eleven, 8)
        .map((w) => wordlist.indexOf(w).toString(2).padStart(11, '0'))
        .join('');
      const expected = [...eleven].map((byte) => byte.toString(2).padStart(8, '0')).join('');
      expect(bits).toBe(expected.slice(0, 88));
    }),
  );
});

test('[SE1] a sealed stream opens, whatever is in it', () => {
  fc.assert(
    fc.property(
      bytes(32),
      fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }),
      (key, plains) => {
        const seal = openSealer(key);
        const open = openOpener(key);
        for (const plain of plains) expect(open(seal(plain))).toEqual(ok(plain));
      },
    ),
  );
});
