// What goes wrong with a conversation of an agent's, in words.
import type { FaultWords } from './fault-words.ts';

export const AGENT_FAULTS = {
  'thread.queueFull': {
    mine: 'Sixteen prompts are waiting already. Wait until one was sent, or take one out.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'agent.signInGone': {
    mine: 'That way to sign in is not known any more. Restart the agent, then try again.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'thread.busy': {
    mine: 'The agent is at work. Wait until its turn has ended, or stop it.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'thread.closed': {
    mine: 'This conversation is closed. Start a new one.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'thread.full': {
    mine: 'This conversation has become too long to go on. Start a new one.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'thread.notRunning': {
    mine: 'The agent of this conversation is not running. Restart it first.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'thread.limitPrompts': {
    mine: 'The limit of prompts is reached. The sharer can raise it.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'thread.limitTokens': {
    mine: 'The limit of tokens is reached. The sharer can raise it.',
    theirs: null,
    retry: false,
    exit: 1,
  },
  'thread.limitCost': {
    mine: 'The limit of cost is reached. The sharer can raise it.',
    theirs: null,
    retry: false,
    exit: 1,
  },
} as const satisfies Record<string, FaultWords>;
