// A block's document: rows go in once, in chunks; it ends once. Knows how they lie there; which
// rows are kept, and when they are flushed, is for the block's maker.
import type { Block, Row } from '../protocol/document.ts';
import type { PublicKey } from '../protocol/ids.ts';
import type { Frame } from '../protocol/message.ts';
import type { Author, AuthoredDocument } from './document-author.ts';
import type { BlockShape } from './document-shape.ts';
import { immutable, pushChunk } from './immutable-text.ts';
import { encodeRows, utf8Length } from './row-chunk.ts';

/** Of what the shell says of itself, in bytes of UTF-8: all three and a chunk are one frame. */
const COMMAND_BYTES_MAX = 32 * 1024;
const DIRECTORY_BYTES_MAX = 4 * 1024;
const BRANCH_BYTES_MAX = 1024;

export interface BlockStart {
  readonly number: number;
  readonly author: PublicKey | null;
  readonly command: string;
  readonly directory: string;
  readonly branch: string | null;
  readonly startedAt: number;
  readonly firstRow: number;
}

export interface BlockEnd {
  readonly exit: number | null;
  readonly endedAt: number;
  readonly state: 'done' | 'interrupted';
}

export interface BlockDocument {
  readonly document: AuthoredDocument<'block'>;
  readonly value: () => Block;
  /** At the end of the head; one frame per 32 KiB encoded. The caller keeps the cap (rowBytes). */
  readonly appendRows: (rows: readonly Row[]) => Promise<Frame[]>;
  /** How many rows stand between head and tail, and the tail whole, in place of any before. */
  readonly setOmittedAndTail: (omitted: number, tail: readonly Row[]) => Promise<Frame[]>;
  readonly end: (end: BlockEnd) => Promise<Frame[]>;
}

/** [FR10] The document begins with the block's start and no rows. */
export async function openBlockDocument(author: Author, start: BlockStart): Promise<BlockDocument> {
  const document = await author.create('block', start.number, {
    author: start.author === null ? null : immutable(start.author),
    command: immutable(clip(start.command, COMMAND_BYTES_MAX)),
    directory: immutable(clip(start.directory, DIRECTORY_BYTES_MAX)),
    branch: start.branch === null ? null : immutable(clip(start.branch, BRANCH_BYTES_MAX)),
    startedAt: Math.floor(start.startedAt),
    endedAt: null,
    exit: null,
    state: immutable('running'),
    firstRow: start.firstRow,
    head: [],
    omitted: 0,
    tail: [],
  });
  return blockDocumentOf(document);
}

/** The same of a document that was loaded. */
export function blockDocumentOf(document: AuthoredDocument<'block'>): BlockDocument {
  /** Edits one after the other, a change and a frame for each that changes something. */
  async function changeEach(edits: readonly ((draft: BlockShape) => void)[]): Promise<Frame[]> {
    const frames = await Promise.all(edits.map((edit) => document.change(edit)));
    return frames.filter((frame) => frame !== null);
  }

  return {
    document,
    value: document.value,
    appendRows(rows) {
      return changeEach(encodeRows(rows).map((chunk) => (draft) => pushChunk(draft.head, chunk)));
    },
    setOmittedAndTail(omitted, tail) {
      const [first, ...rest] = encodeRows(tail);
      return changeEach([
        (draft) => {
          if (draft.omitted !== omitted) draft.omitted = omitted;
          if (draft.tail.length > 0) draft.tail = [];
          if (first !== undefined) pushChunk(draft.tail, first);
        },
        ...rest.map((chunk) => (draft: BlockShape) => pushChunk(draft.tail, chunk)),
      ]);
    },
    end(end) {
      return changeEach([
        (draft) => {
          draft.exit = end.exit;
          draft.endedAt = Math.floor(end.endedAt);
          draft.state = immutable(end.state);
        },
      ]);
    },
  };
}

/** Cut to `bytesMax` of UTF-8, never through a character. */
function clip(text: string, bytesMax: number): string {
  if (utf8Length(text) <= bytesMax) return text;
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > bytesMax) break;
    end += character.length;
  }
  return text.slice(0, end);
}
