// One session as the page shows it: the viewer's state in signals, each changing only when what
// it says changes, and the things a person can do. Knows no DOM and no network.
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals-core';
import * as v from 'valibot';
import type { Action } from '../../protocol/action.ts';
import {
  lasting,
  CAPABILITIES,
  type Capabilities,
  type Capability,
} from '../../protocol/capability.ts';
import { decodeCbor } from '../../protocol/codec.ts';
import type { Block, Participant, QueuedCommand } from '../../protocol/document.ts';
import { refusalWords } from '../../protocol/faults.ts';
import { Grant, type SignedGrant } from '../../protocol/grant.ts';
import type { PublicKey } from '../../protocol/ids.ts';
import { KEYS_BYTES_MAX } from '../../protocol/limits.ts';
import type { Outcome } from '../../protocol/message.ts';
import type { Clock } from '../../protocol/ports.ts';
import type { AgentChoice, Part } from '../../protocol/thread.ts';
import type {
  Connection,
  Desk,
  Me,
  Place,
  Viewer,
  ViewerState,
} from '../../session/viewer-state.ts';
import { timelineItems, type TimelineItem } from './timeline-items.ts';
import { blockAt, finishedBlocks, heldAfter, HOLD_MS_MAX, type Held } from './crop.ts';
import { conversationsModel, type Conversations } from './conversations-model.ts';
import type { Leader } from './following.ts';
import { tellLooks } from './look-teller.ts';
import { noticeList, type NoticeList } from './notice-list.ts';
import type { Shelf } from './ports.ts';
import { EMPTY_HISTORY, remembered, stepped, type InputHistory } from './input-history.ts';

/** About two screens of short blocks. */
const OLDER_WANTED = 40;
const NOTHING: Capabilities = {};
const NOBODY: readonly Participant[] = [];
const NO_QUEUE: readonly QueuedCommand[] = [];
const NO_AGENTS: readonly AgentChoice[] = [];
const NO_SHELF: Shelf = { get: () => null, set: () => false, remove: () => {} };

export interface SessionModel extends NoticeList {
  readonly viewer: Viewer;
  readonly connection: ReadonlySignal<Connection>;
  readonly me: ReadonlySignal<Me>;
  /** What this viewer may do now. The owner's devices may do everything. */
  readonly mine: ReadonlySignal<Capabilities>;
  readonly can: (capability: Capability) => boolean;
  readonly document: ReadonlySignal<ViewerState['document']>;
  readonly shell: ReadonlySignal<NonNullable<ViewerState['document']>['shell']>;
  readonly roster: ReadonlySignal<readonly Participant[]>;
  /** What each participant may do, from their signed grants. */
  readonly accessOf: (key: PublicKey) => Capabilities;
  readonly participant: (key: PublicKey | null) => Participant | undefined;
  /** Those above the live part. */
  readonly finished: ReadonlySignal<readonly Block[]>;
  /** Those, and the segments of agent threads, in the order in which they began. */
  readonly items: ReadonlySignal<readonly TimelineItem[]>;
  readonly conversations: Conversations;
  /** The running block's document, once there is one. */
  readonly running: ReadonlySignal<Block | undefined>;
  readonly blocksToCome: ReadonlySignal<number>;
  /** The oldest block here is nearly looked at: those before it are wanted first. */
  readonly wantOlder: () => void;
  readonly place: ReadonlySignal<Place | null>;
  readonly held: ReadonlySignal<Held | null>;
  readonly desk: ReadonlySignal<Desk | null>;
  readonly request: ReadonlySignal<ViewerState['request']>;
  readonly queue: ReadonlySignal<readonly QueuedCommand[]>;
  readonly title: ReadonlySignal<string>;
  /** What stands in the input line; kept while another tab is looked at. */
  readonly input: { readonly text: ReadonlySignal<string>; readonly set: (text: string) => void };
  readonly recall: (direction: 'older' | 'newer') => boolean;
  readonly run: (text: string) => Promise<void>;
  readonly type: (keys: Uint8Array) => void;
  /** Does it, and says the fault where there is one. */
  readonly act: (action: Action) => Promise<Outcome>;
  /** The whole of what `part` shows cut; null where the sharer keeps it no longer. */
  readonly whole: (part: Part, content: number | null) => Promise<string | null>;
  readonly close: () => void;
}

