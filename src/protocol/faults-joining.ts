// What can go wrong on the way in: invites, codes, proofs, grants.
import type { FaultWords } from './fault-words.ts';

export const JOINING_FAULTS = {
  'invite.malformed': {
    mine: 'That is not an invite. A code looks like 4271-apple-tiger, a link begins with http.',
    theirs: null,
    retry: false,
    exit: 3,
  },
  'invite.unreached': {
    mine: 'Nobody answers there. The share may have ended, or lie beyond this network.',
    theirs: null,
    retry: true,
    exit: 4,
  },
  'invite.unavailable': {
    mine: 'This invite is not valid: it was used, has expired or never was. Ask for a new one.',
    theirs: 'Someone tried an invite that is not open.',
    retry: false,
    exit: 3,
  },
  'invite.used': {
    mine: 'This invite has already been used. Ask for a new one.',
    theirs: 'Someone tried an invite that was already used.',
    retry: false,
    exit: 3,
  },
  'invite.held': {
    mine: 'Someone else is using this invite right now. Ask for one of your own.',
    theirs: 'A second person tried an invite that someone else holds.',
    retry: false,
    exit: 3,
  },
  'invite.expired': {
    mine: 'This invite has expired. Ask for a new one.',
    theirs: 'Someone tried an invite that has expired.',
    retry: false,
    exit: 3,
  },
  'invite.denied': { mine: 'The sharer did not let you in.', theirs: null, retry: false, exit: 3 },
  'invite.tooMany': {
    mine: 'Sixty-four invites are open already. Close one first.',
    theirs: 'Sixty-four invites are open already. Close one first.',
    retry: false,
    exit: 1,
  },
  'code.wrong': {
    mine: 'The code is not right. Check the words and try again.',
    theirs: 'Someone typed a wrong code.',
    retry: false,
    exit: 3,
  },
  'code.closed': {
    mine: 'This code was closed after three wrong tries. Ask for a new one.',
    theirs: 'A code was closed after three wrong tries; its link still works.',
    retry: false,
    exit: 3,
  },
  'code.off': {
    mine: 'Typed codes are off for this share.',
    theirs: 'Typed codes are off after ten wrong tries. Make a new one to turn them on.',
    retry: false,
    exit: 3,
  },
  'code.lost': {
    mine: 'This code leads elsewhere now. Ask for a new one.',
    theirs:
      'A code no longer works: the signaling service has given its number to someone else. Its link still works.',
    retry: false,
    exit: 3,
  },
  'code.noPlace': {
    mine: 'No share with this code was found. Type it with its place, as the sharer sees it: meshell join 4271-apple-tiger@HOST:PORT',
    theirs: null,
    retry: false,
    exit: 2,
  },
  'sharer.unproven': {
    mine: 'The other side could not prove that it is the sharer of this invite. Nothing was sent.',
    theirs: null,
    retry: false,
    exit: 3,
  },
  'peer.version': {
    mine: 'The two sides run versions of meshell that do not understand each other. Update both.',
    theirs: null,
    retry: false,
    exit: 4,
  },
  'join.busy': {
    mine: 'Too many people are joining right now.',
    theirs: null,
    retry: true,
    exit: 4,
  },
  'join.full': {
    mine: 'This share has as many participants as it can take.',
    theirs: 'Someone was turned away: the share is full.',
    retry: false,
    exit: 3,
  },
  'grant.none': {
    mine: 'You are no longer part of this share. Ask for a new invite.',
    theirs: null,
    retry: false,
    exit: 3,
  },
  'grant.removed': {
    mine: 'The sharer removed you from this share.',
    theirs: null,
    retry: false,
    exit: 3,
  },
} as const satisfies Record<string, FaultWords>;
