// Lines of text for a terminal: wrapped to its width by words, each in one pen, and Markdown as
// people read it without markup. All text comes out printable. Knows no terminal.
import { cellsOf, printable } from './printable.ts';

export type LinePen = 'plain' | 'strong' | 'quiet' | 'ask' | 'good' | 'bad';

export interface Line {
  readonly text: string;
  readonly pen: LinePen;
}

/** A tab in an agent's text, in cells. */
const TAB = '    ';

/** Every line of the text, wrapped, behind `first` or, where it goes on, `rest`. */
export function wrapped(
  text: string,
  cols: number,
  pen: LinePen,
  first = '',
  rest = first,
): readonly Line[] {
  const lines: Line[] = [];
  for (const line of text.split('\n')) {
    const lead = lines.length === 0 ? first : rest;
    lines.push(...wrappedLine(printable(line.replaceAll('\t', TAB)), cols, pen, lead, rest));
  }
  return lines;
}

function wrappedLine(
  text: string,
  cols: number,
  pen: LinePen,
  first: string,
  rest: string,
): readonly Line[] {
  const lines: Line[] = [];
  let lead = first;
  let room = Math.max(8, cols - cellsOf(lead));
  let kept = '';
  let cells = 0;
  const end = (): void => {
    lines.push({ text: (lead + kept).trimEnd(), pen });
    lead = rest;
    room = Math.max(8, cols - cellsOf(lead));
    kept = '';
    cells = 0;
  };
  for (const word of text.match(/\s+|[^\s]+/g) ?? []) {
    const isBlank = word.trim() === '';
    const width = cellsOf(word);
    if (cells + width > room && cells > 0 && width <= room) end();
    if (isBlank && cells === 0 && lines.length > 0) continue;
    for (const character of width <= room ? [word] : word) {
      const one = cellsOf(character);
      if (cells + one > room && cells > 0) end();
      kept += character;
      cells += one;
    }
  }
  if (kept !== '' || lines.length === 0) end();
  return lines;
}

/** An answer: headings, lists, quotes and code as lines; marks of emphasis are left out. */
export function markdownLines(text: string, cols: number): readonly Line[] {
  const lines: Line[] = [];
  let fence = '';
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (fence !== '') {
      if (mark !== null && mark[1]?.startsWith(fence) === true && mark[2]?.trim() === '')
        fence = '';
      else lines.push(...wrapped(line, cols, 'quiet', '  │ '));
    } else if (mark !== null) {
      fence = mark[1] ?? '```';
    } else lines.push(...proseLine(line, cols));
  }
  return lines;
}

function proseLine(line: string, cols: number): readonly Line[] {
  const heading = /^ {0,3}#{1,6}\s+(.*?)\s*#*$/.exec(line);
  if (heading !== null) return wrapped(withoutMarks(heading[1] ?? ''), cols, 'strong');
  const item = /^(\s*)(?:[-*+]|(\d{1,9}[.)]))\s+(.*)$/.exec(line);
  if (item !== null) {
    const lead = `${item[1] ?? ''}${item[2] ?? '•'} `;
    return wrapped(withoutMarks(item[3] ?? ''), cols, 'plain', lead, ' '.repeat(cellsOf(lead)));
  }
  const quote = /^ {0,3}>\s?(.*)$/.exec(line);
  if (quote !== null) return wrapped(withoutMarks(quote[1] ?? ''), cols, 'quiet', '│ ');
  if (/^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/.test(line)) return [{ text: '───', pen: 'quiet' }];
  return wrapped(withoutMarks(line), cols, 'plain');
}

function withoutMarks(text: string): string {
  return text
    .replace(/\*\*([^*]+)\*\*|__([^_]+)__/g, '$1$2')
    .replace(/`([^`]+)`/g, '$1')
    .replace(/!?\[([^\][]+)\]\(([^()\s]+)\)/g, '$1 ($2)');
}
