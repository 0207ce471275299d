// How fast a terminal's bytes go through what the sharer does with them: sanitizer, emulator,
// ledger, screens. Beside each, xterm.js alone on the same bytes in the same run.
// Run: npx tsx bench/emulator.ts
import { Terminal } from '@xterm/headless/lib-headless/xterm-headless.mjs';
import { utf8 } from '../src/protocol/bytes.ts';
import { openEmulator } from '../src/terminal/emulator.ts';
import { openRowLedger } from '../src/terminal/row-ledger.ts';
import { openSanitizer } from '../src/terminal/sanitizer.ts';
import { openWindowPainter } from '../src/terminal/window-painter.ts';
import { coreOf } from '../src/terminal/xterm-core.ts';

const SIZE = { cols: 120, rows: 36 };
/** As a pty gives them. */
const CHUNK_BYTES = 4096;

function seq(last: number): Uint8Array {
  const lines: string[] = [];
  for (let i = 1; i <= last; i++) lines.push(`${i}\r\n`);
  return utf8(lines.join(''));
}

function repeated(line: string, bytes: number): Uint8Array {
  return utf8(line.repeat(Math.ceil(bytes / line.length)));
}

const LOADS: Readonly<Record<string, Uint8Array>> = {
  'seq 1 2000000': seq(2_000_000),
  yes: repeated('y\r\n', 6e6),
  'plain log': repeated(
    '2026-01-02 12:34:56 INFO worker 17 handled request 4711 in 12 ms\r\n',
    40e6,
  ),
  'coloured log': repeated(
    '\u001b[38;2;90;90;90m12:34:56\u001b[0m \u001b[1;32mINFO\u001b[m handled \u001b[36m4711\u001b[m ok\r\n',
    20e6,
  ),
  'wide text': repeated('漢字かな交じりの文をここに書いておくとどうなるか 👍\r\n', 10e6),
  'full screen': repeated(
    `\u001b[H${Array.from({ length: 35 }, (_, i) => `\u001b[${i + 1};1H\u001b[3${i % 8}mrow ${i} of some screen\u001b[K`).join('')}`,
    10e6,
  ),
};

/** Milliseconds of CPU, of the best of three. */
function cpuMs(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

function chunked(bytes: Uint8Array, each: (chunk: Uint8Array) => void): void {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) each(bytes.subarray(at, at + CHUNK_BYTES));
}

function sanitizerAlone(bytes: Uint8Array): void {
  const sanitizer = openSanitizer(SIZE);
  chunked(bytes, (chunk) => sanitizer.push(chunk));
}

function parserAlone(bytes: Uint8Array): void {
  const terminal = new Terminal({ ...SIZE, scrollback: 5000, allowProposedApi: true });
  const core = coreOf(terminal);
  chunked(bytes, (chunk) => core.parse(chunk));
}

function sharer(bytes: Uint8Array): void {
  const sanitizer = openSanitizer(SIZE);
  const emulator = openEmulator({ ...SIZE, answers: true });
  const ledger = openRowLedger({ firstRow: 0, rows: emulator.rows });
  emulator.onScrolled((from, count) => ledger.scrolled(from + count));
  chunked(bytes, (chunk) => emulator.write(sanitizer.push(chunk).forEmulator));
  ledger.end(emulator.cursor().row);
}

const rate = (bytes: Uint8Array, ms: number): string =>
  `${(bytes.length / ms / 1000).toFixed(0)} MB/s`;

for (const [name, bytes] of Object.entries(LOADS)) {
  const alone = cpuMs(() => sanitizerAlone(bytes));
  const parser = cpuMs(() => parserAlone(bytes));
  const all = cpuMs(() => sharer(bytes));
  console.log(
    `${name} (${(bytes.length / 1e6).toFixed(1)} MB): sanitizer ${rate(bytes, alone)}, ` +
      `xterm.js alone ${rate(bytes, parser)}, all together ${rate(bytes, all)} (${all.toFixed(0)} ms)`,
  );
}

const emulator = openEmulator({ ...SIZE, answers: true });
const painter = openWindowPainter(SIZE);
emulator.write((LOADS['coloured log'] ?? new Uint8Array(0)).subarray(0, 100_000));
const everything = { visibleFrom: 0, alternateVisible: true };
const screens = cpuMs(() => {
  for (let i = 0; i < 200; i++) emulator.screen(everything);
});
const paints = cpuMs(() => {
  for (let i = 0; i < 200; i++) painter.paint(emulator.view());
});
console.log(
  `screen: ${(screens / 200).toFixed(2)} ms, ${emulator.screen(everything).length} bytes; ` +
    `painting no change: ${(paints / 200).toFixed(2)} ms`,
);
