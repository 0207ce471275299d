// Those who are in: each gets the screen as fast as it takes it, from its starting point on, and
// the documents it may have. Carries out what the screen feed and the catalog decide.
import { answerWant, catalogPages, catchUp, mayHave } from '../crdt/catalog.ts';
import type { Heads } from '../crdt/heads.ts';
import type { Link } from '../peer/link.ts';
import type { StartChoice } from '../protocol/action.ts';
import type { DocumentId, PublicKey } from '../protocol/ids.ts';
import { SCREEN_PART_BYTES } from '../protocol/limits.ts';
import {
  encodeMessage,
  LANE_TO_VIEWER,
  type CatalogEntry,
  type ToViewer,
} from '../protocol/message.ts';
import type { Clock, Deflate } from '../protocol/ports.ts';
import { unreachable } from '../protocol/result.ts';
import { drive, type Driver } from '../protocol/step.ts';
import {
  freshFeed,
  screenFeed,
  type ScreenFeed,
  type ScreenFeedEffect,
  type ScreenFeedInput,
} from '../session/screen-feed.ts';
import { begun, fromBlock, sightOf, type Sight } from '../session/sight.ts';
import type { LinkId } from '../session/sharer-state.ts';
import { openDeliveries, sendFrames } from './deliveries.ts';
import type { DocumentFrames, Library } from './library.ts';
import { openSharedWake } from './shared-wake.ts';
import type { Stage } from './stage.ts';
import { openWholeAnswers, type AskedWhole } from './whole-answers.ts';

export interface Audience {
  /** `choice` is null for one who was in before. */
  readonly enter: (member: {
    readonly id: LinkId;
    readonly link: Link;
    readonly key: PublicKey;
    /** The first block this member may have. */
    readonly start: number;
    readonly choice: StartChoice | null;
    readonly have: readonly { readonly id: DocumentId; readonly heads: Heads }[];
  }) => void;
  readonly leave: (id: LinkId) => void;
  readonly output: (bytes: Uint8Array) => void;
  /** Where things are has changed. */
  readonly placed: () => void;
  /** Everyone gets the screen anew: its size is another, or viewers may have lost their way. */
  readonly resized: () => void;
  /** A prompt was drawn or a block has begun: those who waited for it see from here on. */
  readonly begun: () => void;
  /** A new terminal in place of the old one. */
  readonly restarted: () => void;
  readonly opened: (entry: CatalogEntry) => void;
  readonly frames: (written: readonly DocumentFrames[]) => void;
  readonly closed: (id: DocumentId) => void;
  readonly want: (id: LinkId, ids: readonly DocumentId[]) => void;
  readonly snapshot: (id: LinkId, document: DocumentId) => void;
  readonly redraw: (id: LinkId) => void;
  readonly whole: (id: LinkId, asked: AskedWhole) => void;
}

interface Member {
  readonly link: Link;
  readonly key: PublicKey;
  readonly start: number;
  /** Documents it has, and gets the frames of. */
  readonly has: Set<DocumentId>;
  readonly feed: Driver<ScreenFeed, ScreenFeedInput>;
  /** Where things are has changed while it was getting screens. */
  isMisplaced: boolean;
  /** When it last got a screen because it asked, monotonic ms. */
  redrawnAt: number;
}

/** Between two screens that one viewer asks for, in ms: each costs the sharer up to three. */
const REDRAW_EVERY_MS = 50;

export interface AudienceOptions {
  readonly clock: Clock;
  readonly deflate: Deflate;
  readonly library: Library;
  /** The terminal as it is now. */
  readonly stage: () => Stage;
  /** What the agents' threads keep of what they show cut. */
  readonly wholeOf: (asked: AskedWhole) => string | null;
}

