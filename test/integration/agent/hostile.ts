// Runs one of the hostile agents and keeps what the host tells of it.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toldAgent, type Told } from '../../stage/told-agent.ts';

export { isAlive, type Told } from '../../stage/told-agent.ts';

export interface Story {
  readonly args?: readonly string[];
  readonly startMs?: number;
  readonly resume?: string;
  readonly command?: string;
  readonly directory?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function hostile(name: string, story: Story = {}): Told {
  const file = fileURLToPath(new URL(`hostile-agents/${name}.mjs`, import.meta.url));
  const launch = {
    command: story.command ?? process.execPath,
    args: [file, ...(story.args ?? [])],
    env: story.env ?? {},
    directory: story.directory ?? mkdtempSync(join(tmpdir(), 'meshell-agent-')),
    resume: story.resume ?? null,
  };
  const { startMs } = story;
  return toldAgent(launch, {
    name,
    env: process.env,
    ...(startMs === undefined ? {} : { startMs }),
  });
}
