// Which control sequences (ESC … and CSI …) may reach an emulator, and with what numbers.
// Knows single sequences; not the stream they stand in, and nothing of control strings.
import { concat, utf8 } from '../protocol/bytes.ts';
import { unreachable } from '../protocol/result.ts';

/** Who gets a sequence. Queries go to the sharer's emulator alone: it is the one that answers. */
type Audience = 'all' | 'emulator';

/** What a count may not exceed: an emulator loops that often over lines, stops or cells. */
type Bound = 'rows' | 'cols' | 'cells' | 'number';

interface Rule {
  readonly audience: Audience;
  readonly bound: Bound;
}

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** What stands at an ESC. `end` is the index behind it. */
export type Sequence =
  /** Not whole yet. */
  | { readonly kind: 'more' }
  /** Whole, and right as it stands. */
  | { readonly kind: 'pass'; readonly end: number }
  | {
      readonly kind: 'instead';
      readonly end: number;
      readonly emulator: Uint8Array;
      readonly viewers: Uint8Array;
    }
  /** Longer than any real one: skip to its final byte. */
  | { readonly kind: 'endless'; readonly end: number }
  /** A control string starts; `opener` is the byte after ESC. */
  | { readonly kind: 'string'; readonly opener: number };

/** 32 parameters of five digits and a few more; nothing real is longer. In bytes. */
const SEQUENCE_BYTES_MAX = 256;
/** The largest parameter that passes: colours and modes are smaller. */
const PARAMETER_MAX = 65_535;

const ESC = 0x1b;
const CAN = 0x18;
const SUB = 0x1a;
const CSI = 0x5b;
/** ESC ] P X ^ _ : OSC, DCS, SOS, PM, APC. */
const STRING_OPENERS = [0x5d, 0x50, 0x58, 0x5e, 0x5f];
const NOTHING = new Uint8Array(0);
/**
 * In the place of a sequence that viewers do not get: an emulator ignores it, but forgets, as
 * after the sequence, which character a following accent would join.
 */
const NOTED: Uint8Array = Uint8Array.of(0);

function key(prefix: number, intermediate: number, final: number): number {
  return (prefix << 16) | (intermediate << 8) | final;
}

function rules(): ReadonlyMap<number, Rule> {
  const table = new Map<number, Rule>();
  const add = (names: string, audience: Audience, bound: Bound): void => {
    for (const name of names.split(' ')) {
      const last = name.length - 1;
      const prefix = '<=>?'.includes(name.charAt(0)) ? name.charCodeAt(0) : 0;
      const inner = name.slice(prefix === 0 ? 0 : 1, last);
      const intermediate = inner === '' ? 0 : inner === '_' ? 0x20 : inner.charCodeAt(0);
      table.set(key(prefix, intermediate, name.charCodeAt(last)), { audience, bound });
    }
  };
  // '_' stands for the space, which is an intermediate too.
  add('L M S T', 'all', 'rows');
  add("@ P X I Z _@ _A '} '~", 'all', 'cols');
  add('b', 'all', 'cells');
  add('A B C D E F G H J K ` a d e f g h l m r s u', 'all', 'number');
  add('?J ?K ?h ?l !p _q "q', 'all', 'number');
  add('c >c n ?n $p ?$p', 'emulator', 'number');
  return table;
}

/** [SA4] A sequence that is not in here has no business in an emulator of ours: dropped. */
const RULES = rules();

const ESCAPES = new Set(utf8('78DEHM=>cno|}~'));
const CHARSET_SLOTS = new Set(utf8('()*+-./'));

/** Reads what stands at `start`, where there is an ESC. */
export function sequenceAt(bytes: Uint8Array, start: number, size: Size): Sequence {
  const second = bytes[start + 1];
  if (second === undefined) return { kind: 'more' };
  if (second === CSI) return controlAt(bytes, start, size);
  if (STRING_OPENERS.includes(second)) return { kind: 'string', opener: second };
  return escapeAt(bytes, start);
}

function escapeAt(bytes: Uint8Array, start: number): Sequence {
  const inner: number[] = [];
  const early: number[] = [];
  for (let i = start + 1; i < bytes.length; i++) {
    if (i - start > SEQUENCE_BYTES_MAX) return { kind: 'endless', end: i };
    const byte = bytes[i] ?? 0;
    if (byte === ESC || byte >= 0x80) return instead(i, early, NOTHING);
    if (byte === CAN || byte === SUB) return instead(i + 1, early, NOTHING);
    if (byte < 0x20) early.push(byte);
    else if (byte < 0x30) inner.push(byte);
    else if (byte !== 0x7f) {
      const known = isEscape(inner, byte);
      if (known && i - start === inner.length + 1) return { kind: 'pass', end: i + 1 };
      return instead(i + 1, early, known ? Uint8Array.of(ESC, ...inner, byte) : NOTHING);
    }
  }
  return { kind: 'more' };
}

