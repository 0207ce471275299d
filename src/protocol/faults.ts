// Every expected failure, with its words for either side. Whoever shows a fault prints these;
// nobody composes error text elsewhere.

export interface FaultWords {
  /** To the one it happened to. */
  readonly mine: string;
  /** To the other side, where it should know. */
  readonly theirs: string | null;
  /** Whether trying again by itself makes sense. */
  readonly retry: boolean;
  /** The command line's exit code: 1 failed, 2 wrong usage, 3 refused, 4 could not connect. */
  readonly exit: 0 | 1 | 2 | 3 | 4;
}

export const FAULTS = {
  'invite.malformed': {
    mine: 'That is not an invite. A code looks like 4271-apple-tiger, a link begins with http.',
    theirs: null,
    retry: false,
    exit: 2,
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
    mine: 'Too many people are joining right now. Trying again…',
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
  'action.notAllowed': {
    mine: 'You do not have the right to do that. Ask the sharer for access.',
    theirs: null,
    retry: false,
    exit: 3,
  },
  'action.malformed': {
    mine: 'The sharer did not understand that request.',
    theirs: 'A participant sent something malformed.',
    retry: false,
    exit: 1,
  },
  'action.badSignature': {
    mine: 'The sharer could not verify that request.',
    theirs: 'A participant sent a request with a wrong signature.',
    retry: false,
    exit: 1,
  },
  'action.outOfOrder': {
    mine: 'That request came out of order and was not carried out.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'action.tooMany': {
    mine: 'Too much at once. Wait a moment and try again.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'action.gone': { mine: 'That is no longer there.', theirs: null, retry: false, exit: 1 },
  'command.controls': {
    mine: 'A command may hold tabs and line breaks, but no other control characters.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'command.queueFull': {
    mine: 'Sixteen commands are waiting already. Wait until one has run.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'command.noMarks': {
    mine: 'This shell does not say when it is ready. Type into the terminal instead.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'terminal.exited': {
    mine: 'The shell has exited. Start a new one.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'terminal.noPty': {
    mine: 'No terminal could be opened on this computer.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'terminal.noShell': {
    mine: 'The shell could not be started. Set SHELL to one that exists.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'agent.none': {
    mine: 'There is no agent in this session.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'link.silent': {
    mine: 'The sharer stopped answering. Trying again…',
    theirs: null,
    retry: true,
    exit: 4,
  },
  'link.broken': {
    mine: 'The connection broke. Trying again…',
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
    mine: 'No direct connection to the sharer could be made. Trying again…',
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
  'link.iceServer': {
    mine: 'That is not an ICE server. One looks like stun:HOST:PORT or turn:USER:PASSWORD@HOST:PORT.',
    theirs: null,
    retry: false,
    exit: 2,
  },
  'signal.unreachable': {
    mine: 'The signaling service cannot be reached. Trying again…',
    theirs: null,
    retry: true,
    exit: 4,
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
    mine: 'The signaling service asks to slow down. Trying again…',
    theirs: null,
    retry: true,
    exit: 4,
  },
  'signal.full': {
    mine: 'The signaling service is full. Trying again…',
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
  'share.ended': { mine: 'The sharer has ended this share.', theirs: null, retry: false, exit: 0 },
  'share.expired': {
    mine: 'This share has reached its end time.',
    theirs: null,
    retry: false,
    exit: 0,
  },
  'store.full': {
    mine: 'The disk is full or cannot be written: nothing new is kept until there is room.',
    theirs: null,
    retry: true,
    exit: 1,
  },
  'store.corrupt': {
    mine: 'A stored session could not be read whole; what could be read is kept.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'store.locked': { mine: 'meshell is already running.', theirs: null, retry: false, exit: 0 },
  'app.token': {
    mine: 'This page is not from the running meshell. Open the link that meshell printed.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'app.silent': {
    mine: 'meshell does not answer on this computer. It may have been stopped. Trying again…',
    theirs: null,
    retry: true,
    exit: 4,
  },
  'app.portTaken': {
    mine: 'The port asked for is in use. Leave --port out to take a free one.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  usage: {
    mine: 'That is not how this command is used. See meshell --help.',
    theirs: null,
    retry: false,
    exit: 2,
  },
} as const satisfies Record<string, FaultWords>;

export type Fault = keyof typeof FAULTS;

export function isFault(code: string): code is Fault {
  return Object.hasOwn(FAULTS, code);
}

/** The words for a code that came from a peer: an unknown one is never shown as it is. */
export function faultWords(code: string): FaultWords {
  return isFault(code) ? FAULTS[code] : FAULTS['link.protocol'];
}
