// meshell and meshell share: opens the app, then shows it in the browser, in this terminal, or
// to a program that speaks JSON.
import open from 'open';
import { lanAddresses } from '../host/addresses.ts';
import { openApp, type App } from '../host/app.ts';
import { askRunning } from '../host/control-file.ts';
import { paths } from '../host/paths.ts';
import type { HostedSession } from '../host/session.ts';
import { defaultName, readSettings } from '../host/settings.ts';
import type { ShellCommand } from '../host/shell.ts';
import type { Reach } from '../protocol/action.ts';
import { defaultShell } from '../terminal/shells.ts';
import { shareFlags, type ShareFlags } from './flags.ts';
import { sayFault, sayUsage, type Leaving } from './leaving.ts';
import { PAGE_FOLDER } from './page-folder.ts';
import { inviteLine, serveJson } from './share-json.ts';
import { writeJsonLine } from './json-lines.ts';
import { runShareTerminal } from './share-terminal.ts';

/** Cells of a terminal that no page and no window has sized. */
const SIZE = { cols: 120, rows: 36 };
/** The sharer's colour where it has not chosen one, in degrees. */
const SHARER_HUE = 210;

export async function runShare(
  kind: 'app' | 'terminal',
  args: readonly string[],
  leaving: Leaving,
): Promise<void> {
  const flags = shareFlags(args);
  if (!flags.ok) return leaving.leave(sayUsage(flags.fault));
  const { data, config } = paths(process.env);
  const settings = readSettings(config);
  if (!settings.ok) return leaving.leave(sayUsage(settings.fault));
  const inTerminal = kind === 'terminal' && !flags.value.json && !flags.value.headless;
  const app = await openApp({
    dataFolder: kind === 'app' ? data : `${data}/share-${process.pid}`,
    pageFolder: PAGE_FOLDER,
    port: flags.value.port,
    sharer: {
      name: flags.value.name ?? settings.value.name ?? defaultName(),
      hue: SHARER_HUE,
    },
    signal: flags.value.signal ?? settings.value.signal ?? null,
    command: commandOf(flags.value, settings.value.shell),
    env: process.env,
    cwd: process.cwd(),
    size: inTerminal ? ownSize() : SIZE,
    reach: flags.value.reach ?? defaultReach(),
    start: flags.value.start,
    autoAdmit: flags.value.autoAdmit,
    fresh: flags.value.fresh,
    stopped: () => leaving.leave(0),
  });
  if (!app.ok) {
    if (app.fault === 'store.locked' && kind === 'app')
      return await showRunning(data, flags.value, leaving);
    return leaving.leave(sayFault(app.fault));
  }
  leaving.owns(app.value.close);
  const [session] = app.value.sessions();
  if (session === undefined) return leaving.leave(sayFault('terminal.noPty'));
  if (flags.value.json) return await runJson(app.value, session, flags.value, leaving);
  if (inTerminal) return await runShareTerminal(session, leaving);
  await runApp(app.value, session, flags.value);
}

function commandOf(flags: ShareFlags, shell: string | undefined): ShellCommand {
  const [file, ...args] = flags.command;
  if (file !== undefined) return { kind: 'command', file, args };
  return { kind: 'shell', shell: shell ?? defaultShell(process.env) };
}

function defaultReach(): Reach {
  return lanAddresses().length > 0 ? 'lan' : 'local';
}

function ownSize(): { cols: number; rows: number } {
  const { columns, rows } = process.stdout;
  return { cols: columns ?? SIZE.cols, rows: rows ?? SIZE.rows };
}

/** A second start: the running one's page, and we are done. */
async function showRunning(data: string, flags: ShareFlags, leaving: Leaving): Promise<void> {
  const link = await askRunning(data, 'link');
  if (link === null) return leaving.leave(sayFault('store.locked') || 1);
  if (flags.json) writeJsonLine(process.stdout, { event: 'ready', app: link });
  else process.stderr.write(`meshell is already running: ${link}\n`);
  if (!flags.headless) await open(link).catch(() => undefined);
  leaving.leave(0);
}

async function runJson(
  app: App,
  session: HostedSession,
  flags: ShareFlags,
  leaving: Leaving,
): Promise<void> {
  writeJsonLine(process.stdout, { event: 'ready', app: app.link(), session: session.id });
  session.onEvent((event) => {
    if (event.event === 'ended' && event.reason === 'session.closed') leaving.leave(0);
  });
  serveJson(session, process.stdin, process.stdout);
  if (!flags.share) return;
  const made = await session.order({ type: 'invite.make' });
  if (made.ok && made.invite !== undefined) writeJsonLine(process.stdout, inviteLine(made.invite));
}

async function runApp(app: App, session: HostedSession, flags: ShareFlags): Promise<void> {
  const link = app.link();
  process.stderr.write(`meshell runs. Its page: ${link}\nCtrl-C ends it.\n`);
  if (flags.share) {
    const made = await session.order({ type: 'invite.make' });
    if (made.ok && made.invite !== undefined) {
      const { typed, link: invite } = made.invite;
      process.stderr.write(`Invite: ${typed ?? ''}\n        ${invite}\n`);
    }
  }
  // Where no browser can be opened the line above says where to go.
  if (!flags.headless) await open(link).catch(() => undefined);
}
