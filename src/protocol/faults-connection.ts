// What can go wrong between two ends: links, signaling, and what travels on them.
import type { FaultWords } from './fault-words.ts';

export const CONNECTION_FAULTS = {
  'link.silent': {
    mine: 'The sharer stopped answering.',
    theirs: null,
    retry: true,
    exit: 4,
  },
  'link.broken': {
    mine: 'The connection broke.',
    theirs: null,
    retry: true,
    exit: 4,
  },
  'link.binding': {
    mine: 'The connection does not lead to the one who proved itself. It was closed.',
    theirs: 'A connection did not match its handshake and was closed.',
    retry: false,
    exit: 4,
  },
  'link.protocol': {
    mine: 'The other side sent something meshell does not speak. The connection was closed.',
    theirs: 'A participant’s connection broke the protocol and was closed.',
    retry: true,
    exit: 4,
  },
  'link.noPath': {
    mine: 'No direct connection to the sharer could be made.',
    theirs: null,
    retry: true,
    exit: 4,
  },
  'link.noWebrtc': {
    mine: 'WebRTC is not available on this computer; only direct connections over the network work.',
    theirs: null,
    retry: false,
    exit: 4,
  },
  'signal.unreachable': {
    mine: 'The signaling service cannot be reached.',
    theirs: null,
    retry: true,
    exit: 4,
  },
  'signal.away': {
    mine: 'The signaling service cannot be reached right now. It is tried again.',
    theirs:
      'The signaling service cannot be reached right now: nobody can come in through it until it can. It is tried again.',
    retry: true,
    exit: 4,
  },
  'signal.none': {
    mine: 'No signaling service is set. Name one with --signal wss://…, or as "signal" in the settings.',
    theirs: null,
    retry: false,
    exit: 2,
  },
  'signal.noRoom': {
    mine: 'The sharer is not there. It may have ended, or be on its way back.',
    theirs: null,
    retry: true,
    exit: 4,
  },
  'signal.notProven': {
    mine: 'The signaling service did not accept the proof of this room.',
    theirs: null,
    retry: false,
    exit: 4,
  },
  'signal.taken': {
    mine: 'This room is held by another process.',
    theirs: null,
    retry: true,
    exit: 4,
  },
  'signal.busy': {
    mine: 'The signaling service asks to slow down.',
    theirs: null,
    retry: true,
    exit: 4,
  },
  'signal.full': {
    mine: 'The signaling service is full.',
    theirs: null,
    retry: true,
    exit: 4,
  },
  'signal.malformed': {
    mine: 'The signaling service did not understand this version of meshell.',
    theirs: null,
    retry: false,
    exit: 4,
  },
  'signal.cannotListen': {
    mine: 'The service cannot listen there. Is --host an address of this computer, and may you use --port?',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'frame.malformed': {
    mine: 'A piece of the session was malformed and was left out.',
    theirs: null,
    retry: true,
    exit: 1,
  },
  'frame.badSignature': {
    mine: 'A piece of the session was not signed by the sharer and was left out.',
    theirs: null,
    retry: true,
    exit: 1,
  },
  'frame.notGranted': {
    mine: 'A piece of the session came that was not announced and was left out.',
    theirs: null,
    retry: true,
    exit: 1,
  },
  'frame.outOfOrder': {
    mine: 'A piece of the session came out of order; asking for it anew.',
    theirs: null,
    retry: true,
    exit: 1,
  },
  'frame.wrongHeads': {
    mine: 'A piece of the session did not lead where its signature says; asking for it anew.',
    theirs: null,
    retry: true,
    exit: 1,
  },
  'frame.repeated': {
    mine: 'A piece of the session came a second time and was left out.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'replica.full': {
    mine: 'This session is larger than can be held here; its oldest blocks are left out.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'message.tooLarge': {
    mine: 'A message was too large and was dropped.',
    theirs: 'A participant sent a message that is too large.',
    retry: false,
    exit: 1,
  },
  'message.malformed': {
    mine: 'A message was malformed and was dropped.',
    theirs: 'A participant sent a malformed message.',
    retry: false,
    exit: 1,
  },
} as const satisfies Record<string, FaultWords>;
