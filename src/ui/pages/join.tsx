// The visitor's page: a code or link, a name, each step until one is let in, then the session.
import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { Check, CircleAlert, TriangleAlert } from 'lucide';
import { FAULTS } from '../../protocol/faults.ts';
import { NAME_CHARS_MAX } from '../../protocol/limits.ts';
import { unreachable } from '../../protocol/result.ts';
import type { Entry } from '../model/entry.ts';
import { joinModel, joinSteps, type JoinModel } from '../model/join-model.ts';
import type { Ports } from '../model/ports.ts';
import type { SessionModel } from '../model/session-model.ts';
import type { ThemeModel } from '../model/theme.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import { Door } from './door.tsx';
import { ViewerPage } from './viewer.tsx';

export function JoinPage({
  entry,
  ports,
  theme,
  now,
  origin,
  proven,
}: {
  entry: Exclude<Entry, { page: 'app' }>;
  ports: Ports;
  theme: ThemeModel;
  now: ReadonlySignal<number>;
  origin: string;
  /** Whether nobody on the way can have changed the page: https, or this computer. */
  proven: boolean;
}) {
  const [join] = useState(() => joinModel(ports, entry, origin));
  useEffect(() => join.close, [join]);
  const at = join.stage.value;
  switch (at.stage) {
    case 'invite':
      return <InviteForm join={join} fault={at.fault} proven={proven} />;
    case 'person':
      return <PersonForm join={join} byCode={at.way.by === 'code'} proven={proven} />;
    case 'session':
      if (join.inside.value) {
        return (
          <ViewerPage
            session={at.session}
            ports={ports}
            theme={theme}
            now={now}
            again={join.again}
            forgetful={join.forgetful.value}
          />
        );
      }
      return <Joining join={join} session={at.session} coming={at.way.by === 'key'} />;
    default:
      return unreachable(at);
  }
}

function InviteForm({
  join,
  fault,
  proven,
}: {
  join: JoinModel;
  fault: string | null;
  proven: boolean;
}) {
  const [text, setText] = useState('');
  return (
    <Door title="Join a session">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          join.giveInvite(text);
        }}
      >
        <label class="field">
          <span>Code or link</span>
          <input
            type="text"
            class="text-input mono"
            placeholder="4271-apple-tiger"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            autofocus
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        {fault !== null && (
          <p class="fault-line" role="alert">
            <Icon node={CircleAlert} /> {fault}
          </p>
        )}
        <button type="submit" class="button primary large" disabled={text.trim() === ''}>
          Continue
        </button>
      </form>
      <p class="muted">
        The person who shares sees the code on their screen. It works once, for ten minutes.
      </p>
      {!proven && <PlainHttp />}
    </Door>
  );
}

const HUES = [10, 45, 85, 140, 180, 220, 260, 300, 340] as const;
const HUE_NAMES = [
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'sky',
  'blue',
  'violet',
  'pink',
] as const;

function PersonForm({
  join,
  byCode,
  proven,
}: {
  join: JoinModel;
  byCode: boolean;
  proven: boolean;
}) {
  const known = join.person.value;
  const [name, setName] = useState(known.name);
  const [hue, setHue] = useState(nearestHue(known.hue));
  return (
    <Door title="Who is joining?">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          join.givePerson({ name: name.trim(), hue });
        }}
      >
        <label class="field">
          <span>Your name, as others will see it</span>
          <span class="name-row">
            <Avatar name={name || '?'} hue={hue} size="large" />
            <input
              type="text"
              class="text-input"
              autocomplete="nickname"
              maxLength={NAME_CHARS_MAX}
              autofocus
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </span>
        </label>
        <fieldset class="field">
          <legend class="legend">Your colour</legend>
          <div class="hues">
            {HUES.map((each, index) => (
              <label class="hue" key={each} style={{ '--hue': String(each) }}>
                <input
                  type="radio"
                  name="hue"
                  aria-label={HUE_NAMES[index] ?? 'colour'}
                  checked={each === hue}
                  onChange={() => setHue(each)}
                />
              </label>
            ))}
          </div>
        </fieldset>
        <button type="submit" class="button primary large" disabled={name.trim() === ''}>
          Ask to join
        </button>
      </form>
      <p class="muted">
        {byCode ? 'The code' : 'Your link'} works once. The sharer sees your name and decides.
      </p>
      {!proven && <PlainHttp />}
      <Forgetful join={join} />
    </Door>
  );
}

