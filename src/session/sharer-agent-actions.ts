// Agent threads: who may ask what of one. Part of the sharer's machine.
import { byHost, type Handlers } from './sharer-action.ts';

export const agentActions = {
  'thread.start': byHost,
  'thread.prompt': byHost,
  'thread.stop': byHost,
  'thread.retry': byHost,
  'thread.restart': byHost,
  'thread.rename': byHost,
  'thread.close': byHost,
  'thread.configure': byHost,
  'queue.edit': byHost,
  'queue.remove': byHost,
  'queue.move': byHost,
  'queue.sendNow': byHost,
  'permission.answer': byHost,
} satisfies Partial<Handlers>;
