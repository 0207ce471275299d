// meshell on the command line: finds the command, runs it, ends with its exit code.
import packageJson from '../../package.json' with { type: 'json' };
import { HELP } from './help.ts';
import { openLeaving, sayUsage } from './leaving.ts';

// Whoever read us is gone: that ends nothing.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const [name = '', ...rest] = process.argv.slice(2);

async function run(): Promise<void> {
  if (name === '--version' || name === '-v') return say(`${packageJson.version}\n`);
  // Started by the host, which speaks to it over stdin and stdout: nobody types this.
  if (name === 'agent') return (await import('./agent-process.ts')).runAgentProcess(rest);
  if (name === 'help' || asksForHelp(process.argv.slice(2))) return say(HELP);
  const leaving = openLeaving();
  // Each command is loaded when it is asked for: joining needs no server, signaling no terminal.
  switch (name) {
    case 'share':
      return (await import('./share-command.ts')).runShare('terminal', rest, leaving);
    case 'join':
      return (await import('./join-command.ts')).runJoin(rest, leaving);
    case 'signal':
      return (await import('./signal-command.ts')).runSignalCommand(rest, leaving);
    case 'agents':
      return (await import('./agents-command.ts')).runAgents(rest, leaving);
    case 'stop':
      return (await import('./stop-command.ts')).runStop(leaving);
    default:
      if (name !== '' && !name.startsWith('-'))
        return leaving.leave(sayUsage(`No command “${name}”.`));
      return (await import('./share-command.ts')).runShare('app', process.argv.slice(2), leaving);
  }
}

/** [CL31] What stands behind `--` is somebody else's. */
function asksForHelp(args: readonly string[]): boolean {
  const split = args.indexOf('--');
  const own = split === -1 ? args : args.slice(0, split);
  return own.includes('--help') || own.includes('-h');
}

function say(text: string): void {
  process.stdout.write(text);
}

await run();
