// What came of the run, as docs/agents-run.md.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { REAL_AGENTS } from './real-agents.ts';

export interface Seen {
  readonly agent: string;
  readonly title: string;
  readonly ok: boolean;
  /** What the scene saw, or why it failed. */
  readonly saw: string;
  readonly seconds: number;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export function report(all: readonly Seen[]): void {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const packages = REAL_AGENTS.map((agent) => `\`${agent.package}\``).join(' and ');
  const rows = all.map(({ agent, title, ok, saw, seconds }) => {
    const cells = [agent, title, ok ? 'yes' : '**no**', cell(saw), `${seconds.toFixed(1)} s`];
    return `| ${cells.join(' | ')} |`;
  });
  const text = [
    '# Real agents',
    '',
    `\`npm run test:agents -- --write\` wrote this on ${new Date().toISOString().slice(0, 10)} at commit ${commit.stdout.trim()}, Node ${process.versions.node}. It installs ${packages} into a temporary folder, points them at a scripted OpenAI-compatible endpoint on loopback, and leads each through these scenes. No process of theirs may be left afterwards.`,
    '',
    '| agent | scene | as expected | seen | took |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
  writeFileSync(new URL('../../docs/agents-run.md', import.meta.url), text);
}

function cell(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', String.raw`\|`)
    .slice(0, 300);
}
