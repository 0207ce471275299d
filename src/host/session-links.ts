// The links that stand between a session and its participants: numbered, heard, told why they
// end, closed. What is heard goes to the sharer's machine; documents and screens to the audience.
import type { Arrived } from '../peer/arrival.ts';
import type { Link } from '../peer/link.ts';
import type { Fault } from '../protocol/faults.ts';
import {
  encodeMessage,
  LANE_TO_VIEWER,
  type ToSharer,
  type ToViewer,
} from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import type { AgentFacts } from '../session/agent-rights.ts';
import { isOwn } from '../session/sharer-actions.ts';
import type { LinkId, SharerInput, SharerState } from '../session/sharer-state.ts';
import type { Audience } from './audience.ts';
import { receiveMessages } from './inbox.ts';

export interface SessionLinksOptions {
  readonly clock: Clock;
  readonly feed: (input: SharerInput) => void;
  readonly state: () => SharerState;
  readonly audience: () => Audience;
  /** Whether keys would reach a prompt, or a shell that does not say. */
  readonly atPrompt: () => boolean;
  /** The threads as they are. */
  readonly agents: () => AgentFacts;
}

/** What one who comes back says that it has. */
export type Have = Extract<ToSharer, { type: 'back' }>['have'];

export interface SessionLinks {
  readonly take: (arrived: Arrived) => void;
  readonly send: (id: LinkId, message: ToViewer) => void;
  /** Null where it is lost by now. */
  readonly linkOf: (id: LinkId) => Link | null;
  /** Said once, on coming back; to be asked once. */
  readonly haveOf: (id: LinkId) => Have;
  /** Closed after it has been told why. */
  readonly end: (id: LinkId, fault: Fault) => void;
  /** All closed, and their last words out. */
  readonly close: () => Promise<void>;
}

export function openSessionLinks(options: SessionLinksOptions): SessionLinks {
  const { clock, feed, audience } = options;
  const links = new Map<LinkId, Link>();
  const had = new Map<LinkId, Have>();
  /** Links that still let their last words out. */
  const parting = new Set<Promise<void>>();
  let nextLink = 1;

  function take(arrived: Arrived): void {
    const { link, by, viewer, words } = arrived;
    const id = nextLink++;
    links.set(id, link);
    feed({ on: 'linked', link: id, by, viewer, words, at: clock.now() });
    // After 'linked': a link that has ended by now says so at once, and must not be missed.
    link.onClosed(() => gone(id));
    receiveMessages(link, {
      message: (message) => heard(id, message),
      mayBeTheirs: (signed) => isOwn(options.state(), options.state().links.get(id), signed),
      action: (signed, verified) =>
        feed({
          on: 'action',
          link: id,
          signed,
          verified,
          at: clock.now(),
          monotonic: clock.monotonic(),
          atPrompt: options.atPrompt(),
          agents: options.agents(),
        }),
      malformed() {
        feed({ on: 'notice', fault: 'message.malformed', at: clock.now() });
        link.close();
        gone(id);
      },
    });
  }

  function heard(id: LinkId, message: Exclude<ToSharer, { type: 'action' }>): void {
    if (message.type === 'back') had.set(id, message.have);
    feed({ on: 'message', link: id, message, at: clock.now() });
    if (options.state().links.get(id)?.phase !== 'in') return;
    if (message.type === 'want') audience().want(id, message.ids);
    if (message.type === 'snapshot') audience().snapshot(id, message.id);
    if (message.type === 'redraw') audience().redraw(id);
    if (message.type === 'whole') audience().whole(id, message);
  }

  function send(id: LinkId, message: ToViewer): void {
    const lane = message.type === 'frames' ? 'replica' : LANE_TO_VIEWER[message.type];
    links.get(id)?.send(lane, encodeMessage(message));
  }

  function part(link: Link): void {
    link.close();
    parting.add(link.over);
    void link.over.then(() => parting.delete(link.over));
  }

  function gone(id: LinkId): void {
    if (!links.delete(id)) return;
    had.delete(id);
    audience().leave(id);
    feed({ on: 'lost', link: id });
  }

  return {
    take,
    send,
    linkOf: (id) => links.get(id) ?? null,
    haveOf(id) {
      const have = had.get(id) ?? [];
      had.delete(id);
      return have;
    },
    end(id, fault) {
      send(id, { type: 'ended', fault });
      const link = links.get(id);
      if (link !== undefined) part(link);
      gone(id);
    },
    async close() {
      for (const link of links.values()) part(link);
      await Promise.all(parting);
    },
  };
}