export function openAudience(options: AudienceOptions): Audience {
  const { clock, deflate, library, stage } = options;
  const members = new Map<LinkId, Member>();
  /** By key, so that one who comes back sees from the same row. */
  const sights = new Map<PublicKey, Sight>();
  /** Bytes being sent: what `bytes` stands for in the feed's effect. */
  let current: Uint8Array = new Uint8Array(0);
  const frames = openSharedWake<Member>(clock, (all) => {
    stage().flush();
    for (const member of all) member.feed.feed({ on: 'wake' });
  });
  const wholes = openWholeAnswers(options);
  const deliveries = openDeliveries(library);
  const redraws = openSharedWake<Member>(clock, (all) => all.forEach(redrawNow));

  function redrawNow(member: Member): void {
    stage().flush();
    member.redrawnAt = clock.monotonic();
    member.feed.feed({ on: 'redraw' });
  }

  function send(member: Member, message: Exclude<ToViewer, { type: 'frames' }>): void {
    member.link.send(LANE_TO_VIEWER[message.type], encodeMessage(message));
  }

  function setSight(key: PublicKey, sight: Sight): void {
    const before = sights.get(key);
    if (before?.sees === 'since') before.row.release();
    sights.set(key, sight);
  }

  function sightFor(key: PublicKey): Sight {
    return sights.get(key) ?? { sees: 'nothing', untilBlock: Number.MAX_SAFE_INTEGER };
  }

  function perform(member: Member, effect: ScreenFeedEffect): void {
    switch (effect.do) {
      case 'bytes':
        send(member, { type: 'bytes', data: current });
        break;
      case 'screen':
        sendScreen(member);
        break;
      case 'wake':
        frames.wait(member, effect.afterMs);
        break;
      default:
        unreachable(effect);
    }
  }

  /**
   * [SP2] The rows above the starting point are blank in it, in both buffers. [SF6] Parts of the
   * one before that are still here go: the first part of this one says that it is to be forgotten.
   */
  function sendScreen(member: Member): void {
    member.link.dropQueued('screen');
    const { terminal } = stage();
    const sight = sightFor(member.key);
    const shown = stage().screenFor(sight, deflate);
    const { cols, rows } = terminal.size();
    for (let from = 0; from === 0 || from < shown.length; from += SCREEN_PART_BYTES) {
      const data = shown.subarray(from, from + SCREEN_PART_BYTES);
      const more = from + data.length < shown.length;
      send(member, { type: 'screen', cols, rows, from, data, more });
    }
    sendPlace(member);
  }

  function sendPlace(member: Member): void {
    member.isMisplaced = false;
    send(member, { type: 'place', ...stage().placeFor(sightFor(member.key)) });
  }

  function memberOf(link: Link, key: PublicKey, start: number): Member {
    const feed = drive(freshFeed, screenFeed, (effect: ScreenFeedEffect) =>
      perform(member, effect),
    );
    const member: Member = {
      link,
      key,
      start,
      has: new Set(),
      feed,
      isMisplaced: false,
      redrawnAt: -Infinity,
    };
    link.onAcked((report) => {
      if (report.lane !== 'screen') return deliveries.goOn(member);
      stage().flush();
      feed.feed({ on: 'acked', ms: report.ms, rate: report.rate, backlog: backlogOf(link) });
      if (member.isMisplaced && feed.state().phase === 'live') sendPlace(member);
    });
    return member;
  }

  return {
    enter({ id, link, key, start, choice, have }) {
      stage().flush();
      const scene = stage().scene();
      const known = sights.get(key);
      if (choice !== null) setSight(key, sightOf(choice, scene));
      else if (known === undefined) setSight(key, fromBlock(start, scene));
      const member = memberOf(link, key, start);
      members.set(id, member);
      member.feed.feed({ on: 'redraw' });
      const caught = catchUp(library.entries(), start, have);
      for (const page of catalogPages(caught.entries, caught.gone)) {
        send(member, { type: 'catalog', ...page });
      }
      for (const one of have) if (mayKeep(one.id, start)) member.has.add(one.id);
      for (const one of caught.behind) {
        // Its frames wait for what they follow on.
        member.has.delete(one.id);
        deliveries.wish(member, one.id, one.heads);
      }
    },
    leave(id) {
      const member = members.get(id);
      if (member !== undefined) {
        frames.forget(member);
        redraws.forget(member);
        wholes.forget(member);
        deliveries.forget(member);
      }
      members.delete(id);
    },
    output(bytes) {
      current = bytes;
      const at = clock.monotonic();
      for (const member of members.values()) {
        // [SP3] Not a byte to one whose starting point has not come.
        if (sightFor(member.key).sees === 'nothing') continue;
        const backlog = backlogOf(member.link);
        member.feed.feed({ on: 'output', bytes: bytes.length, backlog, at });
      }
    },
    placed() {
      for (const member of members.values()) {
        // [SF4] A place belongs to what is on the screen: it comes with the next one.
        if (member.feed.state().phase === 'live') sendPlace(member);
        else member.isMisplaced = true;
      }
    },
    resized() {
      stage().flush();
      for (const member of members.values()) member.feed.feed({ on: 'redraw' });
    },
    begun() {
      stage().flush();
      const { number, beginning } = stage().latest();
      for (const [key, sight] of sights) {
        const next = begun(sight, number, beginning);
        if (next === sight) continue;
        setSight(key, next);
        for (const member of members.values()) {
          if (member.key === key) member.feed.feed({ on: 'redraw' });
        }
      }
    },
    restarted() {
      const scene = stage().scene();
      for (const key of sights.keys()) {
        const member = [...members.values()].find((m) => m.key === key);
        if (member === undefined) sights.delete(key);
        else sights.set(key, fromBlock(member.start, scene));
      }
      for (const member of members.values()) member.feed.feed({ on: 'redraw' });
    },
    opened(entry) {
      for (const member of members.values()) {
        if (mayHave(entry, member.start)) {
          send(member, { type: 'catalog', entries: [entry], gone: [] });
        }
      }
    },
    frames(written) {
      for (const member of members.values()) {
        const mine = written.filter(({ id }) => member.has.has(id));
        sendFrames(
          member.link,
          mine.flatMap(({ frames }) => frames),
          true,
        );
      }
    },
    closed(id) {
      for (const member of members.values()) {
        member.has.delete(id);
        send(member, { type: 'catalog', entries: [], gone: [id] });
      }
    },
    want(id, ids) {
      const member = members.get(id);
      if (member === undefined) return;
      const { send: granted, gone } = answerWant(library.entries(), member.start, ids);
      if (gone.length > 0) send(member, { type: 'catalog', entries: [], gone: [...gone] });
      for (const one of granted) deliveries.wish(member, one, []);
    },
    snapshot(id, document) {
      const member = members.get(id);
      if (member === undefined || !mayKeep(document, member.start)) return;
      deliveries.wish(member, document, []);
    },
    redraw(id) {
      // [SF5] However often it asks.
      const member = members.get(id);
      if (member === undefined) return;
      const afterMs = member.redrawnAt + REDRAW_EVERY_MS - clock.monotonic();
      if (afterMs <= 0) redrawNow(member);
      else redraws.wait(member, afterMs);
    },
    whole(id, asked) {
      const member = members.get(id);
      if (member !== undefined) wholes.ask(member, asked);
    },
  };

  function mayKeep(id: DocumentId, start: number): boolean {
    const entry = library.entries().get(id);
    return entry !== undefined && mayHave(entry, start);
  }
}

function backlogOf(link: Link): number {
  const { queuedBytes, unackedBytes } = link.backlog('screen');
  return queuedBytes + unackedBytes;
}
