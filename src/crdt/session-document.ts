// The session document: size, roster, grants and queue as they are now. Turns a next value into
// the fewest edits, in changes that each fit a frame. Knows no rules about who may be in it.
import { equalBytes } from '../protocol/bytes.ts';
import type { Participant, QueuedCommand, SessionDocument } from '../protocol/document.ts';
import type { SignedGrant } from '../protocol/grant.ts';
import type { Frame } from '../protocol/message.ts';
import type { Author, AuthoredDocument } from './document-author.ts';
import { changeInFrames } from './changes.ts';
import type { ParticipantShape, QueuedShape, SessionShape } from './document-shape.ts';
import { immutable } from './immutable-text.ts';
import { listEdits, type ListEdit } from './list-edits.ts';
import { utf8Length } from './row-chunk.ts';

/** Past this many changes its history costs a newcomer more than the document: begin it anew. */
export const SESSION_CHANGES_MAX = 2000;
/** An edit without its texts. */
const EDIT_BYTES = 256;

export interface LiveSessionDocument {
  readonly document: AuthoredDocument<'session'>;
  readonly value: () => SessionDocument;
  /** Frames for what is different in `next`; none where nothing is. */
  readonly set: (next: SessionDocument) => Promise<Frame[]>;
  /** Its history has grown past SESSION_CHANGES_MAX. */
  readonly isWorn: () => boolean;
}

type Edit = ListEdit<SessionShape>;

/** The frames that bring it to others are `document.since([])`. */
export async function openSessionDocument(
  author: Author,
  value: SessionDocument,
): Promise<LiveSessionDocument> {
  const document = await author.create('session', 0, {
    cols: value.cols,
    rows: value.rows,
    shell: immutable(value.shell),
    roster: [],
    grants: {},
    queue: [],
  });
  const live = sessionDocumentOf(document);
  await live.set(value);
  return live;
}

/** The same of a document that was loaded. */
function sessionDocumentOf(document: AuthoredDocument<'session'>): LiveSessionDocument {
  return {
    document,
    value: document.value,
    isWorn: () => document.changes() > SESSION_CHANGES_MAX,
    async set(next) {
      return await changeInFrames(document, editsBetween(document.value(), next));
    },
  };
}

function editsBetween(now: SessionDocument, next: SessionDocument): Edit[] {
  return [
    ...scalarEdits(now, next),
    ...grantEdits(now.grants, next.grants),
    ...listEdits(now.roster, next.roster, {
      keyOf: (one: Participant) => one.key,
      same: (a, b) =>
        a.name === b.name && a.hue === b.hue && a.role === b.role && a.present === b.present,
      shapeOf: participantShape,
      bytesOf: (one) => EDIT_BYTES + utf8Length(one.name),
      listIn: (draft: SessionShape) => draft.roster,
      update: updateParticipant,
    }),
    ...listEdits(now.queue, next.queue, {
      keyOf: (one: QueuedCommand) => one.id,
      same: (a, b) => a.text === b.text && a.author === b.author,
      shapeOf: queuedShape,
      bytesOf: (one) => EDIT_BYTES + utf8Length(one.text),
      listIn: (draft: SessionShape) => draft.queue,
      update: updateQueued,
    }),
  ];
}

function scalarEdits(now: SessionDocument, next: SessionDocument): Edit[] {
  const edits: ((draft: SessionShape) => void)[] = [];
  if (now.cols !== next.cols) edits.push((draft) => void (draft.cols = next.cols));
  if (now.rows !== next.rows) edits.push((draft) => void (draft.rows = next.rows));
  if (now.shell !== next.shell) edits.push((draft) => void (draft.shell = immutable(next.shell)));
  return [
    ...edits.map((apply) => ({ bytes: EDIT_BYTES, apply })),
    ...agentsEdit(now.agents, next.agents),
    ...looksEdit(now.looksAt, next.looksAt),
  ];
}

function looksEdit(now: SessionDocument['looksAt'], next: SessionDocument['looksAt']): Edit[] {
  if (now === next) return [];
  return [
    {
      bytes: EDIT_BYTES,
      apply(draft) {
        if (next === undefined) delete draft.looksAt;
        else draft.looksAt = next === null ? null : immutable(next);
      },
    },
  ];
}

function agentsEdit(now: SessionDocument['agents'], next: SessionDocument['agents']): Edit[] {
  const said = JSON.stringify(next);
  if (now === next || said === JSON.stringify(now)) return [];
  const bytes = EDIT_BYTES + utf8Length(said ?? '');
  return [
    {
      bytes,
      apply(draft) {
        if (said === undefined) delete draft.agents;
        else draft.agents = immutable(said);
      },
    },
  ];
}

function grantEdits(now: SessionDocument['grants'], next: SessionDocument['grants']): Edit[] {
  const before = new Map<string, SignedGrant>(Object.entries(now));
  const after = new Map<string, SignedGrant>(Object.entries(next));
  const edits: Edit[] = [];
  for (const [key, grant] of after) {
    const old = before.get(key);
    if (old !== undefined && sameGrant(old, grant)) continue;
    const bytes = EDIT_BYTES + grant.grant.length + grant.signature.length;
    const { grant: body, signature } = grant;
    edits.push({ bytes, apply: (draft) => void (draft.grants[key] = { grant: body, signature }) });
  }
  for (const key of before.keys()) {
    if (after.has(key)) continue;
    edits.push({ bytes: EDIT_BYTES, apply: (draft) => void delete draft.grants[key] });
  }
  return edits;
}

function sameGrant(a: SignedGrant, b: SignedGrant): boolean {
  return equalBytes(a.grant, b.grant) && equalBytes(a.signature, b.signature);
}

function participantShape(one: Participant): ParticipantShape {
  return {
    key: immutable(one.key),
    name: immutable(one.name),
    hue: one.hue,
    role: immutable(one.role),
    present: one.present,
  };
}

function updateParticipant(shape: ParticipantShape, now: Participant, next: Participant): void {
  if (now.name !== next.name) shape.name = immutable(next.name);
  if (now.hue !== next.hue) shape.hue = next.hue;
  if (now.role !== next.role) shape.role = immutable(next.role);
  if (now.present !== next.present) shape.present = next.present;
}

function queuedShape(one: QueuedCommand): QueuedShape {
  return { id: one.id, author: immutable(one.author), text: immutable(one.text) };
}

function updateQueued(shape: QueuedShape, now: QueuedCommand, next: QueuedCommand): void {
  if (now.text !== next.text) shape.text = immutable(next.text);
  if (now.author !== next.author) shape.author = immutable(next.author);
}
