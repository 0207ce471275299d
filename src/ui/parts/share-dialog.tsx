// Sharing a terminal: who can reach it, from where they see it, and then the invite.
import { useState } from 'preact/hooks';
import { Bot, ShieldAlert, X } from 'lucide';
import type { Reach, StartChoice } from '../../protocol/action.ts';
import { blockAt } from '../model/crop.ts';
import { inviteState, REACH_WORDS } from '../model/invite-words.ts';
import type { SessionModel } from '../model/session-model.ts';
import { shareModel, type ShareModel } from '../model/share-model.ts';
import { visibleText } from '../model/words.ts';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { Invite, type CopyText } from './invite.tsx';

export interface ShareSetting {
  /** None where it is not for this person to choose. */
  readonly reaches: readonly Reach[];
  readonly addresses: readonly string[];
  readonly signal: string | null;
}

export function ShareDialog({
  session,
  setting,
  from,
  nowMs,
  copy,
  close,
}: {
  session: SessionModel;
  setting: ShareSetting;
  /** The block whose menu this came from. */
  from: number | null;
  nowMs: number;
  copy: CopyText;
  close: () => void;
}) {
  const [share] = useState(() => shareModel(session, setting.reaches, from));
  const invite = share.invite.value;
  return (
    <Dialog title={invite === null ? 'Share this terminal' : 'Invite one person'} close={close}>
      {invite === null ? (
        <Choosing session={session} share={share} setting={setting} from={from} nowMs={nowMs} />
      ) : (
        <Invite
          invite={invite}
          nowMs={nowMs}
          copy={copy}
          closeInvite={() => void share.closeInvite(invite.id)}
          another={share.another}
        />
      )}
    </Dialog>
  );
}

function Choosing({
  session,
  share,
  setting,
  from,
  nowMs,
}: {
  session: SessionModel;
  share: ShareModel;
  setting: ShareSetting;
  from: number | null;
  nowMs: number;
}) {
  const making = share.stage.value.stage === 'making';
  return (
    <>
      <OpenInvites share={share} nowMs={nowMs} />
      {setting.reaches.length > 0 && <WhoCanReach share={share} setting={setting} />}
      <fieldset class="field">
        <legend class="legend">What they see</legend>
        <div class="choices">
          {startChoices(session, from).map((choice) => (
            <label class="choice" key={choice.name}>
              <input
                type="radio"
                name="start"
                checked={isSame(share.start.value, choice.start)}
                onChange={() => share.setStart(choice.start)}
              />
              <strong class="cut">{choice.name}</strong>
              <small>{choice.says}</small>
            </label>
          ))}
        </div>
      </fieldset>
      <p class="note">
        <Icon node={ShieldAlert} />
        <span>
          What is on screen is shared as it is: passwords and keys that a program prints are seen.
          Whoever you let run or type can read your files, your shell history and everything else
          you can, whatever the choice above.
        </span>
      </p>
      {session.conversations.threads.value.length > 0 && (
        <p class="note">
          <Icon node={Bot} />
          <span>
            <strong>Agent conversations are shared too.</strong> What agents say, the output of
            their commands and the files they show leave this computer. Known keys and secrets are
            masked as well as that can be done, which is not always; what the terminal prints live
            is not masked at all.
          </span>
        </p>
      )}
      <div class="dialog-foot">
        <button
          type="button"
          class="button primary large"
          disabled={making}
          onClick={() => void share.make()}
        >
          {making ? 'Making the invite…' : 'Make an invite'}
        </button>
      </div>
    </>
  );
}

function WhoCanReach({ share, setting }: { share: ShareModel; setting: ShareSetting }) {
  return (
    <fieldset class="field">
      <legend class="legend">Who can reach it</legend>
      <div class="choices across">
        {(['local', 'lan', 'signal'] as const)
          .filter((reach) => setting.reaches.includes(reach))
          .map((reach) => (
            <ReachChoice key={reach} reach={reach} share={share} setting={setting} />
          ))}
      </div>
    </fieldset>
  );
}

function ReachChoice({
  reach,
  share,
  setting,
}: {
  reach: Reach;
  share: ShareModel;
  setting: ShareSetting;
}) {
  const words = REACH_WORDS[reach];
  const place =
    reach === 'lan'
      ? setting.addresses.join(', ')
      : reach === 'signal'
        ? hostOf(setting.signal)
        : null;
  return (
    <label class="choice">
      <input
        type="radio"
        name="reach"
        checked={share.reach.value === reach}
        onChange={() => share.setReach(reach)}
      />
      <strong>{words.name}</strong>
      <small>{place === null || place === '' ? words.says : `${words.says} ${place}`}</small>
    </label>
  );
}

function OpenInvites({ share, nowMs }: { share: ShareModel; nowMs: number }) {
  const open = share.others.value;
  if (open.length === 0) return null;
  return (
    <section class="field" aria-label="Open invites">
      <p class="legend">Open invites</p>
      <ul class="open-invites">
        {open.map((invite) => (
          <li key={invite.id}>
            <span class="grow">
              <strong class="mono">{invite.code ?? 'Link only'}</strong>
              <br />
              <small class="muted">{inviteState(invite, nowMs)}</small>
            </span>
            <button type="button" class="button" onClick={() => share.show(invite.id)}>
              Show
            </button>
            <button
              type="button"
              class="button icon-only"
              aria-label={`Close invite ${invite.code ?? ''}`}
              title="Close this invite"
              onClick={() => void share.closeInvite(invite.id)}
            >
              <Icon node={X} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface StartWords {
  readonly start: StartChoice;
  readonly name: string;
  readonly says: string;
}

function startChoices(session: SessionModel, from: number | null): readonly StartWords[] {
  const choices: StartWords[] = [
    {
      start: { from: 'screen' },
      name: 'From this screen',
      says: 'What is visible now, and all that follows.',
    },
    {
      start: { from: 'all' },
      name: 'Everything so far',
      says: 'Every block and conversation of this session.',
    },
    { start: { from: 'none' }, name: 'Nothing yet', says: 'From the next command or prompt on.' },
  ];
  if (from === null) return choices;
  const command = blockAt(session.finished.value, from)?.command ?? '';
  const start: StartChoice = { from: 'block', block: from };
  const name = `From ‘${visibleText(command.split('\n')[0] ?? '')}’`;
  return [{ start, name, says: 'That block, and all that follows.' }, ...choices];
}

function hostOf(address: string | null): string | null {
  return address === null ? null : address.replace(/^\w+:\/\//, '').replace(/\/$/, '');
}

function isSame(a: StartChoice, b: StartChoice): boolean {
  return a.from === b.from;
}
