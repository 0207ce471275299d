// Keys of every known shape, made up here from a fixed seed, and the places in which they stand.
// None of them ever opened anything.

export interface Sample {
  readonly shape: string;
  readonly secret: string;
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();
const DIGITS = '0123456789';
const HEX = '0123456789abcdef';
const BASE62 = UPPER + LOWER + DIGITS;
const BASE64URL = `${BASE62}-_`;
const BASE64 = `${BASE62}+/`;

/** Numbers that are the same in every run (xorshift32). */
export function openDice(seed: number): (sides: number) => number {
  let x = seed;
  return (sides) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % sides;
  };
}

export function drawn(dice: (sides: number) => number, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(dice(alphabet.length))).join('');
}

/** Keys that tell themselves by their shape, wherever they stand. */
export function shapedSamples(seed: number): readonly Sample[] {
  const dice = openDice(seed);
  const of = (alphabet: string, length: number): string => drawn(dice, alphabet, length);
  const web = (claims: number): string =>
    `eyJ${of(BASE64URL, 33)}.eyJ${of(BASE64URL, claims)}.${of(BASE64URL, 43)}`;
  return [
    { shape: 'GitHub, classic', secret: `ghp_${of(BASE62, 36)}` },
    { shape: 'GitHub, OAuth', secret: `gho_${of(BASE62, 36)}` },
    { shape: 'GitHub, server', secret: `ghs_${of(BASE62, 36)}` },
    { shape: 'GitHub, fine', secret: `github_pat_${of(BASE62, 22)}_${of(BASE62, 59)}` },
    { shape: 'GitLab', secret: `glpat-${of(BASE64URL, 20)}` },
    { shape: 'OpenAI', secret: `sk-${of(BASE62, 48)}` },
    { shape: 'OpenAI, project', secret: `sk-proj-${of(BASE64URL, 120)}` },
    { shape: 'Anthropic', secret: `sk-ant-api03-${of(BASE64URL, 93)}AA` },
    { shape: 'AWS, id', secret: `AKIA${of(UPPER + '234567', 16)}` },
    { shape: 'AWS, session id', secret: `ASIA${of(UPPER + '234567', 16)}` },
    { shape: 'Google', secret: `AIza${of(BASE64URL, 35)}` },
    { shape: 'Google, OAuth', secret: `ya29.${of(BASE64URL, 120)}` },
    { shape: 'Slack, bot', secret: `xoxb-${of(DIGITS, 12)}-${of(DIGITS, 12)}-${of(BASE62, 24)}` },
    { shape: 'Slack, app', secret: `xapp-1-A${of(UPPER, 10)}-${of(DIGITS, 13)}-${of(HEX, 64)}` },
    { shape: 'Stripe', secret: `sk_live_${of(BASE62, 24)}` },
    { shape: 'Stripe, restricted', secret: `rk_live_${of(BASE62, 99)}` },
    { shape: 'npm', secret: `npm_${of(BASE62, 36)}` },
    { shape: 'PyPI', secret: `pypi-AgEIcHlwaS5vcmc${of(BASE64URL, 140)}` },
    { shape: 'Hugging Face', secret: `hf_${of(BASE62, 34)}` },
    { shape: 'SendGrid', secret: `SG.${of(BASE64URL, 22)}.${of(BASE64URL, 43)}` },
    { shape: 'Twilio', secret: `SK${of(HEX, 32)}` },
    { shape: 'DigitalOcean', secret: `dop_v1_${of(HEX, 64)}` },
    { shape: 'Telegram', secret: `${1 + dice(9)}${of(DIGITS, 9)}:AA${of(BASE64URL, 33)}` },
    { shape: 'Discord', secret: `M${of(BASE62, 25)}.${of(BASE62, 6)}.${of(BASE64URL, 38)}` },
    { shape: 'web token', secret: web(120) },
    { shape: 'web token, long', secret: web(6000) },
    { shape: 'Shopify', secret: `shpat_${of(HEX, 32)}` },
    { shape: 'Groq', secret: `gsk_${of(BASE62, 52)}` },
    { shape: 'Docker', secret: `dckr_pat_${of(BASE64URL, 27)}` },
    { shape: 'Vault', secret: `hvs.${of(BASE64URL, 95)}` },
    { shape: 'age', secret: `AGE-SECRET-KEY-1${of(UPPER + DIGITS, 58)}` },
  ];
}

/** The places in which keys with a shape are printed. */
export const PLACES: readonly ((secret: string) => string)[] = [
  (key) => key,
  (key) => `the key is ${key}, keep it`,
  (key) => `export SOMETHING=${key}`,
  (key) => `{"value":"${key}","next":1}`,
  (key) => `"{\\"value\\":\\"${key}\\"}"`,
  (key) => `before\\n${key}\\nafter`,
  (key) => `https://example.org/?k=${key}&x=1`,
  (key) => `(${key})`,
  (key) => `| ${key} |`,
  (key) => `schlüssel：${key}。`,
  (key) => `+ ${key}\n- old`,
  (key) => `\`${key}\``,
];

