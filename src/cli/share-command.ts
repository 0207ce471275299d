// meshell and meshell share: opens the app, then shows it in the browser, in this terminal, or
// to a program that speaks JSON.
import open from 'open';
import packageJson from '../../package.json' with { type: 'json' };
import { openAcpHost } from '../agent/acp-host.ts';
import { openSharedMoments } from '../agent/shared-moments.ts';
import { NO_LIMITS } from '../agent/prompt-limits.ts';
import { lanAddresses } from '../host/addresses.ts';
import { openAgentList } from '../host/agent-list.ts';
import { agentSetup, NAMED_AGENT } from '../host/agent-setup.ts';
import { openApp, type App } from '../host/app.ts';
import { nodeClock, nodeRandom } from '../host/clock-node.ts';
import { askRunning } from '../host/control-file.ts';
import { paths } from '../host/paths.ts';
import type { HostedSession, SessionEvent } from '../host/hosted-session.ts';
import { defaultName, readSettings } from '../host/settings.ts';
import { takeShareFolder, type ShareFolder } from '../host/share-folders.ts';
import type { ShellCommand } from '../host/shell.ts';
import type { Reach } from '../protocol/action.ts';
import { FAULTS, faultWords } from '../protocol/faults.ts';
import { unreachable } from '../protocol/result.ts';
import { defaultShell } from '../terminal/shells.ts';
import { shareFlags, type ShareFlags } from './flags.ts';
import { firstInvite, noInviteWords } from './first-invite.ts';
import { AGENTS_SHARED } from './greeting.ts';
import { inviteLines } from './greeting.ts';
import { sayFault, saySettings, sayUsage, tellLack, type Leaving, hasFailed } from './leaving.ts';
import { isTerminal } from './local-terminal.ts';
import { openOutputGate } from './output-gate.ts';
import { COMMAND_LINE } from './command-line.ts';
import { PAGE_FOLDER } from './page-folder.ts';
import type { ShareLine } from './json-events.ts';
import { faultLine, inviteLine, serveJson } from './share-json.ts';
import { writeJsonLine } from './json-lines.ts';
import { autoAdmitWords } from './share-panel.ts';
import { runShareTerminal } from './share-terminal.ts';

/** Cells of a terminal that no page and no window has sized. */
const SIZE = { cols: 120, rows: 36 };
type EndReason = Extract<SessionEvent, { event: 'ended' }>['reason'];
const RESUMED =
  'The share that was cut off here goes on: whoever was let in comes back by their key. --fresh begins another.';
/** The sharer's colour where it has not chosen one, in degrees. */
const SHARER_HUE = 210;

export async function runShare(
  kind: 'app' | 'terminal',
  args: readonly string[],
  leaving: Leaving,
): Promise<void> {
  const parsed = shareFlags(args);
  if (!parsed.ok) return leaving.leave(sayUsage(parsed.fault));
  const flags = parsed.value;
  const inTerminal = kind === 'terminal' && !flags.json && !flags.headless;
  if (inTerminal && !isTerminal()) {
    return leaving.leave(
      sayUsage('meshell share needs a terminal; without one there are --headless and --json.'),
    );
  }
  const { data, config } = paths(process.env);
  const settings = readSettings(config);
  if (!settings.ok) return leaving.leave(saySettings(settings.fault));
  const folder = folderOf(kind, data, flags);
  // [CL17] A start that fails leaves a share that was cut off to the next one.
  leaving.owns((exit) => {
    if (!folder.resumed || !hasFailed(exit)) folder.remove();
  });
  const gate = openOutputGate((bytes) => void process.stdout.write(bytes));
  const signal = flags.signal ?? settings.value.signal ?? null;
  const moments = openSharedMoments(nodeClock);
  const app = await openApp({
    dataFolder: folder.path,
    pageFolder: PAGE_FOLDER,
    port: flags.port,
    sharer: {
      name: flags.name ?? settings.value.name ?? defaultName(),
      hue: SHARER_HUE,
    },
    signal,
    iceServers: settings.value.ice_servers ?? null,
    command: commandOf(flags, settings.value.shell),
    env: process.env,
    cwd: process.cwd(),
    size: inTerminal ? ownSize() : SIZE,
    reach: flags.reach ?? defaultReach(),
    start: flags.start,
    autoAdmit: flags.autoAdmit,
    agents: agentSetup({
      clock: nodeClock,
      env: process.env,
      moments,
      open: openAcpHost({
        clock: nodeClock,
        moments,
        env: process.env,
        version: packageJson.version,
      }),
      list: openAgentList(paths(process.env), process.env, {
        node: process.execPath,
        cli: COMMAND_LINE,
      }),
      directory: process.cwd(),
      named: flags.agent,
      limits: {
        person: settings.value.agent_limits?.person ?? NO_LIMITS,
        thread: settings.value.agent_limits?.thread ?? NO_LIMITS,
      },
    }),
    ...(inTerminal ? { output: gate.push } : {}),
    fresh: flags.fresh,
    stopped: () => leaving.leave(0),
  });
  if (!app.ok) {
    if (app.fault === 'store.locked') return await showRunning(data, flags, leaving);
    return leaving.leave(sayFault(app.fault));
  }
  leaving.owns(app.value.close);
  if (app.value.lacks !== null) tellLack(app.value.lacks, flags.json);
  for (const fault of app.value.losses) tellLack(fault, flags.json);
  const [session] = app.value.sessions();
  if (session === undefined) return leaving.leave(sayFault('terminal.noPty'));
  if (folder.resumed) process.stderr.write(`${RESUMED}\n`);
  if (flags.agent !== null) void session.order({ type: 'thread.start', agent: NAMED_AGENT });
  // A page says it in its dialog.
  const invites = flags.share || kind === 'terminal';
  if (invites && !inTerminal && (flags.agent !== null || session.threads().length > 0)) {
    process.stderr.write(`${AGENTS_SHARED}\n`);
  }
  if (flags.autoAdmit !== null && !inTerminal) {
    process.stderr.write(`Careful:${autoAdmitWords(flags.autoAdmit)}\n`);
  }
  if (inTerminal) {
    const { autoAdmit } = flags;
    const clock = nodeClock;
    const agents = flags.agent !== null;
    return await runShareTerminal({ session, gate, autoAdmit, agents, signal, clock, leaving });
  }
  if (kind === 'terminal') endWithShare(session, flags, leaving);
  const noInvite = (fault: string): string => noInviteWords(fault, signal);
  if (flags.json) await runJson(app.value, session, folder.resumed, flags, leaving, noInvite);
  else await runApp(kind, app.value, session, flags, noInvite);
}

