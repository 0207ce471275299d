// Who is here: presence, what each may do and until when, and, for those who may, changing it.
import { useState } from 'preact/hooks';
import { UserMinus, X } from 'lucide';
import type { Participant } from '../../protocol/document.ts';
import { PRESETS, lasting } from '../../protocol/capability.ts';
import { accessName, capabilitiesOf, earliestEnd } from '../model/access.ts';
import type { SessionModel } from '../model/session-model.ts';
import { clockWords } from '../model/words.ts';
import { AccessEditor } from './access.tsx';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';

export function People({
  session,
  nowMs,
  close,
  invite,
}: {
  session: SessionModel;
  nowMs: number;
  close: () => void;
  /** null where this viewer may not invite. */
  invite: (() => void) | null;
}) {
  return (
    <aside class="side" aria-label="Participants">
      <div class="side-head">
        <h2 class="grow">Participants</h2>
        <button
          type="button"
          class="button icon-only"
          aria-label="Close participants"
          onClick={close}
        >
          <Icon node={X} />
        </button>
      </div>
      <ul>
        {session.roster.value.map((one) => (
          <Person key={one.key} one={one} session={session} nowMs={nowMs} />
        ))}
      </ul>
      {invite !== null && (
        <div class="person">
          <button type="button" class="button" onClick={invite}>
            Invite someone
          </button>
        </div>
      )}
    </aside>
  );
}

function Person({
  one,
  session,
  nowMs,
}: {
  one: Participant;
  session: SessionModel;
  nowMs: number;
}) {
  const [editing, setEditing] = useState(false);
  const me = session.me.value;
  const isMe = one.key === me.key || (me.owner && one.role === 'sharer');
  const access = session.accessOf(one.key);
  const manages = session.can('manage') && !isMe && one.role === 'viewer';
  const beyond = capabilitiesOf(access).some((name) => name !== 'view' && name !== 'suggest');
  const set = (capabilities: ReturnType<typeof lasting>): void => {
    setEditing(false);
    void session.act({ type: 'grant.set', to: one.key, capabilities });
  };
  return (
    <li class="person" aria-label={one.name}>
      <div class="person-line">
        <Avatar name={one.name} hue={one.hue} size="large" away={!one.present} />
        <div class="grow">
          <span class="person-name">{one.name}</span>
          {isMe && <span class="muted"> (you)</span>}
          <small>{accessLine(one, access, nowMs)}</small>
        </div>
      </div>
      {manages && !editing && (
        <div class="access-foot">
          <button
            type="button"
            class="button small"
            aria-label={`Change access of ${one.name}`}
            onClick={() => setEditing(true)}
          >
            Change access
          </button>
          {beyond && (
            <button
              type="button"
              class="button small"
              aria-label={`Revoke what ${one.name} may do beyond watching`}
              onClick={() => set(lasting(PRESETS.viewer, null))}
            >
              Revoke
            </button>
          )}
          <button
            type="button"
            class="button small danger"
            aria-label={`Remove ${one.name}`}
            onClick={() => void session.act({ type: 'participant.remove', key: one.key })}
          >
            <Icon node={UserMinus} size={14} /> Remove
          </button>
        </div>
      )}
      {manages && editing && (
        <AccessEditor
          name={one.name}
          now={access}
          mine={session.mine.value}
          owner={me.owner}
          nowMs={nowMs}
          save={set}
          cancel={() => setEditing(false)}
        />
      )}
    </li>
  );
}

function accessLine(one: Participant, access: ReturnType<typeof lasting>, nowMs: number): string {
  const presence = one.present ? 'here' : 'away';
  if (one.role === 'sharer') return `Shares this terminal · ${presence}`;
  const end = earliestEnd(access);
  const until =
    end === null ? '' : ` until ${clockWords(end, nowMs, -new Date(end).getTimezoneOffset())}`;
  return `${accessName(access)}${until} · ${presence}`;
}
