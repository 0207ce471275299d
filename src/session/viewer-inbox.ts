// What a viewer does with what arrives: decode, check, hand on. Screen bytes go to the sink,
// frames through the replica, the rest to the view. A message that cannot be understood ends
// the link: nobody who speaks meshell sends one.
import { openGrant } from '../crypto/grant.ts';
import { catalogFor } from '../crdt/catalog.ts';
import { sameHeads } from '../crdt/heads.ts';
import type { Replica } from '../crdt/replica.ts';
import type { Block, SessionDocument } from '../protocol/document.ts';
import type { Fault } from '../protocol/faults.ts';
import { idBytes, type DocumentId } from '../protocol/ids.ts';
import { SCREEN_BYTES_MAX } from '../protocol/limits.ts';
import {
  decodeToViewer,
  type CatalogEntry,
  type Outcome,
  type ToSharer,
  type ToViewer,
} from '../protocol/message.ts';
import { err, unreachable } from '../protocol/result.ts';
import type { Segment } from '../protocol/thread.ts';
import { openScreenParts } from './screen-parts.ts';
import { faultOf } from './viewer-faults.ts';
import type { Reached } from '../peer/reach.ts';
import type { ViewerPorts } from './viewer-ports.ts';
import type { Path, ScreenSink, ViewerState } from './viewer-state.ts';
import type { ViewInput } from './view.ts';

/** Newest blocks and segments fetched on joining: more than a tall screen shows. The rest when scrolled to. */
const NEWEST_AT_FIRST = 50;
/** The replica's engine waits for the first screen, but where none comes no longer than this, in ms. */
const FIRST_SCREEN_MS = 1500;
/** Documents asked for in one message. */
const WANT_MAX = 200;
/** Documents told of on coming back, as many as the message may name: some 70 bytes each, so 34 KiB. */
const HAVE_MAX = 500;

type Message<T extends ToViewer['type']> = Extract<ToViewer, { type: T }>;

export interface InboxEvents {
  readonly show: (input: ViewInput) => void;
  readonly admitted: (reached: Reached, message: Message<'admitted'>) => void;
  readonly result: (n: number, outcome: Outcome) => void;
  readonly waiting: (words: string, sharer: string) => void;
  readonly whole: (message: Message<'whole'>) => void;
  readonly ended: (fault: Fault) => void;
  readonly send: (message: ToSharer) => void;
  readonly state: () => ViewerState;
}

export interface Inbox {
  /** Takes what this link delivers from now on; what an older one still delivers is left out. */
  readonly take: (reached: Reached) => void;
  readonly attach: (sink: ScreenSink) => void;
  readonly want: (numbers: readonly number[]) => void;
  /** Of what the replica holds, for coming back: what the sharer brings up to date unasked. */
  readonly have: () => { id: DocumentId; heads: Uint8Array[] }[];
}

