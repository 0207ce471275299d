// The line at the bottom: one editor for the shell and for agents, what waits in their queues,
// and, for those who may not, the way to ask.
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { CornerDownLeft, Hand, RotateCcw, X } from 'lucide';
import { PRESETS } from '../../protocol/capability.ts';
import { COMMAND_BYTES_MAX } from '../../protocol/limits.ts';
import type { Thread } from '../../session/threads.ts';
import type { SessionModel } from '../model/session-model.ts';
import { visibleText } from '../model/words.ts';
import { Avatar } from './avatar.tsx';
import { grow, isFirstLine, isLastLine, toLastChar } from './field.ts';
import { Icon } from './icon.tsx';
import { PinnedPlan } from './plan.tsx';
import { PromptLine, whyNoPrompt } from './prompt-line.tsx';
import { PromptQueue } from './prompt-queue.tsx';
import { Targets } from './targets.tsx';
import { InputNotes, isTooLong } from './input-notes.tsx';
import type { ThreadFrame } from './thread-frame.ts';

export function Foot({
  session,
  frame,
  field,
  toGrid,
  sent,
  create,
}: {
  session: SessionModel;
  frame: ThreadFrame;
  field: RefObject<HTMLTextAreaElement | null>;
  toGrid: () => void;
  /** A command went off from here. */
  sent: () => void;
  /** Asks with whom to begin a conversation. */
  create: () => void;
}) {
  const { phase } = session.connection.value;
  if (phase === 'over') return null;
  const { target, spoken } = session.conversations;
  const thread = spoken.value;
  const toShell = target.value.to === 'shell';
  return (
    <div class="foot">
      {thread !== null && thread.plan.length > 0 && <Pinned thread={thread} frame={frame} />}
      {thread !== null && <PromptQueue thread={thread} frame={frame} />}
      {toShell && session.shell.value !== 'exited' && <Queue session={session} />}
      {session.can('prompt') && <Targets frame={frame} create={create} />}
      {toShell ? (
        <ShellLine
          session={session}
          field={field}
          toGrid={toGrid}
          sent={sent}
          away={phase !== 'live'}
        />
      ) : (
        <AgentLine frame={frame} field={field} away={phase !== 'live'} />
      )}
    </div>
  );
}

/** Steps up to here show by themselves where a conversation is looked at on its own. */
const STEPS_SHOWN_MAX = 6;
const NARROW_PX = 640;

function Pinned({ thread, frame }: { thread: Thread; frame: ThreadFrame }) {
  const [choice, setChoice] = useState<boolean | null>(null);
  const own = frame.session.conversations.looked.value !== null && innerWidth > NARROW_PX;
  const isDone = thread.plan.every((entry) => entry.status === 'completed');
  const open = choice ?? (own && !isDone && thread.plan.length <= STEPS_SHOWN_MAX);
  return <PinnedPlan entries={thread.plan} open={open} toggle={() => setChoice(!open)} />;
}

function AgentLine({
  frame,
  field,
  away,
}: {
  frame: ThreadFrame;
  field: RefObject<HTMLTextAreaElement | null>;
  away: boolean;
}) {
  const why = whyNoPrompt(frame);
  if (why === null) return <PromptLine frame={frame} field={field} away={away} />;
  const closed = frame.session.conversations.spoken.value?.head.status === 'closed';
  if (closed || frame.session.me.value.owner) {
    return (
      <div class="watch-line" role="status">
        {why}
      </div>
    );
  }
  return <WatchLine session={frame.session} says={why} />;
}

function ShellLine(props: {
  session: SessionModel;
  field: RefObject<HTMLTextAreaElement | null>;
  toGrid: () => void;
  sent: () => void;
  away: boolean;
}) {
  const { session, toGrid } = props;
  const shell = session.shell.value;
  if (shell === 'exited') return <Exited session={session} />;
  if (!session.can('run')) return <WatchLine session={session} says="You are watching." />;
  if (shell !== 'plain') return <InputLine {...props} />;
  return (
    <p class="watch-line">
      This shell does not say when it is ready, so commands go straight into the terminal above.
      {session.can('type') && (
        <button type="button" class="button" onClick={toGrid}>
          Type there
        </button>
      )}
    </p>
  );
}

