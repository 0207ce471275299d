// Agents as files and settings on a real disk.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAgentList } from '../../../src/host/agent-list.ts';
import { readSettings, writeAgentServer } from '../../../src/host/settings.ts';

/** A home, a folder on PATH, a project; `program` leaves a mark if it is ever run. */
function place() {
  const root = mkdtempSync(join(tmpdir(), 'meshell-agents-'));
  const folder = (name: string): string => {
    mkdirSync(join(root, name), { recursive: true });
    return join(root, name);
  };
  const [bin, project, config, data] = [
    folder('bin'),
    folder('project/deep'),
    folder('config'),
    folder('data'),
  ];
  const ran = join(root, 'it-ran');
  const program = (name: string, mode = 0o755): string => {
    const path = join(bin, name);
    writeFileSync(path, `#!/bin/sh\ntouch '${ran}'\n`);
    chmodSync(path, mode);
    return path;
  };
  const settings = (text: string): void => writeFileSync(join(config, 'settings.json'), text);
  const projects = (text: string): void =>
    writeFileSync(join(root, 'project', '.meshell.json'), text);
  const list = (path = bin) =>
    openAgentList({ config, data }, { PATH: path }, { node: '/node', cli: '/cli.js' });
  const here = (path?: string) => list(path).in(project);
  const agent = (id: string, path?: string) => here(path).agents.find(({ card }) => card.id === id);
  return { root, bin, project, config, ran, program, settings, projects, list, here, agent };
}

test('[AG15] an agent is found on PATH by its rights, and nothing runs', () => {
  const { program, agent, ran, here, project, bin } = place();
  const opencode = program('opencode');
  program('qwen', 0o644);
  mkdirSync(join(bin, 'goose'));
  program('claude');
  expect(agent('opencode')?.state).toEqual({
    is: 'found',
    line: {
      command: opencode,
      args: ['acp'],
      env: { OPENCODE_PERMISSION: '{"edit":"ask","bash":"ask"}' },
    },
  });
  expect(agent('qwen')?.state).toMatchObject({ is: 'notFound', lacksAdapter: false });
  expect(agent('goose')?.state).toMatchObject({ is: 'notFound', otherwise: null });
  expect(agent('claude')?.state).toEqual({
    is: 'notFound',
    command: 'claude-agent-acp',
    otherwise: ['npx', '-y', '@agentclientprotocol/claude-agent-acp'],
    lacksAdapter: true,
  });
  expect(here().agents.filter(({ from }) => from === 'built-in')).toHaveLength(2);
  writeFileSync(join(project, 'opencode'), '#!/bin/sh\n', { mode: 0o755 });
  expect(agent('opencode', '.::relative')?.state).toMatchObject({ is: 'notFound' });
  expect(existsSync(ran)).toBe(false);
});

test('[AG15] the person’s own agent stands in place of one that would be found', () => {
  const { program, settings, agent, here } = place();
  program('opencode');
  const mine = program('mine');
  settings(`{
    // for work
    "agent_servers": {
      "opencode": { "command": "${mine}", "args": ["acp"], "env": { "A": "b" } },
      "gone": { "command": "no-such-agent" },
      "elsewhere": { "type": "registry" },
    },
  }`);
  expect(agent('opencode')).toMatchObject({
    from: 'settings',
    card: { name: 'OpenCode' },
    state: { is: 'found', line: { command: mine, env: { A: 'b' } } },
  });
  expect(here().agents.filter(({ card }) => card.id === 'opencode')).toHaveLength(1);
  expect(agent('gone')?.state).toMatchObject({ is: 'notFound', command: 'no-such-agent' });
  expect(agent('elsewhere')?.state).toMatchObject({ is: 'broken' });
});

test('[AG16] what a project names waits for leave, and any change of it waits again', () => {
  const { program, projects, agent, list, root } = place();
  mkdirSync(join(root, 'project', '.git'));
  const helper = program('helper');
  program('opencode');
  const file = (args: string): string =>
    `{"name": "Mallory", "agent_servers": {"opencode": {"command": "${helper}", "args": [${args}]}}}`;
  projects(file('"--nice"'));
  expect(agent('opencode')?.from).toBe('path');
  const unasked = agent('project/opencode');
  expect(unasked).toMatchObject({
    card: { name: 'opencode' },
    state: { is: 'unasked', file: join(root, 'project', '.meshell.json') },
  });
  if (unasked?.state.is !== 'unasked') throw new Error('it was not asked for');
  projects(file('"--evil"'));
  list().agree(unasked.state.agreement);
  expect(agent('project/opencode')?.state.is).toBe('unasked');
  projects(file('"--nice"'));
  expect(agent('project/opencode')?.state).toMatchObject({
    is: 'found',
    line: { args: ['--nice'] },
  });
});

