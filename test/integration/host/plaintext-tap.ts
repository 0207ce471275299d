// Writes down every plaintext byte that a viewer's link delivers, and looks into all of it: screens
// and frames inflated, Automerge's changes decoded, the screen as an emulator shows it.
import {
  decodeChange,
  free,
  getAllChanges,
  getHistory,
  init,
  applyChanges,
  load,
  type Doc,
} from '@automerge/automerge/slim';
import { deflateNode } from '../../../src/crdt/deflate-node.ts';
import { unpackChanges } from '../../../src/crdt/frame-body.ts';
import { decodeHead } from '../../../src/crdt/frame.ts';
import type { Link } from '../../../src/peer/link.ts';
import { concat } from '../../../src/protocol/bytes.ts';
import type { DocumentId } from '../../../src/protocol/ids.ts';
import { decodeCbor } from '../../../src/protocol/codec.ts';
import { SCREEN_BYTES_MAX } from '../../../src/protocol/limits.ts';
import { decodeToViewer, type CatalogEntry, type Frame } from '../../../src/protocol/message.ts';
import { openScreenParts } from '../../../src/session/screen-parts.ts';
import { openEmulator, type Emulator } from '../../../src/terminal/emulator.ts';

export interface PlaintextTap {
  /** The same link, written down; while held, nothing of it is taken in or acknowledged. */
  readonly around: (link: Link) => Link;
  readonly hold: () => void;
  readonly release: () => void;
  /** What of `planted` stands anywhere in what was delivered, and where. */
  readonly findings: (planted: readonly string[]) => string[];
  /** Everything the viewer was told that there is. */
  readonly named: () => ReadonlyMap<DocumentId, CatalogEntry>;
  readonly gone: () => ReadonlySet<DocumentId>;
  /** Documents of which frames came. */
  readonly framesOf: (id: DocumentId) => number;
  readonly screens: () => number;
  readonly titles: () => readonly string[];
  /** Messages that a viewer cannot understand. */
  readonly unreadable: () => string[];
}