function InputLine({
  session,
  field,
  toGrid,
  sent,
  away,
}: {
  session: SessionModel;
  field: RefObject<HTMLTextAreaElement | null>;
  toGrid: () => void;
  sent: () => void;
  away: boolean;
}) {
  const text = session.input.text.value;
  const busy = session.shell.value === 'running';
  const tooLong = isTooLong(text, COMMAND_BYTES_MAX);
  useLayoutEffect(() => grow(field.current), [text]);
  const send = (): void => {
    const now = session.input.text.peek(); // also what was typed since this was drawn
    if (now.trim() === '' || away || isTooLong(now, COMMAND_BYTES_MAX)) return;
    if (!busy) sent();
    void session.run(now);
  };
  const pressed = (event: KeyboardEvent): void => {
    const at = field.current;
    if (at === null || event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) send();
    else if (event.key === 'ArrowUp' && isFirstLine(at) && session.recall('older')) toLastChar(at);
    else if (event.key === 'ArrowDown' && isLastLine(at) && session.recall('newer')) toLastChar(at);
    else if (event.key === ']' && event.ctrlKey && session.can('type')) toGrid();
    else if (event.key === 'c' && event.ctrlKey && isEmptyOf(at) && session.can('type'))
      interrupt(session);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <form
        class="input-line"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <span class="prompt-sign" aria-hidden="true">
          ❯
        </span>
        <textarea
          ref={field}
          aria-label="Command"
          placeholder={busy ? 'Next command, runs when this one is done' : 'Run a command'}
          rows={1}
          value={text}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="send"
          onInput={(event) => session.input.set(event.currentTarget.value)}
          onKeyDown={pressed}
        />
        <button
          type="submit"
          class="button icon-only"
          aria-label={busy ? 'Queue command' : 'Run command'}
          title={busy ? 'Queue (Enter)' : 'Run (Enter)'}
          disabled={text.trim() === '' || away || tooLong}
        >
          <Icon node={CornerDownLeft} />
        </button>
      </form>
      <InputNotes text={text} what="line" tooLong={tooLong} />
    </>
  );
}

function interrupt(session: SessionModel): void {
  session.type(new Uint8Array([3]));
}

function Queue({ session }: { session: SessionModel }) {
  const queue = session.queue.value;
  if (queue.length === 0) return null;
  const mayRun = session.can('run');
  return (
    <section class="queue" aria-label="Waiting commands">
      <h2>Runs next</h2>
      <ol>
        {queue.map((entry) => {
          const author = session.participant(entry.author);
          return (
            <li key={entry.id}>
              {author !== undefined && (
                <>
                  <Avatar name={author.name} hue={author.hue} size="small" />
                  <span class="unseen">{author.name}:</span>
                </>
              )}
              <code class="grow cut">{visibleText(entry.text)}</code>
              {mayRun && (
                <button
                  type="button"
                  class="button small icon-only"
                  aria-label={`Cancel ${visibleText(entry.text)}`}
                  title="Cancel"
                  onClick={() => void session.act({ type: 'command.cancel', id: entry.id })}
                >
                  <Icon node={X} size={14} />
                </button>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function WatchLine({ session, says }: { session: SessionModel; says: string }) {
  const request = session.request.value;
  const live = session.connection.value.phase === 'live';
  return (
    <div class="watch-line" role="status">
      {request === 'open' ? (
        <>
          <span class="grow">You asked for edit access. The sharer has been told.</span>
          <button
            type="button"
            class="button"
            onClick={() => void session.act({ type: 'access.withdraw' })}
          >
            Take it back
          </button>
        </>
      ) : (
        <>
          <span class="grow">
            {request === 'denied' ? 'The sharer did not give you edit access.' : says}
          </span>
          <button
            type="button"
            class="button"
            disabled={!live}
            onClick={() =>
              void session.act({ type: 'access.request', capabilities: [...PRESETS.editor] })
            }
          >
            <Icon node={Hand} /> Request edit access
          </button>
        </>
      )}
    </div>
  );
}

function Exited({ session }: { session: SessionModel }) {
  return (
    <div class="watch-line" role="status">
      <span class="grow">The shell has exited. What it printed stays.</span>
      {session.can('run') && (
        <button
          type="button"
          class="button primary"
          onClick={() => void session.act({ type: 'terminal.restart' })}
        >
          <Icon node={RotateCcw} /> Start a new shell
        </button>
      )}
    </div>
  );
}

function isEmptyOf(field: HTMLTextAreaElement): boolean {
  return field.selectionStart === field.selectionEnd;
}
