// A request for leave: what the agent wants to do, and one button for each answer it offers, in
// its own words. Once answered, only who said what.
import { useRef } from 'preact/hooks';
import { CircleCheck, CircleX, Hourglass, ShieldQuestionMark } from 'lucide';
import type { ThreadId } from '../../protocol/ids.ts';
import type { Part, PartHead, PermissionOption } from '../../protocol/thread.ts';
import { whyNotAnswer } from '../model/thread-rights.ts';
import { answerWords } from '../model/thread-words.ts';
import { visibleText } from '../model/words.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';
import { actorOf, nameOf, timeOf, type ThreadFrame } from './thread-frame.ts';
import { Contents, Inputs } from './tool-card.tsx';

type Permission = Extract<PartHead, { kind: 'permission' }>;

export function PermissionCard({
  part,
  head,
  thread,
  agent,
  frame,
  of,
}: {
  part: Part;
  head: Permission;
  thread: ThreadId;
  agent: string;
  frame: ThreadFrame;
  /** Its tool's card, which stands above: what that shows need not be shown twice. */
  of: Part | null;
}) {
  const card = useRef<HTMLElement>(null);
  if (head.answer.state !== 'open') return <Answered head={head} frame={frame} />;
  const actor = actorOf(frame.session);
  const reasons = head.options.map((option) => whyNotAnswer(actor, option));
  const give = (option: PermissionOption | undefined): void => {
    if (option === undefined || whyNotAnswer(actor, option) !== null) return;
    void frame.session.act({ type: 'permission.answer', thread, part: part.id, option: option.id });
    frame.toInput();
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const option = optionOf(event.key, head.options);
    if (option === undefined) return;
    event.preventDefault();
    give(option);
  };
  const name = visibleText(head.title) || 'Go on';
  const above = new Set((of?.contents ?? []).map((content) => content.type));
  const shown = part.contents.filter((content) => !above.has(content.type));
  return (
    <article
      ref={card}
      class="permission"
      aria-label={`${agent} asks: ${name}`}
      data-permission={`${thread}/${part.id}`}
      tabIndex={0}
      onKeyDown={pressed}
    >
      <div class="permission-head">
        <Icon node={ShieldQuestionMark} />
        <span class="grow">
          <span class="permission-who">{agent} asks for permission</span>
          <strong class="permission-what">{name}</strong>
        </span>
      </div>
      {shown.length > 0 && (
        <div class="tool-body">
          <Contents part={part} contents={shown} frame={frame} />
          <Inputs part={part} contents={shown} frame={frame} />
        </div>
      )}
      <div class="card-actions" role="group" aria-label="Answers">
        {head.options.map((option, at) => (
          <button
            type="button"
            key={option.id}
            class={`button ${buttonTone(option, head.options)}`}
            disabled={reasons[at] !== null}
            title={reasons[at] ?? undefined}
            onClick={() => give(option)}
          >
            {visibleText(option.name)}
            {at < 9 && <kbd aria-hidden="true">{at + 1}</kbd>}
          </button>
        ))}
      </div>
      <Why reasons={reasons} />
    </article>
  );
}

/** Keys on the card: a number for each answer, y and n for the ones that hold once. */
function optionOf(key: string, options: readonly PermissionOption[]): PermissionOption | undefined {
  if (/^[1-9]$/.test(key)) return options[Number(key) - 1];
  if (key === 'y') return options.find((option) => option.kind === 'allow_once');
  if (key === 'n') return options.find((option) => option.kind === 'reject_once');
  return undefined;
}

function buttonTone(option: PermissionOption, options: readonly PermissionOption[]): string {
  const first = options.find((one) => one.kind === 'allow_once') ?? options[0];
  if (option === first) return 'primary';
  return option.kind.startsWith('reject') ? 'danger' : '';
}

/** Said in words where a button that looks dead would not explain itself. */
function Why({ reasons }: { reasons: readonly (string | null)[] }) {
  const said = [...new Set(reasons.flatMap((reason) => (reason === null ? [] : [reason])))];
  if (said.length === 0) {
    return (
      <p class="permission-note">
        Keys <kbd>1</kbd>–<kbd>{reasons.length}</kbd> here, or with <kbd>Alt</kbd> from anywhere.
      </p>
    );
  }
  return <p class="permission-note">{said.join(' ')}</p>;
}

function Answered({ head, frame }: { head: Permission; frame: ThreadFrame }) {
  const { answer } = head;
  const title = visibleText(head.title);
  if (answer.state !== 'given') {
    return (
      <p class="answered">
        <Icon node={Hourglass} size={14} />
        <span>
          Not answered before the turn ended<span class="answered-what">{title}</span>
        </span>
      </p>
    );
  }
  const option = head.options.find((one) => one.id === answer.option);
  const no = option?.kind.startsWith('reject') === true;
  const by = frame.session.participant(answer.by);
  return (
    <p class={`answered ${no ? 'no' : 'yes'}`}>
      <Icon node={no ? CircleX : CircleCheck} size={14} />
      {by !== undefined && <Avatar name={by.name} hue={by.hue} size="small" />}
      <span title={option?.name}>
        {answerWords(option, nameOf(frame.session, answer.by))}
        <span class="answered-what">{title}</span>
      </span>
      <span class="time">{timeOf(frame, answer.at)}</span>
    </p>
  );
}