/** `tab` remembers what a viewer chose; the sharer's own page has nothing to be remembered. */
export function sessionModel(viewer: Viewer, clock: Clock, tab: Shelf = NO_SHELF): SessionModel {
  const state = signal(viewer.state());
  const held = signal<Held | null>(null);
  const text = signal('');
  const wakes = new Set<() => void>();
  let history: InputHistory = EMPTY_HISTORY;
  let knownCommands = 0;
  let holding: (() => void) | null = null;
  /** What was to come when older ones were last wanted. */
  let askedAt = -1;
  let finished: readonly Block[] = [];

  const later = (afterMs: number, wake: () => void): (() => void) => {
    const cancel = clock.after(afterMs, () => {
      wakes.delete(cancel);
      wake();
    });
    wakes.add(cancel);
    return cancel;
  };

  const take = (next: ViewerState): void => {
    batch(() => {
      // What an older link was asked for does not come by this one.
      if (state.value.connection.phase !== 'live' && next.connection.phase === 'live') askedAt = -1;
      state.value = next;
      if (next.place === null) return;
      held.value = heldAfter(held.value, next.place, next.blocks);
      holdOn(next.place);
    });
  };
  const holdOn = (place: Place): void => {
    const behind = held.value !== null && held.value.block !== place.block;
    if (!behind) {
      holding?.();
      holding = null;
      return;
    }
    holding ??= later(HOLD_MS_MAX, () => {
      holding = null;
      const now = state.value.place;
      if (now !== null) held.value = { from: now.from, block: now.block };
    });
  };
  take(viewer.state());
  const unwatch = viewer.watch(take);

  const noticed = noticeList(later);
  const act = async (action: Action): Promise<Outcome> => {
    const outcome = await viewer.act(action);
    if (!outcome.ok) noticed.say(refusalWords(outcome), 'fault');
    return outcome;
  };

  const everything = lasting(CAPABILITIES, null);
  const mine = computed(() =>
    state.value.me.owner ? everything : (state.value.grant?.capabilities ?? NOTHING),
  );
  const roster = computed(() => state.value.document?.roster ?? NOBODY);
  const blocks = computed(() => state.value.blocks);
  const place = computed(() => state.value.place);

  const learnHistory = (): void => {
    const all = blocks.value;
    const fresh = all.length < knownCommands ? all : all.slice(knownCommands);
    knownCommands = all.length;
    for (const block of fresh) history = remembered(history, block.command);
  };

  const can = (capability: Capability): boolean => mine.value[capability] !== undefined;
  const segments = computed(() => state.value.segments);
  const above = computed(() => {
    const end = place.value?.shell === 'exited' ? null : held.value;
    finished = sameBlocks(finished, finishedBlocks(blocks.value, end));
    return finished;
  });

  const me = computed(() => state.value.me);
  const conversations = conversationsModel({
    segments,
    agents: computed(() => state.value.document?.agents ?? NO_AGENTS),
    me,
    can,
    text,
    act,
    follow: {
      session: computed(() => state.value.session),
      leader: computed(() => leaderIn(state.value)),
      tab,
      say: noticed.say,
    },
  });
  const stopTelling = tellLooks({
    looked: computed(() => conversations.looked.value?.id ?? null),
    mayTell: computed(() => me.value.owner && state.value.connection.phase === 'live'),
    act: viewer.act,
    later,
  });

  return {
    viewer,
    connection: computed(() => state.value.connection),
    me,
    mine,
    can,
    document: computed(() => state.value.document),
    shell: computed(() => place.value?.shell ?? state.value.document?.shell ?? 'starting'),
    roster,
    accessOf: (key) => accessIn(state.value.document?.grants[key]),
    participant: (key) => roster.value.find((one) => one.key === key),
    finished: above,
    items: computed(() => timelineItems(above.value, segments.value)),
    conversations,
    running: computed(() =>
      held.value === null || place.value?.shell === 'exited'
        ? undefined
        : blockAt(blocks.value, held.value.block),
    ),
    blocksToCome: computed(() => state.value.blocksToCome),
    wantOlder() {
      const toCome = state.value.blocksToCome;
      if (toCome === 0 || toCome === askedAt) return;
      askedAt = toCome;
      viewer.want(newestMissing([...blocks.value, ...segments.value]));
    },
    async whole(part, content) {
      const segment = viewer.state().segments.find((one) => one.parts.includes(part));
      return segment === undefined ? null : await viewer.whole(segment.number, part.id, content);
    },
    place,
    held,
    desk: computed(() => state.value.desk),
    request: computed(() => state.value.request),
    queue: computed(() => state.value.document?.queue ?? NO_QUEUE),
    title: computed(() => place.value?.title ?? ''),
    ...noticed,
    input: {
      text,
      set(next) {
        text.value = next;
        history = { entries: history.entries, browsing: null };
      },
    },
    recall(direction) {
      if (history.browsing === null) learnHistory();
      const step = stepped(history, text.value, direction);
      if (step === null) return false;
      [history, text.value] = step;
      return true;
    },
    async run(line) {
      learnHistory();
      history = remembered(history, line);
      text.value = '';
      const outcome = await act({ type: 'command.run', text: line });
      if (!outcome.ok && text.value === '') text.value = line; // nothing typed is lost
    },
    type(keys) {
      for (let at = 0; at < keys.length; at += KEYS_BYTES_MAX) {
        const piece = keys.subarray(at, at + KEYS_BYTES_MAX);
        void act({ type: 'keys.type', keys: piece });
      }
    },
    act,
    close() {
      unwatch();
      stopTelling();
      conversations.close();
      for (const cancel of wakes) cancel();
      wakes.clear();
    },
  };
}

