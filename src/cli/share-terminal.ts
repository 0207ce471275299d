// meshell share: the shell goes on in this very terminal. A prefix key opens a panel of two
// lines; what waits for an answer rings the bell and sets the title, and writes nothing into
// the running program's screen.
import { renderUnicodeCompact } from 'uqr';
import type { HostedSession, SessionEvent } from '../host/session.ts';
import { lasting, PRESETS } from '../protocol/capability.ts';
import type { InviteCard, KnockCard } from '../protocol/message.ts';
import { sayFault, type Leaving } from './leaving.ts';
import { openPrefix } from './prefix-key.ts';

const BELL = '\u0007';

export async function runShareTerminal(session: HostedSession, leaving: Leaving): Promise<void> {
  const made = await session.order({ type: 'invite.make' });
  if (!made.ok || made.invite === undefined) {
    return leaving.leave(sayFault('signal.unreachable'));
  }
  process.stdout.write(greeting(made.invite));
  leaving.owns(() => void process.stdout.write('\r\nThe share has ended.\r\n'));
  const panel = openPanel(session, leaving);
  session.onOutput((bytes) => {
    if (!panel.isOpen()) process.stdout.write(bytes);
  });
  session.onEvent((event) => {
    panel.heard(event);
    if (event.event === 'ended') leaving.leave(0);
  });
  const prefix = openPrefix((keys) => session.type(keys), panel.key, panel.isOpen);
  if (process.stdin.isTTY) process.stdin.setRawMode(true);
  leaving.owns(() => {
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
  });
  process.stdin.on('data', (data: Buffer) => prefix(new Uint8Array(data)));
  process.stdout.on('resize', () => session.resize(process.stdout.columns, process.stdout.rows));
}

function greeting(invite: InviteCard): string {
  const lines = [
    'This shell is shared. To join, one person may',
    ...(invite.typed === null ? [] : [`  type   ${invite.typed}`]),
    ...(invite.code === null ? [] : [`  open   ${invite.place ?? ''} and type ${invite.code}`]),
    `  open   ${invite.link}`,
    ...(invite.reach === 'local' ? ['  (works only on this computer)'] : []),
    '',
    ...renderUnicodeCompact(invite.link).split('\n'),
    '',
    'Ctrl-] shows who knocks and who is here.',
    '',
  ];
  return lines.join('\r\n');
}

interface Panel {
  readonly isOpen: () => boolean;
  /** A key while the panel is open, or the prefix key that opens it. */
  readonly key: (key: string) => void;
  readonly heard: (event: SessionEvent) => void;
}

function openPanel(session: HostedSession, leaving: Leaving): Panel {
  const knocks = new Map<string, KnockCard>();
  const requests = new Map<string, { readonly key: KnockCard['key']; readonly name: string }>();
  const here = new Map<string, string>();
  let open = false;

  function draw(): void {
    const knock = [...knocks.values()][0];
    const request = [...requests.values()][0];
    const first =
      knock !== undefined
        ? `${knock.name} knocks (${knock.words}): a admit, e admit as editor, d deny`
        : request !== undefined
          ? `${request.name} asks to edit: y allow, n deny`
          : 'Nobody waits.';
    const names = [...here.values()];
    const second = `${names.length === 0 ? 'Nobody is here' : `Here: ${names.join(', ')}`} · i invite · x end share · Ctrl-] back`;
    // Saved cursor, two lines at the top, cursor back: the program's own screen is drawn anew after.
    process.stdout.write(
      `\u001b7\u001b[1;1H\u001b[7m\u001b[2K${first}\r\n\u001b[2K${second}\u001b[m\u001b8`,
    );
  }

  function close(): void {
    open = false;
    // A changed size makes programs draw anew what the panel covered.
    const { columns, rows } = process.stdout;
    session.resize(columns, rows - 1);
    session.resize(columns, rows);
  }

  async function answer(key: string): Promise<void> {
    const knock = [...knocks.values()][0];
    const request = [...requests.values()][0];
    if (knock !== undefined && (key === 'a' || key === 'e' || key === 'd')) {
      knocks.delete(knock.id);
      const capabilities = lasting(key === 'e' ? PRESETS.editor : PRESETS.viewer, null);
      await session.order(
        key === 'd'
          ? { type: 'knock.deny', knock: knock.id }
          : { type: 'knock.admit', knock: knock.id, capabilities },
      );
    } else if (knock === undefined && request !== undefined && (key === 'y' || key === 'n')) {
      requests.delete(request.key);
      await session.order(
        key === 'n'
          ? { type: 'request.deny', from: request.key }
          : { type: 'grant.set', to: request.key, capabilities: lasting(PRESETS.editor, null) },
      );
    } else if (key === 'x') {
      await session.order({ type: 'share.end' });
      leaving.leave(0);
    } else if (key === 'i') {
      await invite();
      return;
    }
    if (open) draw();
  }

  async function invite(): Promise<void> {
    const made = await session.order({ type: 'invite.make' });
    if (!made.ok || made.invite === undefined) return;
    process.stdout.write(
      `\u001b7\u001b[1;1H\u001b[7m\u001b[2K${made.invite.typed ?? made.invite.link}\u001b[m\u001b8`,
    );
  }

  return {
    isOpen: () => open,
    key(key) {
      if (!open) {
        open = true;
        draw();
      } else if (key === '\u001d' || key === '\u001b' || key === 'q') close();
      else void answer(key);
    },
    heard(event) {
      switch (event.event) {
        case 'knock':
          knocks.set(event.knock.id, event.knock);
          process.stdout.write(`${BELL}\u001b]0;${event.knock.name} knocks — Ctrl-]${BELL}`);
          break;
        case 'unknock':
          knocks.delete(event.knock.id);
          break;
        case 'request':
          requests.set(event.key, { key: event.key, name: event.name });
          process.stdout.write(`${BELL}\u001b]0;${event.name} asks to edit — Ctrl-]${BELL}`);
          break;
        case 'joined':
          here.set(event.key, event.name);
          break;
        case 'left':
          here.delete(event.key);
          break;
        case 'fault':
        case 'ended':
          break;
      }
      if (open) draw();
    },
  };
}
