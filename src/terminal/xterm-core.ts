// The one door to the private state of xterm.js 6.0, which its public interface does not
// show: margins, charsets, saved cursors, tab stops, attributes as numbers. Checked when
// opened, so that another version fails here and in plain words, not as a wrong screen.

/** Attributes of a cell, the pen or a saved cursor; pen.ts knows their bits. */
export interface CoreAttributes {
  readonly fg: number;
  readonly bg: number;
}

export interface CoreExtended {
  /** 0 for none. */
  readonly urlId: number;
}

export interface CorePen extends CoreAttributes {
  readonly extended: CoreExtended;
}

/** What a line copies a cell into. */
export interface CoreCell {
  content: number;
  fg: number;
  bg: number;
  combinedData: string;
  /** Only set where `bg` says that there is one. */
  extended: CoreExtended;
}

export interface CoreLine {
  readonly length: number;
  isWrapped: boolean;
  /** 2 for a wide character, 0 for its second half. */
  getWidth(column: number): number;
  getFg(column: number): number;
  getBg(column: number): number;
  /** '' where the cell has no text. */
  getString(column: number): string;
  /** 0 where the cell has no text. */
  hasContent(column: number): number;
  /** Up to its last cell with text. */
  getTrimmedLength(): number;
  loadCell(column: number, into: CoreCell): unknown;
  setCellFromCodepoint(column: number, code: number, width: number, as: CoreCell): void;
}

export type CoreEvent<T> = (listener: (event: T) => void) => { dispose(): void };

export interface CoreLines {
  readonly length: number;
  readonly onTrim: CoreEvent<number>;
  readonly onInsert: CoreEvent<{ index: number; amount: number }>;
  readonly onDelete: CoreEvent<{ index: number; amount: number }>;
  get(index: number): CoreLine | undefined;
  set(index: number, line: CoreLine): void;
}

/** A designated character set; undefined is ASCII. Told apart by identity only. */
export type CoreCharset = object | undefined;

export interface CoreBuffer {
  readonly lines: CoreLines;
  /** Lines above the screen. */
  readonly ybase: number;
  readonly x: number;
  readonly y: number;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly tabs: Readonly<Record<number, boolean | undefined>>;
  readonly savedX: number;
  /** Counted from the buffer's first line, not from the screen's. */
  savedY: number;
  readonly savedCurAttrData: CoreAttributes;
  readonly savedCharset: CoreCharset;
}

export interface CorePrivateModes {
  readonly applicationCursorKeys: boolean;
  readonly applicationKeypad: boolean;
  readonly bracketedPasteMode: boolean;
  readonly cursorBlink: boolean | undefined;
  readonly cursorStyle: 'block' | 'underline' | 'bar' | undefined;
  readonly origin: boolean;
  readonly reverseWraparound: boolean;
  readonly sendFocus: boolean;
  readonly synchronizedOutput: boolean;
  readonly wraparound: boolean;
}

/** A mode that is not in this list would be missing from every screen. */
const PRIVATE_MODES: readonly (keyof CorePrivateModes)[] = [
  'applicationCursorKeys',
  'applicationKeypad',
  'bracketedPasteMode',
  'cursorBlink',
  'cursorStyle',
  'origin',
  'reverseWraparound',
  'sendFocus',
  'synchronizedOutput',
  'wraparound',
];

interface BufferService {
  readonly cols: number;
  readonly rows: number;
  readonly onScroll: CoreEvent<number>;
  readonly buffers: CoreBuffers;
}

export interface CoreBuffers {
  readonly normal: CoreBuffer;
  readonly alt: CoreBuffer;
  readonly active: CoreBuffer;
  readonly onBufferActivate: CoreEvent<unknown>;
}

interface CoreService {
  readonly isCursorHidden: boolean;
  readonly modes: { readonly insertMode: boolean };
  readonly decPrivateModes: CorePrivateModes;
}

interface Charsets {
  readonly charset: CoreCharset;
  readonly glevel: number;
}

export interface Core {
  readonly size: { readonly cols: number; readonly rows: number };
  readonly buffers: CoreBuffers;
  /** After each line that scrolls, and when the other buffer is activated. */
  readonly onScroll: CoreEvent<number>;
  readonly service: CoreService;
  /** The set in use, the slot it came from, and what the four slots hold. */
  readonly charsets: () => Charsets & { readonly slots: readonly CoreCharset[] };
  /** '' where it leads nowhere. */
  readonly linkAddress: (id: number) => string;
  readonly pen: () => CorePen;
  /** Not 0 while the last character can still be joined or repeated. */
  readonly joinState: () => number;
  readonly mouse: { readonly activeProtocol: string; readonly activeEncoding: string };
  readonly options: { readonly convertEol: boolean; readonly cursorBlink: boolean };
  /** Parses at once. Characters must not be cut: see character-carry.ts. */
  readonly parse: (bytes: Uint8Array) => void;
}