/** Values that only their name gives away: `text` is what is printed. */
export function namedSamples(seed: number): readonly (Sample & { readonly text: string })[] {
  const dice = openDice(seed);
  const of = (alphabet: string, length: number): string => drawn(dice, alphabet, length);
  const aws = of(BASE64, 40);
  const password = `Gr${of(LOWER, 5)}7!${of(LOWER, 4)}`;
  const weak = `${of(LOWER, 7)}${of(DIGITS, 2)}`;
  const hex = of(HEX, 40);
  const pem = Array.from({ length: 12 }, () => of(BASE64, 64));
  const named = (shape: string, secret: string, text: string) => ({ shape, secret, text });
  return [
    named('AWS secret, variable', aws, `AWS_SECRET_ACCESS_KEY=${aws}`),
    named('AWS secret, file', aws, `aws_secret_access_key = ${aws}`),
    named('AWS secret, JSON', aws, `"SecretAccessKey": "${aws}",`),
    named('AWS secret, table', aws, `AKIA${of(UPPER, 16)},${aws}`),
    named('variable', hex, `export API_TOKEN=${hex}`),
    named('variable, quoted', password, `export DB_PASSWORD='${password}'`),
    named('variable, weak', weak, `MYSQL_PASSWORD=${weak}`),
    named('JSON', hex, `{"client_secret": "${hex}"}`),
    named('JSON in JSON', hex, `"{\\"apiKey\\":\\"${hex}\\"}"`),
    named('YAML', password, `  password: ${password}\n  user: bob`),
    named('TOML', hex, `token = "${hex}"`),
    named('XML', password, `<password>${password}</password>`),
    named('code', hex, `const apiKey = "${hex}";`),
    named('code, typed', hex, `let secret: string = '${hex}';`),
    named('flag', hex, `tool --api-key ${hex} run`),
    named('flag with =', password, `tool --password=${password} run`),
    named('query', hex, `GET /x?access_token=${hex}&page=2`),
    named('bearer', hex, `Authorization: Bearer ${hex}`),
    named('bearer, quoted', hex, `-H "Authorization: Bearer ${hex}"`),
    named('bearer, in code', hex, `{ headers: { authorization: 'Bearer ${hex}' } }`),
    named('basic', `${of(BASE62, 22)}==`, ''),
    named('header', hex, `X-Api-Key: ${hex}`),
    named('npmrc', hex, `//registry.example.org/:_authToken=${hex}`),
    named('address', password, `postgres://bob:${password}@db.example.org:5432/app`),
    named('address, git', hex, `https://x-access-token:${hex}@git.example.org/a/b.git`),
    named(
      'armour',
      pem.join('\n'),
      `-----BEGIN PRIVATE KEY-----\n${pem.join('\n')}\nAb==\n-----END PRIVATE KEY-----\n`,
    ),
    named(
      'armour, OpenSSH',
      pem.join('\n'),
      `-----BEGIN OPENSSH PRIVATE KEY-----\n${pem.join('\n')}\n-----END OPENSSH PRIVATE KEY-----`,
    ),
    named(
      'armour, sealed',
      pem.join('\n'),
      `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${of(HEX, 32)}\n\n${pem.join('\n')}\n-----END RSA PRIVATE KEY-----`,
    ),
    named(
      'armour, PGP',
      pem.join('\n'),
      `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n${pem.join('\n')}\n=njUN\n-----END PGP PRIVATE KEY BLOCK-----`,
    ),
    named(
      'armour, JSON',
      pem.join('\\n'),
      `"private_key": "-----BEGIN PRIVATE KEY-----\\n${pem.join('\\n')}\\n-----END PRIVATE KEY-----\\n",`,
    ),
    named(
      'armour, diff',
      pem[3] ?? '',
      `+-----BEGIN PRIVATE KEY-----\n${pem.map((line) => `+${line}`).join('\n')}\n+-----END PRIVATE KEY-----`,
    ),
  ].map((one) => (one.text === '' ? { ...one, text: `Authorization: Basic ${one.secret}` } : one));
}

/** What we know that we do not find: nothing in them says secret. */
export function missedSamples(seed: number): readonly (Sample & { readonly text: string })[] {
  const dice = openDice(seed);
  const of = (alphabet: string, length: number): string => drawn(dice, alphabet, length);
  const hex = of(HEX, 40);
  const words = `${of(LOWER, 6)} ${of(LOWER, 7)} ${of(LOWER, 5)}`;
  const named = (shape: string, secret: string, text: string) => ({ shape, secret, text });
  return [
    named('alone', hex, `${hex}\n`),
    named('netrc', hex, `machine example.org login bob password ${hex}`),
    named('words', words, `"passphrase": "${words}"`),
    named('letters', 'correcthorse', `password: correcthorse`),
    named('cookie', hex, `Cookie: session=${hex}`),
    named('table', hex, `| api key | ${hex} |`),
    named('next line', hex, `Your new token:\n${hex}`),
    named('other name', hex, `WEBHOOK=${hex}`),
    named('short flag', 'hunter2hunter', `mysql -phunter2hunter`),
    named('broken by hand', hex, `API_TOKEN=${hex.slice(0, 20)}\n${hex.slice(20)}`),
  ];
}