function isEscape(inner: readonly number[], final: number): boolean {
  const [slot] = inner;
  if (slot === undefined) return ESCAPES.has(final);
  if (inner.length > 1) return false;
  if (slot === 0x23) return final === 0x38; // ESC # 8
  if (slot === 0x25) return final === 0x40 || final === 0x47; // ESC % @, ESC % G
  return CHARSET_SLOTS.has(slot);
}

function controlAt(bytes: Uint8Array, start: number, size: Size): Sequence {
  const length = bytes.length;
  let i = start + 2;
  const lead = bytes[i] ?? 0;
  const prefix = lead >= 0x3c && lead <= 0x3f ? lead : 0;
  if (prefix !== 0) i++;
  const from = i;
  while (i < length && isParameter(bytes[i] ?? 0)) i++;
  const to = i;
  const inner = bytes[i] ?? 0;
  const intermediate = inner >= 0x20 && inner <= 0x2f ? inner : 0;
  if (intermediate !== 0) i++;
  if (i >= length) return i - start > SEQUENCE_BYTES_MAX ? { kind: 'endless', end: i } : MORE;
  if (i - start > SEQUENCE_BYTES_MAX) return { kind: 'endless', end: i };
  const final = bytes[i] ?? 0;
  if (final < 0x40 || final > 0x7e) return oddControlAt(bytes, start, size);
  const end = i + 1;
  const rule = RULES.get(key(prefix, intermediate, final));
  if (rule === undefined) return { kind: 'instead', end, emulator: NOTHING, viewers: NOTHING };
  const clamped = clampedParameters(bytes, from, to, boundOf(rule.bound, size));
  if (rule.audience === 'all' && clamped === null) return { kind: 'pass', end };
  const whole =
    clamped === null
      ? bytes.subarray(start, end)
      : concat(bytes.subarray(start, from), utf8(clamped), bytes.subarray(to, end));
  return {
    kind: 'instead',
    end,
    emulator: whole,
    viewers: rule.audience === 'all' ? whole : NOTED,
  };
}

const MORE: Sequence = { kind: 'more' };

/**
 * A CSI with something odd in it. Control characters inside take effect at once, so they are
 * put before it (vttest looks at that); anything else that does not belong makes it void.
 */
function oddControlAt(bytes: Uint8Array, start: number, size: Size): Sequence {
  const early: number[] = [];
  const rest: number[] = [];
  for (let i = start + 2; i < bytes.length; i++) {
    if (i - start > SEQUENCE_BYTES_MAX) return { kind: 'endless', end: i };
    const byte = bytes[i] ?? 0;
    if (byte === ESC || byte >= 0x80) return instead(i, early, NOTHING);
    if (byte === CAN || byte === SUB) return instead(i + 1, early, NOTHING);
    if (byte < 0x20) early.push(byte);
    else if (byte !== 0x7f) rest.push(byte);
    if (byte >= 0x40 && byte <= 0x7e) {
      const cleaned = Uint8Array.of(ESC, CSI, ...rest);
      if (cleaned.length === i + 1 - start) return instead(i + 1, early, NOTHING);
      const found = controlAt(cleaned, 0, size);
      if (found.kind === 'pass') return instead(i + 1, early, cleaned);
      if (found.kind !== 'instead') return instead(i + 1, early, NOTHING);
      const before = Uint8Array.from(early);
      return {
        kind: 'instead',
        end: i + 1,
        emulator: concat(before, found.emulator),
        viewers: concat(before, found.viewers),
      };
    }
  }
  return MORE;
}

function instead(end: number, early: readonly number[], rest: Uint8Array): Sequence {
  const bytes = early.length === 0 ? rest : concat(Uint8Array.from(early), rest);
  return { kind: 'instead', end, emulator: bytes, viewers: bytes };
}

/** Digits, ';' and ':'. */
function isParameter(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x3b;
}

function boundOf(bound: Bound, { cols, rows }: Size): number {
  switch (bound) {
    case 'rows':
      return rows;
    case 'cols':
      return cols;
    case 'cells':
      return cols * rows;
    case 'number':
      return PARAMETER_MAX;
    default:
      return unreachable(bound);
  }
}

/** The parameters with none above `bound`; null where that is so already. */
function clampedParameters(
  bytes: Uint8Array,
  from: number,
  to: number,
  bound: number,
): string | null {
  let value = 0;
  let over = false;
  for (let i = from; i < to && !over; i++) {
    const byte = bytes[i] ?? 0;
    value = byte < 0x3a ? value * 10 + byte - 0x30 : 0;
    over = value > bound;
  }
  if (!over) return null;
  const text = String.fromCharCode(...bytes.subarray(from, to));
  return text.replace(/\d+/g, (digits) => (Number(digits) > bound ? String(bound) : digits));
}
