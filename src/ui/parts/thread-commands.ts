// What the palette can do about conversations.
import {
  ArrowLeftRight,
  CircleStop,
  Footprints,
  MessageSquare,
  MessageSquarePlus,
  SquareTerminal,
} from 'lucide';
import type { SessionModel } from '../model/session-model.ts';
import { threadName } from '../model/thread-words.ts';
import { visibleText } from '../model/words.ts';
import type { Command } from './palette.tsx';
import { isBusy } from './prompt-line.tsx';

export function threadCommands(session: SessionModel): readonly Command[] {
  const { conversations } = session;
  const threads = conversations.threads.value;
  const looked = conversations.looked.value;
  const commands: Command[] = [];
  if (session.can('prompt') && conversations.agents.value.length > 0) {
    commands.push({
      words: 'New conversation…',
      icon: MessageSquarePlus,
      do: () => conversations.ask({ about: 'new' }),
    });
  }
  if (session.can('prompt') && (threads.length > 0 || conversations.agents.value.length > 0)) {
    commands.push({
      words: 'Switch the input line between shell and agent',
      icon: ArrowLeftRight,
      keys: 'Ctrl I',
      do: conversations.toggle,
    });
  }
  if (looked !== null && isBusy(looked) && session.can('prompt')) {
    commands.push({
      words: 'Stop the agent',
      icon: CircleStop,
      keys: 'Esc',
      do: () => void session.act({ type: 'thread.stop', thread: looked.id }),
    });
  }
  if (looked !== null) {
    commands.push({
      words: 'Back to the terminal',
      icon: SquareTerminal,
      do: () => conversations.look(null),
    });
  }
  const follow = conversations.following.follow.value;
  if (follow !== null && threads.length > 0) {
    commands.push({
      words: `${follow.isOn ? 'Stop following' : 'Follow'} ${follow.whom}`,
      icon: Footprints,
      do: conversations.following.toggle,
    });
  }
  return [
    ...commands,
    ...threads
      .filter((thread) => thread !== looked)
      .toReversed()
      .map((thread) => ({
        words: `Conversation: ${visibleText(threadName(thread))}`,
        icon: MessageSquare,
        do: () => conversations.look(thread.id),
      })),
  ];
}
