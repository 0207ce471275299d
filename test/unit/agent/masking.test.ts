// What Alice's agent prints, on its way to Bob: her keys become a note, all else stays.
import { describe, expect, test } from 'vitest';
import { openMasking, secretsOf } from '../../../src/agent/masking.ts';
import { HELD_CHARS_MAX } from '../../../src/agent/secret-words.ts';
import { ordinaryTexts } from './ordinary-texts.ts';
import { missedSamples, namedSamples, PLACES, shapedSamples } from './secret-samples.ts';

const bare = openMasking({ secrets: [], home: null });

/** No eight characters of the secret in a row: less is in every text. */
function partsLeft(text: string, secret: string): readonly string[] {
  const parts: string[] = [];
  for (let at = 0; at + 8 <= secret.length; at++) {
    const part = secret.slice(at, at + 8);
    if (/\S{8}/.test(part) && text.includes(part)) parts.push(part);
  }
  return parts;
}

describe('[MK1] values of variables whose name says secret', () => {
  test('are Alice’s keys, and not her editor, her names or her sockets', () => {
    expect(
      secretsOf({
        OPENAI_API_KEY: 'whatever-it-is',
        DB_PASSWORD: 'hunter2hunter',
        MY_CRED: 'as1234567',
        SHORT_TOKEN: 'abc',
        UNSET_TOKEN: undefined,
        EDITOR: 'vim-gtk3-editor',
        GIT_AUTHOR_NAME: 'Alice Example',
        SSH_AUTH_SOCK: '/tmp/ssh-abc/agent.1',
        GIT_ASKPASS: '/usr/lib/git/askpass',
        XKB_KEYBOARD: 'us-international',
        MAX_TOKENS: '100000000',
        AUTH: 'disabled',
      }),
    ).toEqual(['whatever-it-is', 'hunter2hunter', 'as1234567']);
  });

  test('are found in the middle of anything, with blanks and quotes in them, and as JSON and addresses spell them', () => {
    const secret = `pass "word" /ü&${'x'.repeat(3)}`;
    const { mask } = openMasking({ secrets: [secret, 'abcdefgh'], home: null });
    expect(mask(`a${secret}b`)).toBe('a‹masked secret›b');
    expect(mask(JSON.stringify({ a: secret }))).toBe('{"a":"‹masked secret›"}');
    expect(mask(`?q=${encodeURIComponent(secret)}&`)).toBe('?q=‹masked secret›&');
    expect(mask('xxabcdefghabcdefghyy')).toBe('xx‹masked secret›yy');
    expect(mask('abcdefgabcdefg')).toBe('abcdefgabcdefg');
  });

  test('overlap, begin alike and lie in one another', () => {
    const { mask } = openMasking({
      secrets: ['abcdefgh', 'efghijkl', 'defghijk-long'],
      home: null,
    });
    expect(mask('-abcdefghijkl-')).toBe('-‹masked secret›-');
    expect(mask('-abcdefghijk-long-')).toBe('-‹masked secret›-');
  });

  test('longer than what is held are found whole', () => {
    const secret = Array.from({ length: 900 }, (_, i) => `part${i} `)
      .join('')
      .trim();
    const { mask } = openMasking({ secrets: [secret], home: null });
    expect(mask(`<${secret}>`)).toBe('<‹masked secret›>');
  });
});

describe('[MK4] keys that tell themselves', () => {
  test.each(shapedSamples(7))('$shape, wherever it stands', ({ secret }) => {
    for (const place of PLACES) {
      const masked = bare.mask(place(secret));
      expect(masked).toContain('‹masked ');
      expect(partsLeft(masked, secret)).toEqual([]);
    }
  });

  test.each(namedSamples(11))('$shape: the name gives it away', ({ secret, text }) => {
    const masked = bare.mask(text);
    expect(masked).toContain('‹masked ');
    expect(partsLeft(masked, secret)).toEqual([]);
  });

  test('in a hundred drawings of each shape not one is missed', () => {
    const missed: string[] = [];
    for (let seed = 1; seed <= 100; seed++) {
      for (const { shape, secret } of shapedSamples(seed)) {
        if (partsLeft(bare.mask(`= ${secret} =`), secret).length > 0) missed.push(shape);
      }
      for (const { shape, secret, text } of namedSamples(seed)) {
        if (partsLeft(bare.mask(text), secret).length > 0) missed.push(shape);
      }
    }
    console.log(`masking: ${missed.length} of ${100 * (31 + 31)} planted secrets missed`);
    expect(missed).toEqual([]);
  });

  test('what nothing around it gives away is not found, and docs/decisions says so', () => {
    const missed = missedSamples(5).filter(({ text, secret }) =>
      bare.mask(text).includes(secret.slice(-8)),
    );
    expect(missed.map((one) => one.shape)).toEqual(missedSamples(5).map((one) => one.shape));
  });
});