function nearestHue(hue: number): number {
  const apart = (other: number): number =>
    Math.min(Math.abs(hue - other), 360 - Math.abs(hue - other));
  return HUES.reduce<number>((best, each) => (apart(each) < apart(best) ? each : best), HUES[0]);
}

function Joining({
  join,
  session,
  coming,
}: {
  join: JoinModel;
  session: SessionModel;
  coming: boolean;
}) {
  const connection = session.connection.value;
  // While the sharer decides there is time to load what shows the screen.
  useEffect(() => void import('../parts/live-terminal.ts'), []);
  const known = session.roster.value.find((one) => one.role === 'sharer')?.name;
  const sharer = connection.phase === 'knocking' ? connection.sharer : (known ?? 'the sharer');
  if (connection.phase === 'over')
    return <NotJoined join={join} words={FAULTS[connection.fault].mine} />;
  const away =
    connection.phase === 'away' ? `${FAULTS[connection.fault].mine} Trying again…` : null;
  return (
    <Door title={coming ? 'Coming back' : 'Joining'}>
      <ol class="steps" aria-label="Steps">
        {joinSteps(connection, sharer, coming).map((step) => (
          <li
            key={step.words}
            data-state={step.state}
            aria-current={step.state === 'now' ? 'step' : undefined}
          >
            <span class="mark">
              {step.state === 'done' && <Icon node={Check} />}
              {step.state === 'now' && <span class="spin" aria-hidden="true" />}
              {step.state === 'to come' && <span class="wait-dot" aria-hidden="true" />}
            </span>
            <span>
              {step.words}
              {step.state === 'done' && <span class="unseen"> (done)</span>}
            </span>
          </li>
        ))}
      </ol>
      <p class="unseen" role="status">
        {joinSteps(connection, sharer, coming).find((step) => step.state === 'now')?.words ?? away}
      </p>
      {connection.phase === 'knocking' && (
        <div class="check-words">
          <span>Read these words to {sharer}: they see the same ones if nobody is in between.</span>
          <p class="words-line">
            {connection.words.split(/\s+/).map((word, index) => (
              <span key={index}>{word}</span>
            ))}
          </p>
        </div>
      )}
      {away !== null && (
        <p class="fault-line">
          <Icon node={TriangleAlert} /> {away}
        </p>
      )}
      <Forgetful join={join} />
      <div class="card-actions">
        {away !== null && (
          <button type="button" class="button" onClick={() => session.viewer.retry()}>
            Try now
          </button>
        )}
        <button type="button" class="button" onClick={join.again}>
          Cancel
        </button>
      </div>
    </Door>
  );
}

function NotJoined({ join, words }: { join: JoinModel; words: string }) {
  return (
    <Door title="You are not in">
      <p role="alert">{words}</p>
      <div class="card-actions">
        <button type="button" class="button primary large" onClick={join.again}>
          Try another invite
        </button>
      </div>
    </Door>
  );
}

/** Said before anything is typed: a page altered on its way could keep the code for itself. */
function PlainHttp() {
  return (
    <p class="muted">
      This page came over plain http: someone on this network could have altered it. To be sure,
      join from a terminal with <span class="mono">meshell join</span>.
    </p>
  );
}

function Forgetful({ join }: { join: JoinModel }) {
  if (!join.forgetful.value) return null;
  return (
    <p class="note">
      <Icon node={TriangleAlert} />
      <span>This browser keeps nothing for this page: a reload would lose your place.</span>
    </p>
  );
}
