// What must not leave the machine in a text: known values and key shapes become a note that keeps
// no part of them, the home directory becomes ~. Pure: values and home come in as data.
import { openHomeSearch } from './home-directory.ts';
import { isSecretValue, isSecretVariable } from './secret-names.ts';
import { openLiterals, spellings } from './secret-literals.ts';
import { openWordScanner, type SecretSpan } from './secret-words.ts';

/** Of an environment; more are not looked for. */
const SECRETS_MAX = 256;
/** A colour or another control sequence in the middle of a word, in UTF-16 units. */
const SEQUENCE_CHARS_MAX = 64;

export interface Masking {
  readonly mask: (text: string) => string;
  /** For a text that comes in pieces. */
  readonly stream: () => MaskStream;
  /** Where secrets are, for what is more than text. */
  readonly scan: () => SecretScanner;
}

export interface MaskStream {
  /** What may be shown now. [MK2] The same in all, however the text is split. */
  readonly push: (piece: string) => string;
  /** The rest; then another text may begin. */
  readonly flush: () => string;
  /** UTF-16 units that are not yet decided. */
  readonly held: () => number;
}

/** Positions are UTF-16 units since the text's beginning. */
export interface SecretScanner {
  readonly push: (text: string) => void;
  readonly end: () => void;
  /** All spans that begin before this are told. */
  readonly decided: () => number;
  /** What was found and not yet taken, in the order in which it begins. */
  readonly take: (before: number) => readonly SecretSpan[];
  /** Characters looked at so far, each as often as it was: what a text costs. */
  readonly work: () => number;
}

/** [MK1] Values to be looked for, of variables whose name says secret. */
export function secretsOf(
  variables: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const found = new Set<string>();
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && isSecretVariable(name) && isSecretValue(value.trim())) {
      found.add(value.trim());
    }
  }
  return [...found];
}

/** `home` is null where paths stay as they are. */
export function openMasking(options: {
  readonly secrets: readonly string[];
  readonly home: string | null;
}): Masking {
  const known = options.secrets.slice(0, SECRETS_MAX).flatMap(spellings);
  const literals = openLiterals(known);

  function scan(): SecretScanner {
    let waiting: SecretSpan[] = [];
    const tell = (span: SecretSpan): void => void waiting.push(span);
    const words = openWordScanner(tell);
    const values = literals.search();
    const home = openHomeSearch(options.home, tell);
    let at = 0;
    return {
      push(text) {
        words.push(text);
        home.push(text);
        for (let i = 0; i < text.length && known.length > 0; i++) {
          const length = values.push(text.charCodeAt(i));
          if (length > 0) tell({ from: at + i + 1 - length, to: at + i + 1, label: 'secret' });
        }
        at += text.length;
      },
      end() {
        words.end();
        home.end();
      },
      decided: () => Math.min(words.decided(), home.decided(), at - values.open()),
      work: words.work,
      take(before) {
        waiting.sort((a, b) => a.from - b.from || b.to - a.to);
        const first = waiting.findIndex((span) => span.from >= before);
        const taken = first < 0 ? waiting : waiting.slice(0, first);
        waiting = first < 0 ? [] : waiting.slice(first);
        return taken;
      },
    };
  }

  function stream(): MaskStream {
    let text = openMaskedText(scan());
    return {
      push: (piece) => text.push(piece),
      held: () => text.held(),
      flush() {
        const rest = text.flush();
        text = openMaskedText(scan());
        return rest;
      },
    };
  }

  return {
    mask(text) {
      const whole = openMaskedText(scan());
      return whole.push(text) + whole.flush();
    },
    stream,
    scan,
  };
}

/** What stands in a secret's place. */
export function maskOf(label: string): string {
  return label === '~' ? '~' : `‹masked ${label}›`;
}

function openMaskedText(scanner: SecretScanner): MaskStream {
  /** Without control sequences, from position `base` on. */
  let shown = '';
  let base = 0;
  let at = 0;
  let maskedTo = 0;
  let sequences: { readonly at: number; readonly text: string }[] = [];
  let given = 0;
  /** The beginning of a control sequence. */
  let begun = '';

  /** [MK3] Colours within a word hide nothing: they are put aside, and given back in their place. */
  function take(piece: string): void {
    const all = begun + piece;
    begun = '';
    let from = 0;
    for (;;) {
      const escape = all.indexOf('\u001b', from);
      if (escape < 0) return show(all.slice(from));
      show(all.slice(from, escape));
      const end = sequenceEnd(all, escape);
      if (end === 'open') {
        begun = all.slice(escape);
        return;
      }
      if (end === escape) show(all.slice(escape, escape + 1));
      else sequences.push({ at: base + shown.length, text: all.slice(escape, end) });
      from = Math.max(end, escape + 1);
    }
  }

  function show(text: string): void {
    if (text === '') return;
    shown += text;
    scanner.push(text);
  }

  /** All before `to` is decided. */
  function give(to: number): string {
    let out = '';
    for (const span of scanner.take(to)) {
      if (span.from <= maskedTo && maskedTo > 0) {
        maskedTo = Math.max(maskedTo, span.to);
        continue;
      }
      out += plain(Math.max(at, maskedTo), span.from) + maskOf(span.label);
      maskedTo = span.to;
    }
    out += plain(Math.max(at, maskedTo), to);
    at = Math.max(at, to);
    shown = shown.slice(at - base);
    base = at;
    sequences = sequences.slice(given);
    given = 0;
    return out;
  }

  /** From where the text was given up to `to`, with the sequences that stand before `to`. */
  function plain(from: number, to: number): string {
    let out = '';
    let done = from;
    for (; given < sequences.length; given++) {
      const sequence = sequences[given];
      if (sequence === undefined || sequence.at > to) break;
      out += shown.slice(Math.max(0, done - base), Math.max(0, sequence.at - base)) + sequence.text;
      done = Math.max(done, sequence.at);
    }
    return out + shown.slice(Math.max(0, done - base), Math.max(0, to - base));
  }

  return {
    push(piece) {
      take(piece);
      return give(scanner.decided());
    },
    flush() {
      const rest = begun;
      begun = '';
      show(rest);
      scanner.end();
      return give(base + shown.length);
    },
    held: () => base + shown.length - at + begun.length,
  };
}

/** Behind a control sequence that changes no text; `from` where there is none, 'open' where it has not ended. */
function sequenceEnd(text: string, from: number): number | 'open' {
  if (from + 1 >= text.length) return 'open';
  if (text[from + 1] !== '[') return from;
  const limit = Math.min(text.length, from + SEQUENCE_CHARS_MAX);
  for (let i = from + 2; i < limit; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x40 && unit <= 0x7e) return i + 1;
    if (unit < 0x20 || unit > 0x3f) return from;
  }
  return limit - from >= SEQUENCE_CHARS_MAX ? from : 'open';
}
