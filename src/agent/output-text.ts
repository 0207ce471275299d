// A command's output as text that may be shown: colours stay, what moves the cursor goes. A line
// that is drawn over (a progress bar) is shown as it first was and as it last was, so that the text
// only ever grows. Knows no secrets.

/** What a chunk left behind for the next one. */
export interface OutputText {
  /** The beginning of a control sequence, or a CR whose LF may still come. */
  readonly rest: string;
  readonly line: Line;
}

type Line =
  /** Nothing of it is shown. */
  | { readonly is: 'fresh' }
  /** It is shown as it is; `returned`: what comes next begins it anew. */
  | { readonly is: 'shown'; readonly returned: boolean }
  /** Begun anew after it was shown: kept back until it ends. */
  | { readonly is: 'over'; readonly text: string; readonly returned: boolean };

export const NO_OUTPUT: OutputText = { rest: '', line: { is: 'fresh' } };

/** A control sequence longer than this is none. In UTF-16 units. */
const SEQUENCE_CHARS_MAX = 4096;

/** Colour; any other CSI; control strings; other escapes; a control character; plain text. */
const TOKENS =
  /(\u001b\[[\d;:]{0,64}m)|\u001b\[[\u0020-\u003f]*[\u0040-\u007e]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[\u0020-\u002f]*[\u0030-\u007e]|([\u0000-\u0009\u000b-\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069])|([\r\n])|([^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+)/g;
const UNFINISHED =
  /(?:\r|\u001b(?:\[[\u0020-\u003f]*|[\]PX^_][^\u0007\u001b]*\u001b?|[\u0020-\u002f]*)|[\ud800-\udbff])$/;

/** [TH6] What `chunk` adds to the text, and what is left for the next chunk. */
export function outputText(before: OutputText, chunk: string): readonly [string, OutputText] {
  const all = before.rest + chunk;
  const open = UNFINISHED.exec(all)?.[0] ?? '';
  const rest = open.length > SEQUENCE_CHARS_MAX ? '' : open;
  const writer = openLineWriter(before.line);
  for (const [, colour, control, move, text] of all
    .slice(0, all.length - open.length)
    .matchAll(TOKENS)) {
    if (move === '\n') writer.end();
    else if (move === '\r') writer.back();
    else if (control === '\t') writer.put('\t');
    else writer.put(colour ?? text ?? '');
  }
  return [writer.out(), { rest, line: writer.line() }];
}

/** Nothing more comes: what was kept back. */
export function outputEnd(before: OutputText): string {
  return before.line.is === 'over' && before.line.text !== '' ? `\n${before.line.text}` : '';
}

function openLineWriter(begun: Line) {
  let line = begun;
  let out = '';
  /** Where the line begins in `out`; it began in an earlier chunk where that is negative. */
  let start = begun.is === 'fresh' ? 0 : -1;
  return {
    put(text: string) {
      if (text === '') return;
      if (line.is === 'over') {
        const kept = line.returned ? text : line.text + text;
        line = { is: 'over', text: kept.slice(-SEQUENCE_CHARS_MAX), returned: false };
        return;
      }
      if (line.is === 'shown' && line.returned) {
        if (start < 0) {
          line = { is: 'over', text, returned: false };
          return;
        }
        out = out.slice(0, start);
      }
      line = { is: 'shown', returned: false };
      out += text;
    },
    back() {
      if (line.is !== 'fresh') line = { ...line, returned: true };
    },
    end() {
      if (line.is === 'over') out += `\n${line.text}`;
      out += '\n';
      start = out.length;
      line = { is: 'fresh' };
    },
    out: () => out,
    line: () => line,
  };
}