export function openInbox(ports: ViewerPorts, events: InboxEvents): Inbox {
  let sink: ScreenSink | null = null;
  let latest: Reached | null = null;
  let replica: Promise<Replica> | null = null;
  let opened: Replica | null = null;
  const entries = new Map<DocumentId, CatalogEntry>();
  const wanted = new Set<DocumentId>();
  const parts = openScreenParts();

  let shown: () => void = () => {};
  const firstScreen = new Promise<void>((resolve) => {
    shown = resolve;
  });

  /** [VW3] The engine is the largest thing a page loads: the screen is there before it. */
  async function openEngine(reached: Reached): Promise<Replica> {
    const cancel = ports.clock.after(FIRST_SCREEN_MS, shown);
    await firstScreen;
    cancel();
    return await ports.openReplica(reached.sessionKey);
  }

  async function replicaOf(reached: Reached): Promise<Replica> {
    replica ??= openEngine(reached);
    opened = await replica;
    return opened;
  }

  let documents: Promise<unknown> = Promise.resolve();
  /** Catalogs and frames one after the other, as they came. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const mine = documents.then(work);
    documents = mine.catch(() => undefined);
    return mine;
  }

  async function onMessage(reached: Reached, bytes: Uint8Array): Promise<void> {
    if (reached !== latest) return;
    const message = decodeToViewer(bytes);
    if (!message.ok) {
      reached.link.close();
      return;
    }
    await handle(reached, message.value);
  }

  async function handle(reached: Reached, message: ToViewer): Promise<void> {
    switch (message.type) {
      case 'waiting':
        events.waiting(reached.words, message.sharer);
        break;
      case 'admitted':
        await admitted(reached, message);
        break;
      case 'catalog':
        // Not waited for: what follows it in its lane has nothing to do with the engine.
        inTurn(() => catalog(reached, message)).catch(() => reached.link.close());
        break;
      case 'frames':
        await inTurn(() => frames(reached, message));
        break;
      case 'screen':
        await screen(message);
        break;
      case 'bytes':
        await sink?.bytes(message.data);
        break;
      case 'place':
        events.show({ on: 'place', place: message });
        break;
      case 'result':
        if (message.device === ports.device) events.result(message.n, message.outcome);
        break;
      case 'desk':
        events.show({ on: 'desk', desk: message });
        break;
      case 'request':
        events.show({ on: 'request', request: message.is });
        break;
      case 'whole':
        events.whole(message);
        break;
      case 'ended':
        events.ended(faultOf(message.fault));
        break;
      default:
        unreachable(message);
    }
  }

  async function admitted(reached: Reached, message: Message<'admitted'>): Promise<void> {
    // [VW2] A grant counts only with the signature of the session one proved itself to.
    const grant = await openGrant(message.grant, idBytes(reached.sessionKey), ports.verify);
    const mine = grant.ok && grant.value.to === ports.identity.publicKey;
    if (!grant.ok || !mine || grant.value.session !== reached.session) {
      events.ended('sharer.unproven');
      return;
    }
    events.admitted(reached, message);
    const path = pathOf(reached, events.state().me.owner);
    events.show({ on: 'live', path, session: reached.session, grant: grant.value });
  }

  async function catalog(reached: Reached, message: Message<'catalog'>): Promise<void> {
    const replica = await replicaOf(reached);
    if (reached !== latest) return;
    replica.catalog(message.entries, message.gone);
    for (const id of message.gone) {
      entries.delete(id);
      wanted.delete(id);
    }
    for (const entry of message.entries) entries.set(entry.id, entry);
    wantFirst();
    showReplica();
  }

  /** The session document, then the newest blocks and segments: what is on screen first. */
  function wantFirst(): void {
    const newest = [...entries.values()]
      .filter((entry) => entry.kind !== 'session')
      .sort((a, b) => b.number - a.number)
      .slice(0, NEWEST_AT_FIRST);
    const session = [...entries.values()].filter((entry) => entry.kind === 'session');
    ask([...session, ...newest].map((entry) => entry.id));
  }

  function ask(ids: readonly DocumentId[]): void {
    const missing = ids.filter((id) => !wanted.has(id) && !isHeld(id));
    for (const id of missing) wanted.add(id);
    for (let from = 0; from < missing.length; from += WANT_MAX) {
      events.send({ type: 'want', ids: missing.slice(from, from + WANT_MAX) });
    }
  }

  /** A finished document that is at the catalog's heads: nothing of it is to come. */
  function isHeld(id: DocumentId): boolean {
    const [heads, entry] = [opened?.heads(id) ?? null, entries.get(id)];
    if (heads === null || entry === undefined || !isFinished(id)) return false;
    return sameHeads(heads, entry.heads);
  }

  function isFinished(id: DocumentId): boolean {
    const value = opened?.value(id) ?? null;
    if (value === null) return false;
    return ('command' in value && value.state !== 'running') || ('thread' in value && value.isOver);
  }

  /** [CT6] What still changes first, then the newest: the older ones are finished, and stay as they are. */
  function have(): { id: DocumentId; heads: Uint8Array[] }[] {
    const all = catalogFor(entries.values(), 0);
    const changing = all.filter(({ id }) => !isFinished(id));
    const held = [...changing, ...all.filter(({ id }) => isFinished(id))].flatMap(({ id }) => {
      const heads = opened?.heads(id) ?? null;
      return heads === null ? [] : [{ id, heads }];
    });
    return held.slice(0, HAVE_MAX);
  }

  async function frames(reached: Reached, message: Message<'frames'>): Promise<void> {
    const replica = await replicaOf(reached);
    const all = await Promise.all(message.frames.map((one) => replica.frame(one)));
    let isNews = false;
    for (const taken of all) {
      // A document that failed its check is asked for whole; the replica says so once.
      if (!taken.ok && taken.again !== null) events.send({ type: 'snapshot', id: taken.again });
      if (!taken.ok || taken.value === null) continue;
      isNews = true;
      await sessionChanged(reached, taken.value.kind);
    }
    if (isNews) showReplica();
  }

  /** Our own grant stands in the session document: a newer one there is the one that holds. */
  async function sessionChanged(reached: Reached, kind: string): Promise<void> {
    if (kind !== 'session') return;
    const mine = documentNow()?.grants[ports.identity.publicKey];
    if (mine === undefined) return;
    const grant = await openGrant(mine, idBytes(reached.sessionKey), ports.verify);
    if (grant.ok && grant.value.to === ports.identity.publicKey) {
      events.show({ on: 'granted', grant: grant.value });
    }
  }

  function documentNow(): SessionDocument | null {
    for (const entry of entries.values()) {
      if (entry.kind !== 'session') continue;
      const value = opened?.value(entry.id) ?? null;
      if (value !== null && 'roster' in value) return value;
    }
    return null;
  }

  function showReplica(): void {
    if (opened === null) return;
    const blocks: Block[] = [];
    const segments: Segment[] = [];
    let toCome = 0;
    for (const entry of entries.values()) {
      if (entry.kind === 'session') continue;
      const value = opened.value(entry.id);
      if (value !== null && 'command' in value) blocks.push(value);
      else if (value !== null && 'thread' in value) segments.push(value);
      else toCome++;
    }
    blocks.sort((a, b) => a.number - b.number);
    segments.sort((a, b) => a.number - b.number);
    events.show({ on: 'replica', document: documentNow(), blocks, segments, toCome });
  }

  const inflated = (whole: Uint8Array) => ports.inflate(whole, SCREEN_BYTES_MAX);

  async function screen(message: Message<'screen'>): Promise<void> {
    const gathered = parts.take(message);
    if (sink === null || gathered === 'more to come') return;
    const bytes = gathered === 'torn' ? err('message.malformed') : inflated(gathered.whole);
    if (!bytes.ok) {
      events.send({ type: 'redraw' });
      return;
    }
    await sink.screen(message.cols, message.rows, bytes.value);
    shown();
  }

  return {
    take(reached) {
      latest = reached;
      wanted.clear();
      parts.forget();
      reached.link.onMessage((_lane, bytes) => onMessage(reached, bytes));
    },
    attach(next) {
      sink = next;
    },
    want(numbers) {
      const asked = new Set(numbers);
      const found = [...entries.values()]
        .filter((entry) => entry.kind !== 'session' && asked.has(entry.number))
        .sort((a, b) => b.number - a.number);
      ask(found.map((entry) => entry.id));
    },
    have() {
      const told = have();
      for (const { id } of told) wanted.add(id);
      return told;
    },
  };
}

function pathOf(reached: Reached, owner: boolean): Path {
  if (owner) return 'loopback';
  return reached.wire === 'websocket' ? 'websocket' : 'webrtc';
}
