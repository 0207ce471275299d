// An invite as its maker hands it on: the line to type with its place, where a browser types it,
// the link, its QR, and how long it lasts.
import { useRef, useState } from 'preact/hooks';
import { Check, Copy, Timer } from 'lucide';
import { inviteState, isUsable, type InviteCard } from '../model/invite-words.ts';
import { Icon } from './icon.tsx';
import { Qr } from './qr.tsx';

export type CopyText = (text: string) => Promise<boolean>;

export function Invite({
  invite,
  nowMs,
  copy,
  closeInvite,
  another,
}: {
  invite: InviteCard;
  nowMs: number;
  copy: CopyText;
  closeInvite: () => void;
  another: () => void;
}) {
  const usable = isUsable(invite, nowMs);
  return (
    <>
      {usable ? (
        <Ways invite={invite} copy={copy} />
      ) : (
        <p class="muted">
          This invite lets nobody in any more. Each one is for one person: make another for the
          next.
        </p>
      )}
      <p class="invite-state" role="timer">
        <Icon node={Timer} /> {inviteState(invite, nowMs)}
      </p>
      {invite.wrongTries > 0 && (
        <p class="fault-line">
          {invite.wrongTries === 1
            ? 'A wrong code was typed once.'
            : `A wrong code was typed ${invite.wrongTries} times.`}
        </p>
      )}
      <div class="dialog-foot">
        {usable && (
          <button type="button" class="button danger" onClick={closeInvite}>
            Close this invite
          </button>
        )}
        <button type="button" class={`button ${usable ? '' : 'primary'}`} onClick={another}>
          New invite
        </button>
      </div>
    </>
  );
}

function Ways({ invite, copy }: { invite: InviteCard; copy: CopyText }) {
  return (
    <>
      {invite.typed !== null && (
        <div class="code-big">
          <Way words="Type in a terminal" text={`meshell join ${invite.typed}`} copy={copy} />
        </div>
      )}
      <div class="invite-ways">
        <div>
          {invite.place !== null && invite.code !== null && (
            <p>
              Or open <strong class="mono whole">{invite.place}</strong> in a browser and type{' '}
              <strong class="mono whole">{invite.code}</strong>
            </p>
          )}
          <Way words="Or send the link" text={invite.link} copy={copy} />
          {invite.others !== undefined && (
            <p class="muted">
              Where that address does not answer, this computer is also at{' '}
              <span class="mono">{invite.others.join(', ')}</span>.
            </p>
          )}
          {invite.reach === 'local' && <p class="muted">This link works only on this computer.</p>}
        </div>
        <Qr text={invite.link} name="The link as a QR code" />
      </div>
    </>
  );
}

/** Breaks between the words of a line and before its place, never within the code. */
function breakable(text: string) {
  return text.split(/(?<= )|(?=@)/).map((part, index) =>
    text.startsWith('http') ? (
      part
    ) : (
      <span key={index} class="whole">
        {part}
      </span>
    ),
  );
}

function Way({ words, text, copy }: { words: string; text: string; copy: CopyText }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  const code = useRef<HTMLElement>(null);
  const press = async (): Promise<void> => {
    const done = await copy(text);
    setCopied(done ? 'yes' : 'refused');
    if (!done && code.current !== null) getSelection()?.selectAllChildren(code.current);
  };
  return (
    <div class="way">
      <span class="legend">{words}</span>
      <div class="way-line">
        <code ref={code}>{breakable(text)}</code>
        <button
          type="button"
          class="button small icon-only"
          aria-label={copied === 'yes' ? 'Copied' : `Copy: ${words}`}
          title="Copy"
          onClick={() => void press()}
        >
          <Icon node={copied === 'yes' ? Check : Copy} size={14} />
        </button>
      </div>
      {copied === 'refused' && (
        <span class="muted">The browser did not copy it. It is selected: press Ctrl-C.</span>
      )}
    </div>
  );
}
