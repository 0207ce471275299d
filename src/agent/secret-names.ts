// Whether a name says that its value is a secret, and whether a value could be one. Knows no text
// around them: where names and values stand is for secret-words.ts.

/** Shorter values are nobody's secret, and would be found in every text. In UTF-16 units. */
export const SECRET_CHARS_MIN = 8;

/** `sure`: a password or token by its name; `hint`: a key or pass of some sort, so its value must show it. */
export type NameWord = 'sure' | 'hint' | 'none';

const VARIABLE = /KEY|TOKEN|SECRET|PASS|CRED|AUTH/i;
/** Words that hold one of those by chance, and names of places and numbers. */
const NO_VARIABLE =
  /AUTHOR(?!IZ|IS)|AUTHORITY|KEYBOARD|KEYMAP|KEYRING|KEYWORD|KEYSTONE|HOTKEY|MONKEY|DONKEY|TURKEY|ASKPASS|COMPASS|PASSENGER|PASSIVE|BYPASS|TOKENIZER|(?:TOKENS|_SOCK|_PATH|_FILE|_DIR|_HOME|_HOST|_PORT|_URL|_URI|_ENDPOINT|_TYPE|_MODE|_NAME)$/i;

/** Without one of these no name is a secret's: asked first, since most words are none. */
const NAMED = /key|token|secret|pass|pwd|cred|auth|psk/i;
const SURE = new Set([
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'token',
  'apikey',
  'authtoken',
  'credential',
  'credentials',
  'privatekey',
  'accesskey',
  'secretkey',
  'accountkey',
  'pgpassword',
]);
const HINT = new Set(['key', 'pass', 'cred', 'creds', 'auth', 'authorization', 'psk']);
/** Makes a hint sure: 'api key'. */
const KINDS_OF_KEY = new Set(
  'api access secret private auth encryption signing master account shared deploy service storage session client admin webhook app'.split(
    ' ',
  ),
);
/** As its last word, a name is of something about a secret. */
const ABOUT = new Set(
  'id name type count limit url uri path file dir field label length size ref index expires expiry in at prefix suffix hint regex pattern policy class algorithm alg version format error ttl len event code tokens keys kind status state input placeholder title text usage budget window provider source store manager service'.split(
    ' ',
  ),
);
/** Before 'key': a key of a table, a page or a map. */
const OTHER_KEYS = new Set(
  'public foreign primary cache sort partition row map object dict idempotency arrow hot short react unique composite lookup group query translation i18n message host publishable'.split(
    ' ',
  ),
);

/** What stands where a value would: for people, or for a program to fill in. */
const STAND_IN =
  /^(?:[$<{%]|\*{3}|x{4}|X{4}|\.{3}|#\{|process\.env|os\.environ|env[.[]|secrets?\.|vars?\.|your[-_ ]|my[-_ ]|change|replace|insert|enter|example|placeholder|dummy|redacted|masked|null|none|undefined|true|false)/;
const COMMON = new Set(
  'password passwort passwords required optional disabled enabled development production localhost postgres undefined identifier string unknown internal external anonymous default username keyboard authorization bearer accepted rejected database security'.split(
    ' ',
  ),
);
const TYPE_NAME = /^(?:Big)?(?:Uint|Int|Float)\d+\w*$/i;
const MEMBERS = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/;
const PLACE = /^(?:[.~]{0,2}\/[\w./@+-]*|[a-z][a-z0-9+.-]*:\/\/\S*)$/i;

/** An AWS secret may begin with a slash, as a path does. */
const AWS_SECRET = /^(?=.*\d)(?=.*[A-Z])[A-Za-z0-9/+]{40}$/;

/** For variables: wide, since the value itself is known. */
export function isSecretVariable(name: string): boolean {
  return VARIABLE.test(name) && !NO_VARIABLE.test(name);
}

/** A value of a variable that is worth looking for: not a switch, a number of tokens or a plain word. */
export function isSecretValue(value: string): boolean {
  return value.length >= SECRET_CHARS_MIN && !COMMON.has(value.toLowerCase());
}

/** For names in text: `apiKey`, `X-Auth-Token`, `DB_PASSWORD`. */
export function nameWord(name: string): NameWord {
  if (name.length < 3 || !NAMED.test(name)) return 'none';
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (SURE.has(last)) return 'sure';
  if (HINT.has(last)) {
    if (OTHER_KEYS.has(before)) return 'none';
    return last === 'key' && KINDS_OF_KEY.has(before) ? 'sure' : 'hint';
  }
  if (ABOUT.has(last)) return 'none';
  return words.some((word) => SURE.has(word)) && words.length <= 3 ? 'hint' : 'none';
}

/** How a value stands: in quotes, behind `NAME=` as in a shell, or bare behind a colon. */
export type ValueForm = 'quoted' | 'shell' | 'bare';

/** Whether the value of such a name is taken for a secret. */
export function looksSecret(value: string, name: 'sure' | 'hint', form: ValueForm): boolean {
  if (value.length < SECRET_CHARS_MIN || STAND_IN.test(value)) return false;
  if (AWS_SECRET.test(value)) return true;
  if (COMMON.has(value.toLowerCase()) || PLACE.test(value) || TYPE_NAME.test(value)) return false;
  if (form !== 'quoted' && MEMBERS.test(value)) return false;
  if (/\s/.test(value)) return false;
  const digits = value.replace(/\D/g, '').length;
  const letters = value.replace(/[^A-Za-z]/g, '').length;
  if (letters === 0) return name === 'sure' && form !== 'bare' && digits > 0;
  if (name === 'hint') return isDense(value, digits);
  if (digits === 0) return form === 'shell' ? /[^a-z_]/.test(value) : isOdd(value, form);
  // 'sha-256', 'section2': a word and a small number.
  return form !== 'bare' || !/^[A-Za-z]+[-_]?\d{1,3}$/.test(value);
}

/** Letters and digits as no word has them. */
function isDense(value: string, digits: number): boolean {
  return (
    value.length >= 16 &&
    digits >= 3 &&
    /[a-z]/.test(value) &&
    /[A-Z]/.test(value) &&
    !/[ :]/.test(value)
  );
}

/** Without digits: signs as in a password, or letters that change their case like no word. */
function isOdd(value: string, form: ValueForm): boolean {
  if (form === 'quoted' && /[!@#$%^&*+=~]/.test(value)) return true;
  const turns = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  return value.length >= 16 && /^[A-Za-z]+$/.test(value) && turns * 3 >= value.length;
}
