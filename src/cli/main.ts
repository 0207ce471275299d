// meshell on the command line: finds the command, runs it, ends with its exit code.
import packageJson from '../../package.json' with { type: 'json' };
import { HELP } from './help.ts';
import { openLeaving, sayUsage } from './leaving.ts';

// Whoever read us is gone: that ends nothing.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const [name = '', ...rest] = process.argv.slice(2);

async function run(): Promise<void> {
  if (name === '--version' || name === '-v') return say(`${packageJson.version}\n`);
  if (name === '--help' || name === '-h' || name === 'help') return say(HELP);
  // Started by the host, which speaks to it over stdin and stdout: nobody types this.
  if (name === 'agent') return (await import('./agent-process.ts')).runAgentProcess(rest);
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

function say(text: string): void {
  process.stdout.write(text);
}

await run();
