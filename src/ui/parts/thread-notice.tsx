// What a thread says in its own voice: a sentence, what the agent said of it, and, where it wants
// someone to sign in, the ways to.
import { CircleAlert, Info, KeyRound, TriangleAlert } from 'lucide';
import type { ThreadId } from '../../protocol/ids.ts';
import type { Part, PartHead } from '../../protocol/thread.ts';
import { signInWays } from '../model/sign-in.ts';
import { visibleText } from '../model/words.ts';
import { Icon } from './icon.tsx';
import type { ThreadFrame } from './thread-frame.ts';

/** What follows a notice's sentence is folded past this. */
const NOTICE_REST_CHARS = 400;
const NOTICE_REST_LINES = 5;

const NOTICE_ICONS = { info: Info, warning: TriangleAlert, error: CircleAlert } as const;
const NOTICE_WORDS = { info: 'Note', warning: 'Warning', error: 'Error' } as const;

export function ThreadNotice({
  part,
  head,
  thread,
  frame,
}: {
  part: Part;
  head: Extract<PartHead, { kind: 'notice' }>;
  thread: ThreadId;
  frame: ThreadFrame;
}) {
  const [first = '', ...others] = part.text.trim().split('\n\n');
  const rest = others.join('\n\n');
  return (
    <div class={`thread-notice ${head.level}`}>
      <Icon node={NOTICE_ICONS[head.level]} />
      <div class="grow">
        <span class="unseen">{NOTICE_WORDS[head.level]}: </span>
        {visibleText(first)}
        {rest !== '' && <NoticeRest text={rest} />}
        <SignIn part={part} thread={thread} frame={frame} />
      </div>
    </div>
  );
}

/** What an agent said of it: its last words, a summary. */
function NoticeRest({ text }: { text: string }) {
  const shown = <pre class="notice-rest">{visibleText(text)}</pre>;
  if (text.length <= NOTICE_REST_CHARS && text.split('\n').length <= NOTICE_REST_LINES)
    return shown;
  return (
    <details class="fold">
      <summary>More</summary>
      {shown}
    </details>
  );
}

/** The sharer alone signs in, in a terminal that nobody else sees. */
function SignIn({ part, thread, frame }: { part: Part; thread: ThreadId; frame: ThreadFrame }) {
  const { signIn } = frame;
  const ways = signInWays(part);
  if (signIn === null || ways.length === 0) return null;
  return (
    <ul class="sign-in">
      {ways.map(({ name, description, command }, at) => (
        <li key={at}>
          {command === null ? (
            <strong>{visibleText(name)}</strong>
          ) : (
            <button
              type="button"
              class="button small"
              title={visibleText(command)}
              onClick={() => signIn(thread, at)}
            >
              <Icon node={KeyRound} size={14} /> {visibleText(name)}, in a new terminal
            </button>
          )}
          {description !== '' && <small>{visibleText(description)}</small>}
        </li>
      ))}
    </ul>
  );
}
