// Takes meshell's own marks out of what a shell writes. Knows their bytes and their nonce;
// not what follows from a mark (shell-state.ts), and nothing of other escape sequences.
import { utf8 as utf8Coder } from '@scure/base';
import { concat, equalBytes, utf8 } from '../protocol/bytes.ts';
import { COMMAND_BYTES_MAX } from '../protocol/limits.ts';

/** How sure a shell is of a command's text: bash has to ask its history, and that can be wrong. */
export type CommandSource =
  /** What was typed, byte for byte. */
  | 'exact'
  /** A new entry of the history: several lines may have been joined into one. */
  | 'history'
  /** The history did not change: a repetition, or a command it was told not to keep. */
  | 'stale';

export type Mark =
  /** A prompt is about to be drawn. */
  | { readonly kind: 'prompt'; readonly cwd: string; readonly pid: number }
  /** The prompt is drawn: what follows is typed. */
  | { readonly kind: 'promptEnd' }
  /** The prompt of a further line, as in an open quote. */
  | { readonly kind: 'continuation'; readonly part: 'start' | 'end' }
  /** The text of the command that starts next. */
  | { readonly kind: 'command'; readonly text: string; readonly source: CommandSource }
  | { readonly kind: 'start' }
  /** `exit` is null where no command ran, as after an empty line. */
  | { readonly kind: 'done'; readonly exit: number | null };

export type Piece =
  | { readonly kind: 'output'; readonly bytes: Uint8Array }
  | { readonly kind: 'mark'; readonly mark: Mark };

export interface MarkScanner {
  /** In order, nothing lost or doubled; output pieces may be views of `bytes`. */
  readonly push: (bytes: Uint8Array) => readonly Piece[];
  /** What was held back as a mark's possible beginning, once no more bytes will come. */
  readonly flush: () => readonly Piece[];
  /** Marks that were dropped: of a wrong nonce, malformed or too long. */
  readonly dropped: () => number;
}

/** A mark, in bytes: the longest command there may be, each byte of it escaped. */
export const MARK_BYTES_MAX = 4 * COMMAND_BYTES_MAX + 1024;

const ESC = 0x1b;
const BEL = 0x07;
const OPENING = utf8('\u001b]7717;');

/**
 * A scanner for `ESC ] 7717 ; … BEL`. Any other byte passes through untouched and at once: only
 * what may be the opening of a mark is held back. An ESC inside a mark ends it (ours have none),
 * so that an unfinished one, printed by a hostile program, cannot swallow a true one.
 */
export function openMarkScanner(nonce: string): MarkScanner {
  const secret = utf8(nonce);
  /** Bytes that are, or may yet become, a mark; always begins with ESC, or is empty. */
  let held = new Uint8Array(0);
  /** A mark that is too long is passed over, up to its end. */
  let passing = false;
  let dropped = 0;

  function push(bytes: Uint8Array): readonly Piece[] {
    const pieces: Piece[] = [];
    const input = held.length === 0 ? bytes : concat(held, bytes);
    held = new Uint8Array(0);
    let plainFrom = passing ? behind(input, 0) : 0;
    if (plainFrom === -1) return pieces;
    passing = false;
    let esc = input.indexOf(ESC, plainFrom);
    while (esc !== -1) {
      const opened = opens(input, esc);
      if (opened === 'no') {
        esc = input.indexOf(ESC, esc + 1);
        continue;
      }
      addOutput(pieces, input.subarray(plainFrom, esc));
      const bodyAt = esc + OPENING.length;
      const end = opened === 'perhaps' ? -1 : endOf(input, bodyAt);
      if (end === -1 && input.length - esc <= MARK_BYTES_MAX) {
        held = input.slice(esc);
        return pieces;
      }
      const isWhole = input[end] === BEL && end - esc <= MARK_BYTES_MAX;
      const mark = isWhole ? parseMark(input.subarray(bodyAt, end), secret) : null;
      if (mark === null) dropped += 1;
      else pieces.push({ kind: 'mark', mark });
      plainFrom = behind(input, bodyAt);
      if (plainFrom === -1) {
        passing = true;
        return pieces;
      }
      esc = input.indexOf(ESC, plainFrom);
    }
    addOutput(pieces, input.subarray(plainFrom));
    return pieces;
  }

  return {
    push,
    flush() {
      const rest = held;
      held = new Uint8Array(0);
      if (rest.length === 0) return [];
      if (opens(rest, 0) === 'yes') {
        dropped += 1;
        return [];
      }
      return [{ kind: 'output', bytes: rest }];
    },
    dropped: () => dropped,
  };
}

