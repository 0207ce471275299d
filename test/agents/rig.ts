// One agent, one endpoint that says what a scene's model says, one home and one directory for
// them, and all of it gone at the end.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openModelEndpoint, type EndpointOptions } from '../stage/model-endpoint.ts';
import { toldAgent, type Told } from '../stage/told-agent.ts';
import type { RealAgent } from './real-agents.ts';

/** Nobody listens here: an agent that would fetch something fails at once. */
const CLOSED = 'http://127.0.0.1:1';
const SCENE_MS = 60_000;

export interface Rig {
  readonly real: RealAgent;
  /** The directory the agent works in. */
  readonly work: string;
  readonly start: (resume?: string) => Told;
  /** What it would be started with, for a process of ours that starts it itself. */
  readonly line: {
    readonly command: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
  /** All that the model was told when it was last asked to work, as JSON. */
  readonly context: () => string;
  readonly close: () => Promise<void>;
  /** Processes of this rig's that are still there. */
  readonly left: () => readonly string[];
}

export async function openRig(
  real: RealAgent,
  program: string,
  folder: string,
  answer: EndpointOptions['answer'],
): Promise<Rig> {
  const endpoint = await openModelEndpoint({ answer });
  const home = mkdtempSync(join(folder, `${real.name}-home-`));
  const work = join(home, 'work');
  mkdirSync(work);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_STATE_HOME: join(home, 'state'),
    XDG_CACHE_HOME: join(home, 'cache'),
    npm_config_registry: CLOSED,
  };
  const line = {
    command: program,
    args: real.args,
    env: { ...env, ...real.settle(home, endpoint.url) },
  };
  const running: Told[] = [];
  return {
    real,
    work,
    line,
    start(resume) {
      const launch = { ...line, directory: work, resume: resume ?? null };
      const told = toldAgent(launch, {
        name: real.name,
        env: {},
        startMs: SCENE_MS,
        deadlineMs: SCENE_MS,
      });
      running.push(told);
      return told;
    },
    context() {
      const asked = endpoint.requests.findLast(({ tools }) => tools.length > 0);
      return JSON.stringify(asked?.messages ?? []);
    },
    async close() {
      await Promise.all(running.map(({ agent }) => agent.close()));
      await endpoint.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
    left: () => processesOf(home),
  };
}

function processesOf(home: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${home}`);
    } catch {
      return false; // gone, or not ours
    }
  });
}
