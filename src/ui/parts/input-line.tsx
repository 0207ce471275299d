// The line at the bottom: a command with line breaks, sent by Enter; what waits in the queue;
// and, for those who may not run, the way to ask.
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { CornerDownLeft, Hand, RotateCcw, X } from 'lucide';
import { PRESETS } from '../../protocol/capability.ts';
import { COMMAND_BYTES_MAX } from '../../protocol/limits.ts';
import type { SessionModel } from '../model/session-model.ts';
import { hasHidden, visibleText } from '../model/words.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';

export function Foot({
  session,
  field,
  toGrid,
  sent,
}: {
  session: SessionModel;
  field: RefObject<HTMLTextAreaElement | null>;
  toGrid: () => void;
  /** A command went off from here. */
  sent: () => void;
}) {
  const { phase } = session.connection.value;
  const shell = session.shell.value;
  if (phase === 'over') return null;
  if (shell === 'exited') return <Exited session={session} />;
  return (
    <div class="foot">
      <Queue session={session} />
      {!session.can('run') ? (
        <WatchLine session={session} />
      ) : shell === 'plain' ? (
        <p class="watch-line">
          This shell does not say when it is ready, so commands go straight into the terminal above.
          {session.can('type') && (
            <button type="button" class="button" onClick={toGrid}>
              Type there
            </button>
          )}
        </p>
      ) : (
        <InputLine
          session={session}
          field={field}
          toGrid={toGrid}
          sent={sent}
          away={phase !== 'live'}
        />
      )}
    </div>
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
  useLayoutEffect(() => grow(field.current), [text]);
  const send = (): void => {
    if (text.trim() === '' || away) return;
    if (!busy) sent();
    void session.run(text);
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
          maxLength={COMMAND_BYTES_MAX}
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
          disabled={text.trim() === '' || away}
        >
          <Icon node={CornerDownLeft} />
        </button>
      </form>
      {hasHidden(text) && (
        <p class="input-note" role="status">
          Hidden characters in this line: {visibleText(text)}
        </p>
      )}
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

function WatchLine({ session }: { session: SessionModel }) {
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
            {request === 'denied'
              ? 'The sharer did not give you edit access.'
              : 'You are watching.'}
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
    <div class="foot">
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
    </div>
  );
}

/** For browsers without `field-sizing`. */
function grow(field: HTMLTextAreaElement | null): void {
  if (field === null || CSS.supports('field-sizing', 'content')) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}

function isFirstLine(field: HTMLTextAreaElement): boolean {
  return !field.value.slice(0, field.selectionStart).includes('\n');
}

function isLastLine(field: HTMLTextAreaElement): boolean {
  return !field.value.slice(field.selectionEnd).includes('\n');
}

function isEmptyOf(field: HTMLTextAreaElement): boolean {
  return field.selectionStart === field.selectionEnd;
}

function toLastChar(field: HTMLTextAreaElement): void {
  requestAnimationFrame(() => field.setSelectionRange(field.value.length, field.value.length));
}
