// The input line when it speaks to an agent: Enter sends or queues, Esc stops, a slash opens the
// agent's own commands.
import type { RefObject } from 'preact';
import { useId, useLayoutEffect, useState } from 'preact/hooks';
import { CircleStop, ListPlus, SendHorizontal } from 'lucide';
import type { AgentCommand } from '../../protocol/thread.ts';
import { PROMPT_BYTES_MAX } from '../../protocol/thread.ts';
import type { Thread } from '../../session/threads.ts';
import { slashLine, slashMatches, slashQuery } from '../model/slash-commands.ts';
import { whyNotPrompt, whyNotSteer } from '../model/thread-rights.ts';
import { visibleText } from '../model/words.ts';
import { grow, isFirstLine, isLastLine, toLastChar } from './field.ts';
import { Icon } from './icon.tsx';
import { InputNotes, isTooLong } from './input-notes.tsx';
import { actorOf, type ThreadFrame } from './thread-frame.ts';

export function PromptLine({
  frame,
  field,
  away,
}: {
  frame: ThreadFrame;
  field: RefObject<HTMLTextAreaElement | null>;
  away: boolean;
}) {
  const { session } = frame;
  const { conversations } = session;
  const menu = useId();
  const [chosen, setChosen] = useState(0);
  const [dismissed, setDismissed] = useState('');
  const text = session.input.text.value;
  const tooLong = isTooLong(text, PROMPT_BYTES_MAX);
  const thread = conversations.spoken.value;
  const busy = isBusy(thread);
  const query = slashQuery(text);
  const found =
    query === null || dismissed === text ? [] : slashMatches(thread?.menu.commands ?? [], query);
  const at = Math.min(chosen, Math.max(0, found.length - 1));
  useLayoutEffect(() => grow(field.current), [text]);

  const send = (): void => {
    const now = session.input.text.peek(); // also what was typed since this was drawn
    if (now.trim() !== '' && !away && !isTooLong(now, PROMPT_BYTES_MAX))
      void conversations.send(now);
  };
  const take = (command: AgentCommand | undefined): void => {
    if (command === undefined) return;
    session.input.set(slashLine(command));
    if (field.current !== null) toLastChar(field.current);
  };
  const stop = (): boolean => {
    if (thread === null || !busy || whyNotSteer(actorOf(session)) !== null) return false;
    void session.act({ type: 'thread.stop', thread: thread.id });
    return true;
  };
  const inMenu = (event: KeyboardEvent): boolean => {
    if (found.length === 0) return false;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setChosen((at + step + found.length) % found.length);
    else if (event.key === 'Enter' || event.key === 'Tab') take(found[at]);
    else if (event.key === 'Escape') setDismissed(text);
    else return false;
    return true;
  };
  const pressed = (event: KeyboardEvent): void => {
    const it = field.current;
    if (it === null || event.isComposing) return;
    if (inMenu(event)) event.stopPropagation();
    else if (event.key === 'Enter' && !event.shiftKey) send();
    else if (event.key === 'Escape' && stop()) event.stopPropagation();
    else if (event.altKey) return;
    else if (event.key === 'ArrowUp' && isFirstLine(it) && conversations.recall('older'))
      toLastChar(it);
    else if (event.key === 'ArrowDown' && isLastLine(it) && conversations.recall('newer'))
      toLastChar(it);
    else return;
    event.preventDefault();
  };
  const name = agentOf(frame, thread);
  return (
    <>
      {found.length > 0 && (
        <SlashMenu id={menu} found={found} at={at} choose={setChosen} take={take} />
      )}
      <form
        class="input-line prompting"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <textarea
          ref={field}
          aria-label="Prompt"
          aria-autocomplete="list"
          aria-controls={found.length > 0 ? menu : undefined}
          aria-activedescendant={found.length > 0 ? `${menu}-${at}` : undefined}
          placeholder={
            busy ? `Next prompt for ${name}, sent when this turn is done` : `Ask ${name}`
          }
          rows={1}
          value={text}
          autocomplete="off"
          enterkeyhint="send"
          onInput={(event) => {
            setChosen(0);
            conversations.typed();
            session.input.set(event.currentTarget.value);
          }}
          onKeyDown={pressed}
        />
        {busy && (
          <button
            type="button"
            class="button stop-button"
            disabled={whyNotSteer(actorOf(session)) !== null}
            title="Stop the running turn (Esc)"
            onClick={() => stop()}
          >
            <Icon node={CircleStop} /> Stop <kbd aria-hidden="true">Esc</kbd>
          </button>
        )}
        <button
          type="submit"
          class="button icon-only"
          aria-label={busy ? 'Queue prompt' : 'Send prompt'}
          title={busy ? 'Queue (Enter)' : 'Send (Enter)'}
          disabled={text.trim() === '' || away || tooLong}
        >
          <Icon node={busy ? ListPlus : SendHorizontal} />
        </button>
      </form>
      <InputNotes text={text} what="prompt" tooLong={tooLong} />
    </>
  );
}

function SlashMenu({
  id,
  found,
  at,
  choose,
  take,
}: {
  id: string;
  found: readonly AgentCommand[];
  at: number;
  choose: (at: number) => void;
  take: (command: AgentCommand) => void;
}) {
  return (
    <div class="slash-place">
      <ul class="slash-menu" id={id} role="listbox" aria-label="Agent’s commands">
        {found.map((command, index) => (
          <li
            key={command.name}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            ref={(item) => {
              if (index === at) item?.scrollIntoView({ block: 'nearest' });
            }}
            onPointerMove={() => choose(index)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => take(command)}
          >
            <code>/{visibleText(command.name)}</code>
            {command.hint !== '' && <span class="slash-hint">{visibleText(command.hint)}</span>}
            <span class="grow cut muted">{visibleText(command.description)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** For those who may not prompt the thread they look at. */
export function whyNoPrompt(frame: ThreadFrame): string | null {
  const { conversations } = frame.session;
  const actor = actorOf(frame.session);
  const target = conversations.target.value;
  const thread = conversations.spoken.value;
  if (thread !== null) {
    if (thread.head.status === 'closed') return 'This conversation is closed.';
    return whyNotPrompt(actor, thread.head.actsAlone);
  }
  if (target.to !== 'new') return null;
  const choice = conversations.agents.value.find((one) => one.card.id === target.agent);
  return whyNotPrompt(actor, choice?.actsAlone ?? false);
}

export function isBusy(thread: Thread | null): boolean {
  const status = thread?.head.status;
  return status === 'running' || status === 'waiting';
}

function agentOf(frame: ThreadFrame, thread: Thread | null): string {
  if (thread !== null) return thread.agent.name;
  const { target, agents } = frame.session.conversations;
  const at = target.value;
  const choice = agents.value.find((one) => at.to === 'new' && one.card.id === at.agent);
  return choice?.card.name ?? 'the agent';
}
