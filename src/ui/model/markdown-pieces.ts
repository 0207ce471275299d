// Cuts Markdown that is still being written into pieces that are read on their own: what stands
// before the last cut never has to be read again. Knows no syntax beyond what a cut must not split.

/** Text below this is one piece: cutting it saves nothing. In UTF-16 units. */
const PIECE_CHARS = 600;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
/** A line that may go on from what stands before a blank line: lists, quotes, indented text, tables. */
const GOES_ON = /^(?:[ \t]|[-*+]|\d{1,9}[.)]|>|\||<|\[)/;
/** A link's address given elsewhere: then the whole text is read as one. */
const DEFINITION = /^ {0,3}\[[^\]\n]+\]:/m;

export function markdownPieces(text: string): readonly string[] {
  if (text.length < PIECE_CHARS || DEFINITION.test(text)) return [text];
  const pieces: string[] = [];
  let from = 0;
  let fence = '';
  let afterBlank = false;
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline + 1;
    const line = text.slice(at, end);
    if (fence === '' && afterBlank && at - from >= PIECE_CHARS && !GOES_ON.test(line)) {
      pieces.push(text.slice(from, at));
      from = at;
    }
    fence = fenceAfter(fence, line);
    afterBlank = line.trim() === '' && fence === '';
    at = end;
  }
  return [...pieces, text.slice(from)];
}

function fenceAfter(fence: string, line: string): string {
  const mark = FENCE.exec(line)?.[1];
  if (mark === undefined) return fence;
  if (fence === '') return mark;
  const closes = mark.startsWith(fence) && line.trim() === mark;
  return closes ? '' : fence;
}

/** Only these lead anywhere from a page: anything else an agent writes stays text. */
export function safeUrl(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  return protocol === 'http:' || protocol === 'https:' ? href : null;
}
