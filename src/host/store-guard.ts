// Stands before the sharer's machine while the disk takes nothing: what would have to be kept
// before it shows is refused with a word, the rest goes on. Knows no disk but whether it is behind.
import { decodeAction, type Action } from '../protocol/action.ts';
import type { Outcome, ToViewer } from '../protocol/message.ts';
import { turnOf } from '../session/action-log.ts';
import type { LinkId, SharerInput, SharerState } from '../session/sharer-state.ts';
import { mayGoUnkept } from '../session/taking-back.ts';
import type { StateLog } from './state-log.ts';

export interface StoreGuardOptions {
  readonly log: Pick<StateLog, 'isWhole'>;
  readonly state: () => SharerState;
  readonly answer: (order: number, outcome: Outcome) => void;
  readonly send: (link: LinkId, message: ToViewer) => void;
}

const FULL: Outcome = { ok: false, fault: 'store.full' };

/** Whether the machine may have it; one that it may not has been answered. */
export function openStoreGuard(options: StoreGuardOptions): (input: SharerInput) => boolean {
  function isRefused(action: Action): boolean {
    return !mayGoUnkept(options.state().grants, action) && !options.log.isWhole();
  }

  return (input) => {
    if (input.on === 'order') {
      if (!isRefused(input.action)) return true;
      options.answer(input.order, FULL);
      return false;
    }
    // What is nobody's to answer, or was answered before, is the machine's.
    if (input.on !== 'action' || !isNew(options.state(), input)) return true;
    const { device, n, body } = input.signed;
    const action = decodeAction(body);
    if (!action.ok || !isRefused(action.value)) return true;
    options.send(input.link, { type: 'result', device, n, outcome: FULL });
    return false;
  };
}

function isNew(state: SharerState, input: Extract<SharerInput, { on: 'action' }>): boolean {
  const { author, device, n } = input.signed;
  const link = state.links.get(input.link);
  if (!input.verified || link?.phase !== 'in' || link.key !== author) return false;
  return link.device === device && turnOf(state.log, author, device, n).turn === 'new';
}
