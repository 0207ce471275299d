// Texts without a secret, as terminals and agents print them: what is masked in them is a false
// alarm. Made from a fixed seed, or read from packages that the lock file pins.
import { readFileSync } from 'node:fs';
import { drawn, openDice } from './secret-samples.ts';

const HEX = '0123456789abcdef';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const LINES = 400;

interface Ordinary {
  readonly kind: string;
  readonly text: string;
}

export function ordinaryTexts(): readonly Ordinary[] {
  const dice = openDice(2026);
  const hex = (length: number): string => drawn(dice, HEX, length);
  const base64 = (length: number): string => drawn(dice, BASE64, length);
  const lines = (line: (i: number) => string): string =>
    Array.from({ length: LINES }, (_, i) => line(i)).join('\n');
  const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  return [
    {
      kind: 'git log',
      text: lines(
        () => `commit ${hex(40)}\nAuthor: Alice <a@example.org>\n\n    Say why ${hex(7)} went\n`,
      ),
    },
    {
      kind: 'git diff',
      text: lines(
        () =>
          `index ${hex(7)}..${hex(7)} 100644\n--- a/src/key.ts\n+++ b/src/token-list.ts\n@@ -1 +1 @@ ${hex(40)}`,
      ),
    },
    {
      kind: 'UUIDs',
      text: lines(() => `{"id":"${uuid()}","key":"${uuid()}","parent":"${uuid()}"}`),
    },
    { kind: 'image', text: `data:image/png;base64,iVBORw0KGgo${base64(60_000)}==` },
    { kind: 'image, in lines', text: lines(() => base64(76)) },
    {
      kind: 'checksums',
      text: lines(() => `${hex(64)}  some-file-${hex(4)}.tar.gz\nsha512-${base64(86)}==`),
    },
    {
      kind: 'lock file',
      text: lines(
        (i) =>
          `    "node_modules/pkg-${i}": {\n      "version": "1.${i}.0",\n      "resolved": "https://registry.example.org/pkg-${i}/-/pkg-${i}-1.${i}.0.tgz",\n      "integrity": "sha512-${base64(86)}==",\n      "key": "pkg-${i}"\n    },`,
      ),
    },
    {
      kind: 'hexdump',
      text: lines(
        (i) =>
          `${(i * 16).toString(16).padStart(8, '0')}  ${Array.from({ length: 16 }, () => hex(2)).join(' ')}  |................|`,
      ),
    },
    {
      kind: 'long words',
      text: lines(
        () =>
          'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft pneumonoultramicroscopicsilicovolcanoconiosis some_very_long_snake_case_identifier_of_a_test',
      ),
    },
    {
      kind: 'public keys',
      text: lines(
        () =>
          `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${base64(43)} alice@example\n-----BEGIN CERTIFICATE-----\n${base64(64)}\n-----END CERTIFICATE-----`,
      ),
    },
    {
      kind: 'docker',
      text: lines(
        () =>
          `${hex(12)}   sha256:${hex(64)}   2 days ago   1.2GB\nLayer ${hex(12)}: Pull complete`,
      ),
    },
    {
      kind: 'settings',
      text: lines(
        (i) =>
          `max_tokens: 100000\ntoken_type: bearer\nsort_key: created_at_desc\n"keyBinding": "ctrl+shift+${i}"\npassword: \${DB_PASSWORD}\n"apiKey": "YOUR_API_KEY_HERE"\nprimary_key=user_id_${i}\nAPI_KEY=$API_KEY\nsecretRef: my-secret-name`,
      ),
    },
    {
      kind: 'code',
      text: lines(
        (i) =>
          `const token = await getToken(request, ${i});\nif (token === undefined) throw new TokenError();\nfunction open(key: Uint8Array, secret: string, password?: string): Promise<Token> {\n  return { token: token.value, secret: keys[${i}], auth: this.auth, key: \`block-${i}\` };\n}`,
      ),
    },
    {
      kind: 'prose',
      text: lines(
        (i) =>
          `The token expires after ${i} minutes; the secret is kept in Vault. Password: required. Bearer authentication is used: see "Authorization: Bearer <token>".`,
      ),
    },
    {
      kind: 'addresses',
      text: lines(
        (i) =>
          `https://example.org:8443/path/${hex(32)}?page=${i}&sort=key#token redis://localhost:6379/0 git@github.com:owner/repo.git`,
      ),
    },
    {
      kind: 'numbers',
      text: lines(
        (i) =>
          `2026-11-22T20:${String(i % 60).padStart(2, '0')}:09.123Z ${i * 7919} 1234567890:${i} 0x${hex(16)} key=${i} tokens: ${i * 100}`,
      ),
    },
    { kind: 'minified', text: readFileSync('node_modules/@xterm/xterm/lib/xterm.js', 'utf8') },
    { kind: 'library', text: readFileSync('node_modules/@noble/curves/secp256k1.js', 'utf8') },
    {
      kind: 'documents',
      text: readFileSync('LICENSE', 'utf8'),
    },
  ];
}