/** Whether a mark's opening stands at `at`; 'perhaps' where the input ends within it. */
function opens(input: Uint8Array, at: number): 'yes' | 'no' | 'perhaps' {
  for (let i = 0; i < OPENING.length; i++) {
    const byte = input[at + i];
    if (byte === undefined) return 'perhaps';
    if (byte !== OPENING[i]) return 'no';
  }
  return 'yes';
}

/** Where the mark's BEL, or the ESC that breaks it off, stands; -1 where neither came yet. */
function endOf(input: Uint8Array, from: number): number {
  for (let i = from; i < input.length; i++) {
    if (input[i] === BEL || input[i] === ESC) return i;
  }
  return -1;
}

/** Where output goes on behind a mark's end, which an ESC is not part of; -1 where it has none yet. */
function behind(input: Uint8Array, from: number): number {
  const end = endOf(input, from);
  return input[end] === BEL ? end + 1 : end;
}

function addOutput(pieces: Piece[], bytes: Uint8Array): void {
  if (bytes.length > 0) pieces.push({ kind: 'output', bytes });
}

/**
 * A mark's body, or null where it is none of ours. The three that stand in a prompt carry no
 * nonce, for a prompt's text can be shown by anyone; shell-state.ts takes them only while a
 * prompt is drawn or a line typed.
 */
function parseMark(body: Uint8Array, secret: Uint8Array): Mark | null {
  const fields = split(body);
  const first = fields[0];
  if (first === undefined) return null;
  if (fields.length === 1) return parsePromptMark(text(first));
  if (!equalBytes(first, secret)) return null;
  const [kind, ...values] = fields.slice(1).map(unescaped);
  const [one, two] = values;
  switch (kind) {
    case 'prompt': {
      const pid = wholeNumber(two);
      return one === undefined || pid === null ? null : { kind, cwd: one, pid };
    }
    case 'command':
      if (one === undefined) return null;
      if (two !== 'exact' && two !== 'history' && two !== 'stale') return null;
      return { kind, text: one, source: two };
    case 'start':
      return { kind };
    case 'done': {
      if (one === undefined || one === '') return { kind, exit: null };
      const exit = wholeNumber(one);
      return exit === null ? null : { kind, exit };
    }
    default:
      return null;
  }
}

function parsePromptMark(name: string): Mark | null {
  switch (name) {
    case 'ready':
      return { kind: 'promptEnd' };
    case 'more':
      return { kind: 'continuation', part: 'start' };
    case 'more-ready':
      return { kind: 'continuation', part: 'end' };
    default:
      return null;
  }
}

function split(body: Uint8Array): Uint8Array[] {
  const fields: Uint8Array[] = [];
  let from = 0;
  for (let at = body.indexOf(0x3b); at !== -1; at = body.indexOf(0x3b, from)) {
    fields.push(body.subarray(from, at));
    from = at + 1;
  }
  fields.push(body.subarray(from));
  return fields;
}

const BACKSLASH = 0x5c;

/** Undoes the scripts' escapes: `\\` for a backslash, `\xHH` for what would end a field or mark. */
function unescaped(field: Uint8Array): string {
  if (!field.includes(BACKSLASH)) return text(field);
  const bytes = new Uint8Array(field.length);
  let length = 0;
  for (let i = 0; i < field.length; i++) {
    let byte = field[i] ?? 0;
    if (byte === BACKSLASH) {
      const hex = /^x([0-9a-f]{2})/.exec(String.fromCharCode(...field.subarray(i + 1, i + 4)));
      if (hex === null) i += 1;
      else {
        byte = Number.parseInt(hex[1] ?? '', 16);
        i += 3;
      }
    }
    bytes[length++] = byte;
  }
  return text(bytes.subarray(0, length));
}

/** File names may be any bytes: what is no UTF-8 shows as replacement characters. */
function text(bytes: Uint8Array): string {
  try {
    return utf8Coder.encode(bytes);
  } catch {
    return Array.from(bytes, (b) => (b < 0x80 ? String.fromCharCode(b) : '\ufffd')).join('');
  }
}

function wholeNumber(digits: string | undefined): number | null {
  return digits !== undefined && /^\d{1,10}$/.test(digits) ? Number(digits) : null;
}
