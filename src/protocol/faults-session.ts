// What can go wrong in the sharer's process: actions, shells, agents, the share, the disk, the app.
import type { FaultWords } from './fault-words.ts';

export const SESSION_FAULTS = {
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
