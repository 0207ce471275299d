// Which actions only take something away or end it: they may not wait for a disk that takes
// nothing. Knows no disk.
import { isRepeated, type Action } from '../protocol/action.ts';
import { CAPABILITIES, type Capabilities } from '../protocol/capability.ts';
import type { GrantTable } from './grants.ts';

/** [AC11] Keys, sizes and looks too: they are never sent again, so nothing hangs on their numbers. */
export function mayGoUnkept(grants: GrantTable, action: Action): boolean {
  if (!isRepeated(action.type)) return true;
  switch (action.type) {
    case 'participant.remove':
    case 'knock.deny':
    case 'request.deny':
    case 'invite.close':
    case 'access.withdraw':
    case 'command.cancel':
    case 'thread.stop':
    case 'share.end':
    case 'session.close':
      return true;
    case 'grant.set':
      return isLess(grants.get(action.to)?.capabilities ?? {}, action.capabilities);
    default:
      return false;
  }
}

/** Nothing that was not held, and nothing for longer. */
function isLess(before: Capabilities, next: Capabilities): boolean {
  return CAPABILITIES.every((name) => {
    const [had, gets] = [before[name], next[name]];
    if (gets === undefined || had === null) return true;
    return had !== undefined && gets !== null && gets <= had;
  });
}