test('[AG16] a project’s file that cannot be read is said, and takes nothing away', () => {
  const { program, projects, here, agent, project } = place();
  program('opencode');
  writeFileSync(join(project, '.meshell.json'), '{ "agent_servers": [');
  expect(here().faults).toEqual([expect.stringMatching(/\.meshell\.json, line 1: /)]);
  expect(agent('opencode')?.state.is).toBe('found');
  // Above the directory, and no checkout: it is not this project's.
  writeFileSync(join(project, '.meshell.json'), '{}');
  projects('{ broken');
  expect(here().faults).toEqual([]);
});

test('[AG18] an agent is put in and taken out, and comments stay', () => {
  const { config, settings } = place();
  settings(
    '{\n  // mine\n  "name": "Alice", /* me */\n  "agent_servers": {\n    // work\n    "a": { "command": "x" },\n  },\n}\n',
  );
  expect(writeAgentServer(config, 'b', { command: 'y', args: ['1'], env: {} }).ok).toBe(true);
  const text = readFileSync(join(config, 'settings.json'), 'utf8');
  expect(text).toContain('// mine');
  expect(text).toContain('/* me */');
  expect(text).toContain('// work');
  const read = readSettings(config);
  expect(read.ok && read.value.agent_servers).toMatchObject({
    a: { command: 'x' },
    b: { command: 'y', args: ['1'] },
  });
  expect(statSync(join(config, 'settings.json')).mode & 0o777).toBe(0o600);
  expect(writeAgentServer(config, 'a', null).ok).toBe(true);
  expect(writeAgentServer(config, 'b', null).ok).toBe(true);
  const after = readSettings(config);
  expect(after.ok && after.value).toEqual({ name: 'Alice', agent_servers: {} });
  expect(readdirSync(config)).toEqual(['settings.json']);
});

test('[AG18] a file that is not there is made, one that is linked is changed where it is', () => {
  const { config, root } = place();
  const server = { command: 'y', args: [], env: {} };
  expect(writeAgentServer(join(root, 'new', 'config'), 'b', server).ok).toBe(true);
  expect(readSettings(join(root, 'new', 'config'))).toMatchObject({
    value: { agent_servers: { b: { command: 'y' } } },
  });
  const dotfiles = join(root, 'dotfiles.json');
  writeFileSync(dotfiles, '{ "name": "Alice" }');
  symlinkSync(dotfiles, join(config, 'settings.json'));
  expect(writeAgentServer(config, 'b', server)).toEqual({ ok: true, value: dotfiles });
  expect(readFileSync(dotfiles, 'utf8')).toContain('"y"');
});

test('[AG18] a file that is broken is not written, and its line is said', () => {
  const { config, settings } = place();
  const broken = '{\n  "name": "Alice"\n  "shell": 1\n}';
  settings(broken);
  const written = writeAgentServer(config, 'b', { command: 'y', args: [], env: {} });
  expect(written).toMatchObject({ ok: false, fault: expect.stringMatching(/line 3: a comma/) });
  expect(readFileSync(join(config, 'settings.json'), 'utf8')).toBe(broken);
});

test('[AG17] an agent that is none is said with its line', () => {
  const { config, settings } = place();
  settings(
    '{\n  "agent_servers": {\n    "a": { "command": "x" },\n    "b": { "command": 7 }\n  }\n}',
  );
  expect(readSettings(config)).toMatchObject({
    fault: expect.stringMatching(/line 4: “agent_servers” takes/),
  });
});

test('[AG23] while Sam edits the settings no other agent takes the place of his own', () => {
  const { program, settings, list, project } = place();
  program('opencode');
  const mine = program('mine');
  settings(`{"agent_servers": {"opencode": {"command": "${mine}"}}}`);
  const kept = list();
  const opencode = () => kept.in(project).agents.find(({ card }) => card.id === 'opencode');
  expect(opencode()).toMatchObject({ from: 'settings', state: { line: { command: mine } } });
  settings('{"agent_servers": {"opencode": {');
  expect(opencode()).toMatchObject({ from: 'settings', state: { line: { command: mine } } });
  expect(kept.in(project).faults).toHaveLength(1);
  settings('{}');
  expect(opencode()?.from).toBe('path');
});

test('[AG15] a directory that cannot be looked at has the agents that others have', () => {
  const { program, list, root } = place();
  program('opencode');
  const here = list().in(join(root, 'x'.repeat(300), 'y'));
  expect(here.agents.find(({ card }) => card.id === 'opencode')?.from).toBe('path');
});

test('[AG19] [AG17] what stands in the settings is kept beside what it is filled with', () => {
  const root = place();
  const mine = root.program('mine');
  root.settings(
    `{"agent_servers": {"mine": {"command": "${mine}", "args": ["--key", "\${PATH}"]}}}`,
  );
  expect(root.agent('mine')).toMatchObject({
    written: [mine, '--key', '${PATH}'],
    state: { line: { args: ['--key', root.bin] } },
  });
});