test('[MK5] a key block is masked to its end line, and a mention of one hides eight words at most', () => {
  const body = Array.from({ length: 400 }, () => 'MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF0').join(
    '\n',
  );
  expect(
    bare.mask(`-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----\nand on`),
  ).toBe(
    '-----BEGIN RSA PRIVATE KEY-----‹masked private key›\n-----END RSA PRIVATE KEY-----\nand on',
  );
  const mention = bare.mask(
    'It begins with -----BEGIN PRIVATE KEY----- and has then many lines, of which each is some base64 text.',
  );
  expect(mention).toContain('is some base64 text.');
  expect(bare.mask('-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A')).toContain(
    'MIIBIjAN',
  );
});

test('[MK3] colours inside a key do not hide it, and stand behind the note', () => {
  const secret = `ghp_${'a1B2'.repeat(9)}`;
  const coloured = `${secret.slice(0, 2)}\u001b[1;31m${secret.slice(2, 9)}\u001b[K\u001b[m${secret.slice(9)}`;
  expect(bare.mask(`a \u001b[2m${coloured}\u001b[m b`)).toBe(
    'a \u001b[2m‹masked GitHub token›\u001b[1;31m\u001b[K\u001b[m\u001b[m b',
  );
  expect(bare.mask('\u001b[31mred\u001b[m and \u001b]0;title\u0007 \u001b(B \u001b[')).toBe(
    '\u001b[31mred\u001b[m and \u001b]0;title\u0007 \u001b(B \u001b[',
  );
});

test('[MK6] home is ~ where a path begins with it', () => {
  const { mask } = openMasking({ secrets: [], home: '/home/alice' });
  expect(mask('cd /home/alice; ls /home/alice/x file:///home/alice "/home/alice"')).toBe(
    'cd ~; ls ~/x file://~ "~"',
  );
  const others = '/home/alice2 /home/alice-x /mnt/home/alice /home/alice.old /home/ali';
  expect(mask(others)).toBe(others);
});

describe('[MK2] in pieces', () => {
  test('a word is held until it has ended, and not much more', () => {
    const stream = bare.stream();
    expect(stream.push('The quick brown f')).toBe('The quick brown ');
    expect(stream.push('ox')).toBe('');
    expect(stream.push(' ')).toBe('fox ');
    expect(stream.push('gh')).toBe('');
    expect(stream.push(`p_${'a1B2'.repeat(9)}`)).toBe('');
    expect(stream.flush()).toBe('‹masked GitHub token›');
    expect(stream.push('new text')).toBe('new ');
    expect(stream.flush()).toBe('text');
  });

  test('whatever comes, no more is held than two words of the longest kind', () => {
    for (const unit of [
      'a',
      'A1',
      '/',
      '"',
      ' ',
      'token="',
      'key=$',
      '\u001b[1m',
      '\\',
      '=',
      ':',
    ]) {
      const stream = openMasking({ secrets: ['a'.repeat(2000)], home: '/a/a/a' }).stream();
      let [given, taken] = [0, 0];
      for (let i = 0; i < 200; i++) {
        const piece = unit.repeat(100);
        taken += piece.length;
        given += stream.push(piece).length;
        // What became a note is gone; it is not held.
        if (unit === 'a') continue;
        expect(taken - given).toBeLessThanOrEqual(2 * HELD_CHARS_MAX);
      }
    }
  });
});

test('[MK7] however slow a text was made to be, each character is looked at a few times', () => {
  const size = 250_000;
  for (const unit of [
    'a',
    'ghp_',
    'sk-',
    'eyJ',
    'eyJaaaaaaaaaa.',
    'eyJaaaaaaaaaa.eyJaaaaaaaaaa.',
    'key=',
    'key=$',
    'token="',
    'token=\'key="secret=`',
    'a://',
    'a://b:c',
    'a:',
    '1234567890:',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----\n        ',
    'AKIAAAAAAAAAAAAAAAAA ',
    '\u001b[1m',
    '\u001b[',
    '\u001b[1ma ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ',
    '\\"',
    'token=\\"',
    'Bearer ',
    '/aaaa',
    'SG.aaaaaaaaaaaaaaaaaaaa.',
    'token-token_token.',
  ]) {
    const text = unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
    const scanner = openMasking({
      secrets: [`${'a'.repeat(1000)}b`, 'token=token=token=x'],
      home: '/aaaa/aaaa',
    }).scan();
    scanner.push(text);
    scanner.end();
    // Before each = and : a name is looked for, in the 64 characters before it.
    expect(scanner.work() / size, unit).toBeLessThan(70);
  }
}, 60_000);

/** What is known to be masked for nothing; a change of these numbers is a change to be looked at. */
const FALSE_ALARMS: Readonly<Record<string, number>> = { minified: 5, library: 1 };

test('[MK8] ordinary text stays as it is, but for the false alarms that are known', () => {
  const alarms: Record<string, number> = {};
  let characters = 0;
  for (const { kind, text } of ordinaryTexts()) {
    const scanner = bare.scan();
    scanner.push(text);
    scanner.end();
    const found = scanner.take(text.length);
    characters += text.length;
    if (found.length > 0) alarms[kind] = found.length;
    for (const { from, to } of found.slice(0, 3)) {
      console.log(`masking: false alarm in ${kind}: ${text.slice(Math.max(0, from - 20), to)}`);
    }
  }
  console.log(`masking: false alarms in ${characters} characters of ordinary text:`, alarms);
  expect(alarms).toEqual(FALSE_ALARMS);
});
