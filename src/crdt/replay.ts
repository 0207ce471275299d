// Stored frames back into a document, on the sharer's own disk: heads are checked, signatures
// are not. What does not follow on is left out, what came before it is kept. Knows no store.
import type * as A from '@automerge/automerge/slim';
import { concat } from '../protocol/bytes.ts';
import type { DocumentKind } from '../protocol/document.ts';
import type { DocumentId, SessionId } from '../protocol/ids.ts';
import type { Frame } from '../protocol/message.ts';
import type { Deflate } from '../protocol/ports.ts';
import { err, ok, unreachable, type Result } from '../protocol/result.ts';
import { applied, emptyCopy, freeCopy, headsOf, loaded, type Copy } from './document-copy.ts';
import { READ, rootOf, type Shapes } from './document-shape.ts';
import { unpackChanges } from './frame-body.ts';
import { decodeHead, type OpenedFrame } from './frame.ts';
import { sameHeads } from './heads.ts';

type Known =
  | { readonly kind: 'block'; readonly doc: A.Doc<Shapes['block']> }
  | { readonly kind: 'session'; readonly doc: A.Doc<Shapes['session']> }
  | { readonly kind: 'segment'; readonly doc: A.Doc<Shapes['segment']> };
export type Replayed = Known & {
  readonly id: DocumentId;
  readonly number: number;
  readonly dropped: number;
};

interface ReplayPorts {
  readonly session: SessionId;
  readonly inflate: Deflate['inflate'];
  /** Of the changes to come. */
  readonly actor: string;
}

export function replay(
  stored: readonly Frame[],
  ports: ReplayPorts,
): Result<Replayed, 'store.corrupt'> {
  const frames = opened(stored, ports.session);
  const id = frames[0]?.head.document;
  if (id === undefined) return err('store.corrupt');
  const { copy, used } = replayed(frames, ports);
  const root = rootOf(copy);
  const known = root === null ? null : knownAs(root.kind, copy);
  if (root === null || known === null) {
    freeCopy(copy);
    return err('store.corrupt');
  }
  return ok({ ...known, id, number: root.number, dropped: stored.length - used });
}

/** Those of the first one's document and of this session. */
function opened(stored: readonly Frame[], session: SessionId): OpenedFrame[] {
  const frames: OpenedFrame[] = [];
  for (const frame of stored) {
    const head = decodeHead(frame.head);
    if (!head.ok || head.value.session !== session) continue;
    const isSame = frames[0] === undefined || frames[0].head.document === head.value.document;
    if (isSame) frames.push({ head: head.value, body: frame.body });
  }
  return frames;
}

function replayed(
  frames: readonly OpenedFrame[],
  ports: ReplayPorts,
): { readonly copy: Copy; readonly used: number } {
  let copy = emptyCopy(ports.actor);
  let used = 0;
  let parts: OpenedFrame[] = [];
  for (const [at, frame] of frames.entries()) {
    parts = frame.head.kind === 'snapshot' ? withPart(parts, frame) : [];
    if (frame.head.kind === 'snapshot' && parts.length < frame.head.parts) continue;
    const step = stepped(copy, frame, parts, ports);
    if (step.ok) {
      copy = step.value.copy;
      used += step.value.used;
    } else if (step.fault === 'frame.wrongHeads') {
      // The copy was freed with it: what came before is made anew, and no more is tried.
      return replayed(frames.slice(0, at), ports);
    }
  }
  return { copy, used };
}

function withPart(parts: readonly OpenedFrame[], frame: OpenedFrame): OpenedFrame[] {
  if (frame.head.part === 0) return [frame];
  return frame.head.part === parts.length ? [...parts, frame] : [];
}

/** A changes frame on `copy`, or a whole snapshot in its place. */
function stepped(
  copy: Copy,
  frame: OpenedFrame,
  parts: readonly OpenedFrame[],
  ports: ReplayPorts,
): Result<{ copy: Copy; used: number }> {
  const { head } = frame;
  if (head.kind === 'snapshot') {
    const bytes = concat(...parts.map((part) => part.body));
    const next = loaded(bytes, head.heads, ports.actor);
    if (!next.ok) return err('skipped');
    freeCopy(copy);
    return ok({ copy: next.value, used: parts.length });
  }
  if (!sameHeads(head.base, headsOf(copy))) return err('skipped');
  const changes = unpackChanges(frame, ports.inflate);
  if (!changes.ok) return err('skipped');
  const next = applied(copy, changes.value, head.heads);
  return next.ok ? ok({ copy: next.value, used: 1 }) : next;
}

/** The copy, typed by what reading it has proved. */
function knownAs(kind: DocumentKind, copy: Copy): Known | null {
  switch (kind) {
    case 'session':
      return reads(kind, copy) ? { kind, doc: copy } : null;
    case 'block':
      return reads(kind, copy) ? { kind, doc: copy } : null;
    case 'segment':
      return reads(kind, copy) ? { kind, doc: copy } : null;
    default:
      return unreachable(kind);
  }
}

function reads<K extends DocumentKind>(kind: K, copy: Copy): copy is A.Doc<Shapes[K]> {
  return READ[kind](copy) !== null;
}