/** The app has one; each share its own, or that of a share that was cut off here. */
function folderOf(kind: 'app' | 'terminal', data: string, flags: ShareFlags): ShareFolder {
  if (kind === 'app') return { path: data, resumed: false, remove: () => undefined };
  const origin = { directory: process.cwd(), command: flags.command };
  return takeShareFolder({ dataFolder: data, origin, fresh: flags.fresh, now: nodeClock.now() });
}

/** A share of its own ends with its shell, or when its program says so. */
function endWithShare(session: HostedSession, flags: ShareFlags, leaving: Leaving): void {
  // Those who are here are told: this session does not come back.
  leaving.owns(async () => void (await session.order({ type: 'share.end' })));
  session.onEvent((event) => {
    if (event.event !== 'ended') return;
    if (!flags.json) process.stderr.write(`${endWords(event.reason)}\n`);
    leaving.leave(0);
  });
}

function endWords(reason: EndReason): string {
  switch (reason) {
    case 'share.ended':
    case 'session.closed':
      return 'The share has ended.';
    case 'share.expired':
      return FAULTS['share.expired'].mine;
    case 'shell.exited':
      return 'The shell has exited, and the share has ended with it.';
    default:
      return unreachable(reason);
  }
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
  return { cols: columns || SIZE.cols, rows: rows || SIZE.rows };
}

/** A second start: the running one's page, and we are done. */
async function showRunning(data: string, flags: ShareFlags, leaving: Leaving): Promise<void> {
  const link = await askRunning(data, 'link');
  // It runs, but does not answer: it has just begun, or is about to end.
  if (link === null) return leaving.leave(sayFault('app.silent'));
  if (flags.json) writeJsonLine(process.stdout, { event: 'ready', app: link });
  else process.stderr.write(`meshell is already running: ${link}\n`);
  // [CL27] A program that asks has no use for a browser.
  if (!flags.headless && !flags.json) await open(link).catch(() => undefined);
  leaving.leave(0);
}

async function runJson(
  app: App,
  session: HostedSession,
  resumed: boolean,
  flags: ShareFlags,
  leaving: Leaving,
  noInvite: (fault: string) => string,
): Promise<void> {
  const write = (line: ShareLine): void => writeJsonLine(process.stdout, line);
  write({ event: 'ready', app: app.link(), session: session.id, resumed });
  serveJson(session, nodeClock, process.stdin, process.stdout);
  session.onEvent((event) => {
    if (event.event === 'ended' && event.reason === 'session.closed') leaving.leave(0);
  });
  if (!flags.share) return;
  const invite = await firstInvite({
    session,
    clock: nodeClock,
    random: nodeRandom,
    failed: (fault) => write({ ...faultLine('invite', fault), message: noInvite(fault) }),
  });
  if (invite !== null) write(inviteLine(invite));
}

async function runApp(
  kind: 'app' | 'terminal',
  app: App,
  session: HostedSession,
  flags: ShareFlags,
  noInvite: (fault: string) => string,
): Promise<void> {
  const link = app.link();
  process.stderr.write(`meshell runs. Its page: ${link}\nCtrl-C ends it.\n`);
  if (flags.share || kind === 'terminal') {
    void inviteFirst(session, noInvite);
  }
  // Where no browser can be opened the line above says where to go.
  if (!flags.headless) await open(link).catch(() => undefined);
}

async function inviteFirst(
  session: HostedSession,
  noInvite: (fault: string) => string,
): Promise<void> {
  const say = (lines: readonly string[]): void =>
    void process.stderr.write(lines.map((line) => `${line}\n`).join(''));
  const invite = await firstInvite({
    session,
    clock: nodeClock,
    random: nodeRandom,
    failed: (fault) =>
      say([faultWords(fault).retry ? `${noInvite(fault)} Trying again…` : noInvite(fault)]),
  });
  if (invite !== null) say(['One person may knock:', ...inviteLines(invite)]);
}