/** The sharer, for those who are not. */
function leaderIn({ me, document }: ViewerState): Leader | null {
  const sharer = me.owner ? undefined : document?.roster.find((one) => one.role === 'sharer');
  return sharer === undefined ? null : { name: sharer.name, looksAt: document?.looksAt };
}

/** Numbers of what is not here, of blocks and segments alike, from the newest down. */
function newestMissing(here: readonly { readonly number: number }[]): readonly number[] {
  const numbers = new Set(here.map((one) => one.number));
  const missing: number[] = [];
  for (let number = Math.max(0, ...numbers); number > 0; number--) {
    if (missing.length === OLDER_WANTED) break;
    if (!numbers.has(number)) missing.push(number);
  }
  return missing;
}

/** The array that was there before, where it holds the same blocks: then nothing is drawn anew. */
function sameBlocks(before: readonly Block[], after: readonly Block[]): readonly Block[] {
  const same = before.length === after.length && after.every((block, at) => block === before[at]);
  return same ? before : after;
}

const decoded = new WeakMap<Uint8Array, Capabilities>();

/** The roster's own words for what someone may do; the signature was checked on the way in. */
function accessIn(signed: SignedGrant | undefined): Capabilities {
  if (signed === undefined) return NOTHING;
  const known = decoded.get(signed.grant);
  if (known !== undefined) return known;
  const raw = decodeCbor(signed.grant);
  const grant = raw.ok ? v.safeParse(Grant, raw.value) : null;
  const capabilities = grant?.success === true ? grant.output.capabilities : NOTHING;
  decoded.set(signed.grant, capabilities);
  return capabilities;
}
