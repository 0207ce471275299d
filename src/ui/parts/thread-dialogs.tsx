// What is asked about conversations: with whom to begin one, what to call it, and what it used.
import { useState } from 'preact/hooks';
import type { AgentChoice } from '../../protocol/thread.ts';
import type { UsageSum } from '../../agent/usage.ts';
import type { Thread } from '../../session/threads.ts';
import { whyNotPrompt } from '../model/thread-rights.ts';
import { agentBadge, costWords, threadName, tokenWords } from '../model/thread-words.ts';
import { visibleText } from '../model/words.ts';
import { Avatar } from './avatar.tsx';
import { Dialog } from './dialog.tsx';
import { ActsAlone, AgentIcon } from './thread-badges.tsx';
import { actorOf, nameOf, type ThreadFrame } from './thread-frame.ts';

export function NewConversation({ frame, close }: { frame: ThreadFrame; close: () => void }) {
  const { conversations } = frame.session;
  const agents = conversations.agents.value;
  const missing = agents.filter((choice) => choice.state === 'missing');
  return (
    <Dialog title="New conversation" close={close}>
      {agents.length === 0 ? (
        <p class="muted">
          The sharer’s computer has no agent. ‘meshell agents’ says how to add one.
        </p>
      ) : (
        <>
          <AgentList
            agents={agents.filter((choice) => choice.state !== 'missing')}
            frame={frame}
            close={close}
          />
          {missing.length > 0 && (
            <details class="fold">
              <summary>Not found on the sharer’s computer: {missing.length}</summary>
              <AgentList agents={missing} frame={frame} close={close} />
            </details>
          )}
        </>
      )}
      <p class="muted small">
        It runs on the sharer’s computer, in the terminal’s directory. Everyone in this session sees
        it.
      </p>
    </Dialog>
  );
}

function AgentList({
  agents,
  frame,
  close,
}: {
  agents: readonly AgentChoice[];
  frame: ThreadFrame;
  close: () => void;
}) {
  const { conversations } = frame.session;
  return (
    <ul class="agents">
      {agents.map((choice) => (
        <li key={choice.card.id}>
          <AgentButton
            choice={choice}
            frame={frame}
            take={() => {
              close();
              conversations.look(null);
              conversations.aim({ to: 'new', agent: choice.card.id });
              frame.toInput(); // in the next frame: the dialog has given the focus back by then
            }}
          />
        </li>
      ))}
    </ul>
  );
}

function AgentButton({
  choice,
  frame,
  take,
}: {
  choice: AgentChoice;
  frame: ThreadFrame;
  take: () => void;
}) {
  const { card, state, actsAlone } = choice;
  const why =
    state === 'missing'
      ? 'Not found on the sharer’s computer.'
      : whyNotPrompt(actorOf(frame.session), actsAlone);
  const badge = agentBadge(card);
  const says =
    why ??
    (state === 'signIn'
      ? 'Needs someone to sign in on the sharer’s computer first.'
      : card.kind === 'demo'
        ? 'No AI: shows what sharing an agent looks like, with real commands and real permissions.'
        : '');
  return (
    <button type="button" class="agent" disabled={why !== null} onClick={take}>
      <AgentIcon agent={card} size={18} />
      <span class="grow">
        <strong>{card.name}</strong>
        {says !== '' && <small>{says}</small>}
      </span>
      {badge !== null && badge !== card.name && <span class="chip">{badge}</span>}
      {state === 'signIn' && <span class="chip warn">sign-in needed</span>}
      {state === 'missing' && <span class="chip">not found</span>}
      {actsAlone && <ActsAlone />}
    </button>
  );
}

export function RenameThread({
  thread,
  frame,
  close,
}: {
  thread: Thread;
  frame: ThreadFrame;
  close: () => void;
}) {
  const [title, setTitle] = useState(threadName(thread));
  return (
    <Dialog title="Rename this conversation" close={close}>
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim() === '') return;
          void frame.session.act({ type: 'thread.rename', thread: thread.id, title });
          close();
        }}
      >
        <label class="field">
          <span>Title</span>
          <input
            type="text"
            class="text-input"
            value={title}
            maxLength={120}
            autofocus
            onInput={(event) => setTitle(event.currentTarget.value)}
          />
        </label>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={title.trim() === ''}>
            Rename
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function ThreadUsage({
  thread,
  frame,
  close,
}: {
  thread: Thread;
  frame: ThreadFrame;
  close: () => void;
}) {
  const people = [...thread.usageBy];
  return (
    <Dialog title="Usage of this conversation" close={close}>
      <div class="usage-table" role="region" aria-label="Usage by person" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col">Turns</th>
              <th scope="col">In</th>
              <th scope="col">Out</th>
              <th scope="col">Cost</th>
            </tr>
          </thead>
          <tbody>
            {people.map(([key, sum]) => (
              <UsageRow key={key} name={nameOf(frame.session, key)} sum={sum}>
                <Avatar
                  name={nameOf(frame.session, key)}
                  hue={frame.session.participant(key)?.hue ?? 0}
                  size="small"
                />
              </UsageRow>
            ))}
          </tbody>
          <tfoot>
            <UsageRow name="Everyone" sum={thread.usage} />
          </tfoot>
        </table>
      </div>
      <p class="muted small">
        As {visibleText(thread.agent.name)} reports it. What it does not report is not counted as
        nothing: it says ‘not reported’.
        {thread.usage.estimated && ' Figures with ~ are estimated from the length of the text.'}
        {thread.usage.silent > 0 &&
          ` ${thread.usage.silent} of ${thread.usage.turns} turns reported nothing.`}
      </p>
    </Dialog>
  );
}

function UsageRow({
  name,
  sum,
  children,
}: {
  name: string;
  sum: UsageSum;
  children?: preact.ComponentChildren;
}) {
  const about = sum.estimated ? '~' : '';
  const figure = (count: number | null): string =>
    count === null ? 'not reported' : `${about}${tokenWords(count)}`;
  return (
    <tr>
      <th scope="row">
        {children} {name}
      </th>
      <td>{sum.turns}</td>
      <td>{figure(sum.input)}</td>
      <td>{figure(sum.output)}</td>
      <td>{sum.costs.length === 0 ? 'not reported' : sum.costs.map(costWords).join(' + ')}</td>
    </tr>
  );
}