export function openPlaintextTap(): PlaintextTap {
  const texts = new Map<string, string>();
  const named = new Map<DocumentId, CatalogEntry>();
  const gone = new Set<DocumentId>();
  const frames = new Map<DocumentId, Frame[]>();
  const titles: string[] = [];
  const emulator = openEmulator({ cols: 80, rows: 24, answers: false });
  const parts = openScreenParts();
  let messages = 0;
  let screens = 0;
  let bytes = '';
  let gate = Promise.resolve();
  let open = (): void => {};

  function note(where: string, text: string): void {
    if (text !== '') texts.set(`${where} #${messages}`, text);
  }

  function record(lane: string, data: Uint8Array): void {
    messages++;
    note(`raw ${lane}`, latin(data));
    const message = decodeToViewer(data);
    if (!message.ok) {
      note(
        'unreadable',
        JSON.stringify(decodeCbor(data), (_, v) => showBytes(v)),
      );
      return;
    }
    const told = message.value;
    switch (told.type) {
      case 'screen': {
        const gathered = parts.take(told);
        if (gathered === 'torn') throw new Error('a part of a screen that does not follow');
        if (gathered === 'more to come') return;
        screens++;
        const screen = deflateNode.inflate(gathered.whole, SCREEN_BYTES_MAX);
        if (!screen.ok) throw new Error('a screen that cannot be inflated');
        note('screen', latin(screen.value));
        emulator.reset(told.cols, told.rows);
        emulator.write(screen.value);
        return look();
      }
      case 'bytes':
        // What one message begins another may end.
        bytes = (bytes + latin(told.data)).slice(-1024 * 1024);
        emulator.write(told.data);
        return look();
      case 'place':
        titles.push(told.title);
        return note('title', told.title);
      case 'catalog':
        for (const entry of told.entries) named.set(entry.id, entry);
        for (const id of told.gone) gone.add(id);
        return;
      case 'frames':
        for (const frame of told.frames) keepFrame(frame);
        return;
      default:
        return note(told.type, JSON.stringify(told));
    }
  }

  function look(): void {
    const lines = emulator.rows(emulator.top(), emulator.top() + 200).rows;
    note('emulator', lines.map((row) => (row.wrapped ? '' : '\n') + row.text).join(''));
    note('emulator view', viewText(emulator));
    note('emulator title', emulator.title());
  }

  function keepFrame(frame: Frame): void {
    const head = decodeHead(frame.head);
    if (!head.ok) throw new Error('a frame without a head');
    const { document, kind, deflated } = head.value;
    frames.set(document, [...(frames.get(document) ?? []), frame]);
    if (kind !== 'changes') return;
    const changes = unpackChanges({ head: head.value, body: frame.body }, deflateNode.inflate);
    if (!changes.ok) throw new Error(`changes that cannot be read, deflated: ${deflated}`);
    for (const change of changes.value) note('change', opsOf(change));
  }

  return {
    around: (link) => ({
      ...link,
      onMessage: (take) =>
        link.onMessage(async (lane, data) => {
          record(lane, data);
          await gate;
          await take(lane, data);
        }),
    }),
    hold() {
      gate = new Promise((released) => {
        open = released;
      });
    },
    release: () => open(),
    findings(planted) {
      const all = new Map(texts).set('all bytes', bytes);
      for (const [id, kept] of frames) all.set(`document ${id}`, historyOf(kept));
      const found: string[] = [];
      for (const [where, text] of all) {
        for (const one of planted) if (text.includes(one)) found.push(`${one} in ${where}`);
      }
      return found;
    },
    named: () => named,
    gone: () => gone,
    framesOf: (id) => frames.get(id)?.length ?? 0,
    screens: () => screens,
    titles: () => titles,
    unreadable: () =>
      [...texts].filter(([where]) => where.startsWith('unreadable')).map(([, text]) => text),
  };
}

/** What one sees of it, whichever screen is shown. */
export function viewText(emulator: Emulator): string {
  const view = emulator.view();
  const rows = Array.from({ length: view.rows }, (_, row) =>
    Array.from({ length: view.cols }, (_, column) => {
      const { chars, width } = view.cell(row, column);
      return chars === '' && width > 0 ? ' ' : chars;
    })
      .join('')
      .trimEnd(),
  );
  return rows.join('\n').trimEnd();
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** The values of a change's operations, one after the other: also a text written letter by letter. */
function opsOf(change: Uint8Array): string {
  const { ops, message } = decodeChange(change);
  const values = ops.map((op) => ('value' in op ? plain(op.value) : ''));
  return `${message ?? ''}${values.join('')}`;
}

function plain(value: unknown): string {
  if (value instanceof Uint8Array) return latin(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Every state that a document ever had, as far as its frames tell. */
function historyOf(frames: readonly Frame[]): string {
  let doc: Doc<Record<string, unknown>> = init();
  let parts: Uint8Array[] = [];
  let text = '';
  for (const frame of frames) {
    const head = decodeHead(frame.head);
    if (!head.ok) continue;
    if (head.value.kind === 'snapshot') {
      parts = head.value.part === 0 ? [frame.body] : [...parts, frame.body];
      if (parts.length < head.value.parts) continue;
      free(doc);
      doc = load(concat(...parts));
      continue;
    }
    const changes = unpackChanges({ head: head.value, body: frame.body }, deflateNode.inflate);
    if (changes.ok) [doc] = applyChanges(doc, changes.value);
  }
  for (const change of getAllChanges(doc)) text += opsOf(change);
  for (const state of getHistory(doc))
    text += JSON.stringify(state.snapshot, (_, v) => showBytes(v));
  free(doc);
  return text;
}

function showBytes(value: unknown): unknown {
  return value instanceof Uint8Array ? latin(value) : value;
}
