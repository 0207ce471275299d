// The names of all that a program reads from meshell, a command each. docs/JSON.md says what they
// carry.

const THREAD_EVENTS = ['thread', 'part'] as const;
const ANSWERS = ['done', 'fault'] as const;

export const SHARE_EVENTS = [
  'ready',
  'invite',
  'knock',
  'unknock',
  'joined',
  'left',
  'request',
  'ended',
  ...THREAD_EVENTS,
  ...ANSWERS,
] as const;

export const JOIN_EVENTS = [
  'reaching',
  'retrying',
  'proving',
  'connecting',
  'knocking',
  'admitted',
  'away',
  'granted',
  'block',
  'screen',
  'ended',
  ...THREAD_EVENTS,
  ...ANSWERS,
] as const;

/** A line on stdout: an event of these, and what belongs to it. */
export type EventLine<E extends string> = { readonly event: E; readonly [name: string]: unknown };
export type ShareLine = EventLine<(typeof SHARE_EVENTS)[number]>;
export type JoinLine = EventLine<(typeof JOIN_EVENTS)[number]>;
export type ThreadLine = EventLine<(typeof THREAD_EVENTS)[number]>;
