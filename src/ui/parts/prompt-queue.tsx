// The prompts that wait in a conversation: whose they are, and, for those who may, changing,
// reordering, removing one and sending it now.
import { useState } from 'preact/hooks';
import { ArrowDown, ArrowUp, Pencil, SendHorizontal, X } from 'lucide';
import type { QueuedPrompt } from '../../protocol/thread.ts';
import type { Thread } from '../../session/threads.ts';
import { whyNotPrompt, whyNotQueue } from '../model/thread-rights.ts';
import { visibleText } from '../model/words.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';
import { actorOf, nameOf, type ThreadFrame } from './thread-frame.ts';

export function PromptQueue({ thread, frame }: { thread: Thread; frame: ThreadFrame }) {
  const { queue } = thread;
  if (queue.length === 0) return null;
  const held = thread.head.status === 'idle' || thread.head.status === 'stopped';
  return (
    <section class="queue prompts" aria-label="Waiting prompts">
      <h2>
        {held
          ? `Waiting: ${queue.length}. The next prompt, or ‘Send now’, lets them go on.`
          : `Sent when the turn is done: ${queue.length}`}
      </h2>
      <ol>
        {queue.map((entry, at) => (
          <Entry
            key={entry.id}
            entry={entry}
            at={at}
            count={queue.length}
            thread={thread}
            frame={frame}
          />
        ))}
      </ol>
    </section>
  );
}

function Entry({
  entry,
  at,
  count,
  thread,
  frame,
}: {
  entry: QueuedPrompt;
  at: number;
  count: number;
  thread: Thread;
  frame: ThreadFrame;
}) {
  const [editing, setEditing] = useState(false);
  const { session } = frame;
  const actor = actorOf(session);
  const why = whyNotQueue(actor, entry.author);
  const whySend = why ?? whyNotPrompt(actor, thread.head.actsAlone);
  const author = session.participant(entry.author);
  const name = nameOf(session, entry.author);
  const of = { thread: thread.id, id: entry.id };
  const what = visibleText(entry.text.split('\n')[0] ?? '');
  if (editing) {
    return (
      <li>
        <Editor
          entry={entry}
          save={(text) => {
            setEditing(false);
            if (text !== entry.text) void session.act({ type: 'queue.edit', ...of, text });
          }}
          cancel={() => setEditing(false)}
        />
      </li>
    );
  }
  return (
    <li title={why ?? undefined}>
      {author !== undefined && <Avatar name={author.name} hue={author.hue} size="small" />}
      <span class="unseen">{name}:</span>
      <span class="grow cut">{visibleText(entry.text)}</span>
      {why === null && (
        <span class="queue-actions">
          <Deed
            icon={ArrowUp}
            name={`Earlier: ${what}`}
            title="Earlier"
            off={at === 0}
            do={() => void session.act({ type: 'queue.move', ...of, to: at - 1 })}
          />
          <Deed
            icon={ArrowDown}
            name={`Later: ${what}`}
            title="Later"
            off={at === count - 1}
            do={() => void session.act({ type: 'queue.move', ...of, to: at + 1 })}
          />
          <Deed icon={Pencil} name={`Edit ${what}`} title="Edit" do={() => setEditing(true)} />
          <Deed
            icon={SendHorizontal}
            name={`Send now: ${what}`}
            title={whySend ?? 'Send now, which ends the running turn'}
            off={whySend !== null}
            do={() => void session.act({ type: 'queue.sendNow', ...of })}
          />
          <Deed
            icon={X}
            name={`Remove ${what}`}
            title="Remove"
            do={() => void session.act({ type: 'queue.remove', ...of })}
          />
        </span>
      )}
    </li>
  );
}

function Deed({
  icon,
  name,
  title,
  off = false,
  do: deed,
}: {
  icon: typeof X;
  name: string;
  title: string;
  off?: boolean;
  do: () => void;
}) {
  return (
    <button
      type="button"
      class="button small icon-only"
      aria-label={name}
      title={title}
      disabled={off}
      onClick={deed}
    >
      <Icon node={icon} size={14} />
    </button>
  );
}

function Editor({
  entry,
  save,
  cancel,
}: {
  entry: QueuedPrompt;
  save: (text: string) => void;
  cancel: () => void;
}) {
  const [text, setText] = useState(entry.text);
  return (
    <form
      class="queue-editor"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') save(text);
      }}
    >
      <textarea
        class="text-input"
        aria-label="Waiting prompt"
        rows={Math.min(6, text.split('\n').length)}
        value={text}
        autofocus
        ref={(field) => field?.focus()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') cancel();
          else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
            if (text.trim() !== '') save(text);
          } else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <button type="submit" class="button small primary" disabled={text.trim() === ''}>
        Save
      </button>
      <button type="button" class="button small quiet" onClick={cancel}>
        Cancel
      </button>
    </form>
  );
}
