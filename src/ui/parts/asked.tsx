// What a pane asks about its conversations, one question at a time.
import { unreachable } from '../../protocol/result.ts';
import { Confirm } from './confirm.tsx';
import { NewConversation, RenameThread, ThreadUsage } from './thread-dialogs.tsx';
import type { ThreadFrame } from './thread-frame.ts';

export function Asked({ frame }: { frame: ThreadFrame }) {
  const { conversations } = frame.session;
  const now = conversations.asking.value;
  const close = (): void => conversations.ask({ about: 'nothing' });
  switch (now.about) {
    case 'nothing':
      return null;
    case 'new':
      return <NewConversation frame={frame} close={close} />;
    case 'rename':
      return <RenameThread thread={now.thread} frame={frame} close={close} />;
    case 'usage':
      return <ThreadUsage thread={now.thread} frame={frame} close={close} />;
    case 'close':
      return (
        <Confirm
          question={{
            title: 'Close this conversation?',
            says: 'Its agent ends, also in the middle of a turn, and it cannot be prompted again. What was said stays.',
            yes: 'Close the conversation',
            do: () => void frame.session.act({ type: 'thread.close', thread: now.thread.id }),
          }}
          close={close}
        />
      );
    default:
      return unreachable(now);
  }
}
