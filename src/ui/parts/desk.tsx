// What waits for an answer: knocks and requests for edit access. Cards over the terminal that
// never take the focus; they are announced, and reached with the keyboard when one wants to.
import type * as v from 'valibot';
import { PRESETS, lasting, type Capabilities } from '../../protocol/capability.ts';
import type {
  KnockCard as KnockSchema,
  RequestCard as RequestSchema,
} from '../../protocol/message.ts';
import { accessName, granted, LASTING_WORDS, type Lasting } from '../model/access.ts';
import type { SessionModel } from '../model/session-model.ts';
import { Avatar } from './avatar.tsx';

type Knock = v.InferOutput<typeof KnockSchema>;
type Request = v.InferOutput<typeof RequestSchema>;

/** Whether an invite gives more than the two answers offered beside it. */
function isMore(capabilities: Capabilities): boolean {
  const name = accessName(capabilities);
  const beyondViewer = Object.keys(capabilities).some((one) => !isIn(PRESETS.viewer, one));
  return beyondViewer && name !== 'Editor';
}

function isIn(list: readonly string[], name: string): boolean {
  return list.includes(name);
}

export function Desk({ session, nowMs }: { session: SessionModel; nowMs: number }) {
  const desk = session.desk.value;
  const waiting = desk === null ? 0 : desk.knocks.length + desk.requests.length;
  return (
    <>
      <p class="unseen" role="status">
        {desk === null || waiting === 0 ? '' : announced(desk.knocks, desk.requests)}
      </p>
      {desk !== null && waiting > 0 && (
        <section class="desk" aria-label="Waiting for your answer" tabIndex={0}>
          {desk.knocks.map((knock) => (
            <KnockView key={knock.id} knock={knock} session={session} nowMs={nowMs} />
          ))}
          {desk.requests.map((request) => (
            <RequestView key={request.key} request={request} session={session} nowMs={nowMs} />
          ))}
        </section>
      )}
    </>
  );
}

function announced(knocks: readonly Knock[], requests: readonly Request[]): string {
  return [
    ...knocks.map((knock) => `${knock.name} asks to be let in.`),
    ...requests.map((request) => `${request.name} asks for edit access.`),
  ].join(' ');
}

function KnockView({
  knock,
  session,
  nowMs,
}: {
  knock: Knock;
  session: SessionModel;
  nowMs: number;
}) {
  const owner = session.me.value.owner;
  const editor = owner || session.can('run');
  const invited = accessName(knock.capabilities);
  const admit = (capabilities: ReturnType<typeof lasting>): void => {
    void session.act({ type: 'knock.admit', knock: knock.id, capabilities });
  };
  return (
    <article class="card" aria-label={`${knock.name} asks to be let in`}>
      <div class="person-line">
        <Avatar name={knock.name} hue={knock.hue} size="large" />
        <div class="grow">
          <strong>{knock.name}</strong> asks to be let in
        </div>
      </div>
      <div class="field">
        <span class="legend">They should read you these words</span>
        <p class="words-line">
          {knock.words.split(/\s+/).map((word, index) => (
            <span key={index}>{word}</span>
          ))}
        </p>
      </div>
      <div class="card-actions">
        <button
          type="button"
          class="button primary"
          onClick={() => admit(lasting(PRESETS.viewer, null))}
        >
          Admit as Viewer
        </button>
        {editor && (
          <button
            type="button"
            class="button"
            title="Editor has your shell, with all your files and keys"
            onClick={() => admit(granted(PRESETS.editor, 'share', nowMs))}
          >
            As Editor
          </button>
        )}
        {isMore(knock.capabilities) && owner && (
          <button type="button" class="button" onClick={() => admit(knock.capabilities)}>
            As invited: {invited}
          </button>
        )}
        <button
          type="button"
          class="button danger"
          onClick={() => void session.act({ type: 'knock.deny', knock: knock.id })}
        >
          Deny
        </button>
      </div>
      {editor && <p class="muted">Editor has your shell, with all your files and keys.</p>}
    </article>
  );
}

function RequestView({
  request,
  session,
  nowMs,
}: {
  request: Request;
  session: SessionModel;
  nowMs: number;
}) {
  const person = session.participant(request.key);
  const asked = accessName(lasting(request.capabilities, null));
  const isEditor = request.capabilities.includes('run') || request.capabilities.includes('type');
  const allow = (lasts: Lasting): void => {
    const names = [...new Set([...PRESETS.viewer, ...request.capabilities])];
    void session.act({
      type: 'grant.set',
      to: request.key,
      capabilities: granted(names, lasts, nowMs),
    });
  };
  return (
    <article class="card" aria-label={`${request.name} asks for edit access`}>
      <div class="person-line">
        <Avatar name={request.name} hue={person?.hue ?? 0} size="large" />
        <div class="grow">
          <strong>{request.name}</strong> asks for edit access
        </div>
      </div>
      <p>
        {isEditor
          ? 'Editor has your shell, with all your files and keys.'
          : `They would become: ${asked}.`}
      </p>
      <div class="card-actions">
        {(['15min', '1h', 'share'] as const).map((lasts) => (
          <button
            type="button"
            class={`button ${lasts === '15min' ? 'primary' : ''}`}
            key={lasts}
            onClick={() => allow(lasts)}
          >
            {lasts === '15min' ? `Allow ${LASTING_WORDS[lasts]}` : LASTING_WORDS[lasts]}
          </button>
        ))}
        <button
          type="button"
          class="button danger"
          onClick={() => void session.act({ type: 'request.deny', from: request.key })}
        >
          Deny
        </button>
      </div>
    </article>
  );
}