export function coreOf(terminal: object): Core {
  const root: unknown = Reflect.get(terminal, '_core');
  const part = <T>(path: string, isPart: (value: unknown) => value is T): T => {
    const value = at(root, path);
    if (!isPart(value)) throw new Error(`${OTHER_VERSION} (${path})`);
    return value;
  };
  const buffering = part('_bufferService', isBufferService);
  const input = part('_inputHandler', isInput);
  const parser = part('_inputHandler._parser', isParser);
  const charsets = part('_charsetService', isCharsets);
  const links = part('_oscLinkService', isLinks);
  part('_charsetService._charsets', Array.isArray);
  rawExtended(input.getAttrData().extended);
  return {
    size: buffering,
    buffers: buffering.buffers,
    onScroll: (listener) => buffering.onScroll(listener),
    service: part('coreService', isCoreService),
    charsets: () => {
      const slots: unknown = Reflect.get(charsets, '_charsets');
      const found = Array.isArray(slots) ? slots.map(asCharset) : [];
      return { charset: charsets.charset, glevel: charsets.glevel, slots: found };
    },
    linkAddress: (id) => (id === 0 ? '' : (links.getLinkData(id)?.uri ?? '')),
    pen: () => input.getAttrData(),
    joinState: () => parser.precedingJoinState,
    mouse: part('coreMouseService', isMouse),
    options: part('optionsService.options', isOptions),
    parse: (bytes) => {
      input.parse(bytes);
    },
  };
}

/** Underline style and colour as they were set; the public ones say 'dashed' for every link. */
export function rawExtended(extended: CoreExtended): number {
  const raw: unknown = Reflect.get(extended, '_ext');
  if (typeof raw !== 'number') throw new Error(`${OTHER_VERSION} (extended attributes)`);
  return raw;
}

const OTHER_VERSION =
  'meshell reads the inside of xterm.js 6.0, and this version looks different inside. ' +
  'Install @xterm/headless and @xterm/xterm in the versions that package.json names.';

/** Whether `value` has these members, each of its kind. */
function has(value: unknown, kinds: Readonly<Record<string, string>>): boolean {
  return Object.entries(kinds).every(([path, kind]) => typeof at(value, path) === kind);
}

function isBufferService(value: unknown): value is BufferService {
  return (
    has(value, { cols: 'number', rows: 'number', onScroll: 'function' }) &&
    has(value, { 'buffers.active': 'object', 'buffers.onBufferActivate': 'function' }) &&
    isBuffer(at(value, 'buffers.normal')) &&
    isBuffer(at(value, 'buffers.alt')) &&
    isLine(lineIn(at(value, 'buffers.normal.lines')))
  );
}

function isBuffer(value: unknown): value is CoreBuffer {
  const numbers = ['ybase', 'x', 'y', 'scrollTop', 'scrollBottom', 'savedX', 'savedY'];
  return (
    numbers.every((name) => typeof at(value, name) === 'number') &&
    has(value, {
      tabs: 'object',
      'savedCurAttrData.fg': 'number',
      'savedCurAttrData.bg': 'number',
    }) &&
    has(value, { 'lines.get': 'function', 'lines.onTrim': 'function', 'lines.length': 'number' }) &&
    has(value, { 'lines.onInsert': 'function', 'lines.onDelete': 'function' }) &&
    has(value, { 'lines.set': 'function' })
  );
}

function lineIn(lines: unknown): unknown {
  const get: unknown = at(lines, 'get');
  return typeof get === 'function' ? Reflect.apply(get, lines, [0]) : undefined;
}

function isLine(value: unknown): value is CoreLine {
  const calls = ['getWidth', 'getFg', 'getBg', 'getString', 'hasContent', 'getTrimmedLength'];
  return (
    [...calls, 'loadCell', 'setCellFromCodepoint'].every(
      (name) => typeof at(value, name) === 'function',
    ) && has(value, { length: 'number', isWrapped: 'boolean' })
  );
}

function isInput(value: unknown): value is {
  parse(bytes: Uint8Array): unknown;
  getAttrData(): CorePen;
} {
  const pen = ['_curAttrData.fg', '_curAttrData.bg', '_curAttrData.extended.urlId'];
  return (
    has(value, { parse: 'function', getAttrData: 'function' }) &&
    pen.every((path) => typeof at(value, path) === 'number')
  );
}

function isParser(value: unknown): value is { readonly precedingJoinState: number } {
  return has(value, { precedingJoinState: 'number' });
}

function isCharsets(value: unknown): value is Charsets {
  return has(value, { glevel: 'number' });
}

function isLinks(
  value: unknown,
): value is { getLinkData(id: number): { readonly uri: string } | undefined } {
  return has(value, { getLinkData: 'function' });
}

function isCoreService(value: unknown): value is CoreService {
  const modes = at(value, 'decPrivateModes');
  return (
    has(value, { isCursorHidden: 'boolean', 'modes.insertMode': 'boolean' }) &&
    typeof modes === 'object' &&
    modes !== null &&
    Object.keys(modes).sort().join() === PRIVATE_MODES.toSorted().join()
  );
}

function isMouse(
  value: unknown,
): value is { readonly activeProtocol: string; readonly activeEncoding: string } {
  return has(value, { activeProtocol: 'string', activeEncoding: 'string' });
}

function isOptions(
  value: unknown,
): value is { readonly convertEol: boolean; readonly cursorBlink: boolean } {
  return has(value, { convertEol: 'boolean', cursorBlink: 'boolean' });
}

function asCharset(value: unknown): CoreCharset {
  return typeof value === 'object' && value !== null ? value : undefined;
}

function at(root: unknown, path: string): unknown {
  let value = root;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}
