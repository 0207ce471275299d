// Which character set is which. xterm.js keeps the sets as objects without names, so each is
// designated once in an emulator of its own, and remembered.
import { Terminal } from '@xterm/headless/lib-headless/xterm-headless.mjs';
import { utf8 } from '../protocol/bytes.ts';
import { coreOf, type CoreCharset } from './xterm-core.ts';

/** What xterm.js 6 knows besides ASCII. */
const NAMES = '0A4C5RQKYE6ZH7=';
let names: ReadonlyMap<CoreCharset, string> | null = null;

/** The final character that designates a set; '' for ASCII. */
export function charsetName(charset: CoreCharset): string {
  if (charset === undefined) return '';
  names ??= probe();
  return names.get(charset) ?? '';
}

function probe(): ReadonlyMap<CoreCharset, string> {
  const terminal = new Terminal({ cols: 2, rows: 1, scrollback: 0, allowProposedApi: true });
  const core = coreOf(terminal);
  const found = new Map<CoreCharset, string>();
  for (const name of NAMES) {
    core.parse(utf8(`\u001b(${name}`));
    found.set(core.charsets().charset, name);
  }
  terminal.dispose();
  return found;
}
