// Edits the text of a settings file in place, so that comments and layout stay. Knows no files.
import {
  applyEdits,
  createScanner,
  findNodeAtLocation,
  modify,
  parseTree,
  type JSONPath,
} from 'jsonc-parser';

const FORMAT = { insertSpaces: true, tabSize: 2, eol: '\n' };

/** The text with this value at the path. */
export function withValue(text: string, path: JSONPath, value: unknown): string {
  return applyEdits(text, modify(text, path, value, { formattingOptions: FORMAT }));
}

/**
 * The text without the property at the path, with whichever comma stood for it. (The library's own
 * removal leaves a comma too many where the last property has one.)
 */
export function withoutValue(text: string, path: JSONPath): string {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const property = tree === undefined ? undefined : findNodeAtLocation(tree, path)?.parent;
  if (property?.type !== 'property') return text;
  const end = property.offset + property.length;
  const after = commaAfter(text, end);
  if (after !== null) return cutLine(text, property.offset, after + 1);
  const siblings = property.parent?.children ?? [];
  const before = siblings[siblings.indexOf(property) - 1];
  const cut = cutLine(text, property.offset, end);
  const comma = before === undefined ? null : commaAfter(text, before.offset + before.length);
  return comma === null ? cut : cut.slice(0, comma) + cut.slice(comma + 1);
}

/** Where the next comma stands, if nothing but blanks and comments is before it. */
function commaAfter(text: string, offset: number): number | null {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  scanner.scan();
  const found = scanner.getTokenOffset();
  return text[found] === ',' ? found : null;
}

/** Without this range, and without its line where nothing else is on it. */
function cutLine(text: string, from: number, to: number): string {
  const start = text.slice(0, from).replace(/[ \t]+$/, '');
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(to));
  const isWholeLine = rest !== null && (start === '' || start.endsWith('\n'));
  return isWholeLine
    ? start + text.slice(to + rest[0].length)
    : text.slice(0, from) + text.slice(to);
}
