// meshell agent demo|model: a built-in agent as a process of its own, for the host to speak to.
import packageJson from '../../package.json' with { type: 'json' };
import { isBuiltInKind, runBuiltIn } from '../agent/built-in/main.ts';
import { sayUsage } from './leaving.ts';

export async function runAgentProcess(args: readonly string[]): Promise<void> {
  const [kind = ''] = args;
  if (!isBuiltInKind(kind)) {
    process.exitCode = sayUsage(`No built-in agent “${kind}”.`);
    return;
  }
  await runBuiltIn(kind, packageJson.version);
}
