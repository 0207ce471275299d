// The demo agent as its own process: real commands, real files, real questions, and no process
// that outlives it.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { isAlive, openAgentRig, type AgentRig, type RigOptions } from './agent-rig.ts';

let rigs: AgentRig[] = [];
afterEach(async () => {
  await Promise.all(rigs.map((rig) => rig.close()));
  rigs = [];
});

async function demo(options: Partial<RigOptions> = {}): Promise<AgentRig> {
  const rig = await openAgentRig({ kind: 'demo', ...options });
  rigs.push(rig);
  return rig;
}

const has = (rig: AgentRig, name: string): boolean => existsSync(join(rig.directory, name));
const textOf = (rig: AgentRig, name: string): string =>
  readFileSync(join(rig.directory, name), 'utf8');

test('[BA1] the first line Alice reads says that no AI is behind it, and what it can do', async () => {
  const rig = await demo();
  await rig.prompt('What is love?');
  expect(rig.said()).toMatch(/^\*\*No AI is behind this agent\.\*\* .*`run`.*`write`/);
  expect(rig.said()).toContain('I do not know this.');
  await rig.until(() => rig.updates.some((u) => u.sessionUpdate === 'available_commands_update'));
});

test('[BA2] one turn thinks, plans, runs, writes, changes and asks before each, and the file is there', async () => {
  const rig = await demo();
  const turn = rig.prompt('tour');
  for (let n = 0; n < 3; n += 1) (await rig.question()).answer('once');
  const { stopReason } = await turn;
  expect(stopReason).toBe('end_turn');
  expect(rig.thought()).toContain('This is the tour');
  const plans = rig.updates.flatMap((u) => (u.sessionUpdate === 'plan' ? [u.entries] : []));
  expect(plans.at(0)?.map((e) => e.status)).toEqual(['pending', 'pending', 'pending']);
  expect(plans.at(-1)?.map((e) => e.status)).toEqual(['completed', 'completed', 'completed']);
  expect(rig.output()).toContain(rig.directory);
  expect(rig.cards().map((card) => [card.kind, card.status])).toEqual([
    ['execute', 'completed'],
    ['edit', 'completed'],
    ['edit', 'completed'],
  ]);
  const diff = { type: 'diff', oldText: null, newText: 'Hello from the demo.\n' };
  expect(rig.cards()[1]?.contents).toMatchObject([diff]);
  expect(textOf(rig, 'meshell-tour.txt')).toBe('Hello from the tour.\n');
});

test('[BA2] what Alice rejects does not happen, and the turn goes on', async () => {
  const rig = await demo();
  const turn = rig.prompt('run touch one ;; write two Text ;; say Done.');
  (await rig.question()).answer('no');
  (await rig.question()).answer('no');
  expect((await turn).stopReason).toBe('end_turn');
  expect(rig.said()).toContain('Done.');
  expect([has(rig, 'one'), has(rig, 'two')]).toEqual([false, false]);
});

test('[BA12] a file that someone changed, made or moved while Alice decided is left as it is', async () => {
  const rig = await demo();
  const path = (name: string): string => join(rig.directory, name);
  writeFileSync(path('old'), 'one\n');
  const turn = rig.prompt('replace old /one/two/ ;; write new Text ;; write folder/in Text');
  const change = await rig.question();
  writeFileSync(path('old'), 'one, said Bob\n');
  change.answer('once');
  const write = await rig.question();
  writeFileSync(path('new'), 'Bob was here');
  write.answer('once');
  const inside = await rig.question();
  const elsewhere = mkdtempSync(join(tmpdir(), 'meshell-elsewhere-'));
  symlinkSync(elsewhere, path('folder'));
  inside.answer('once');
  await turn;
  expect([textOf(rig, 'old'), textOf(rig, 'new')]).toEqual(['one, said Bob\n', 'Bob was here']);
  expect(readdirSync(elsewhere)).toEqual([]);
  expect(rig.cards().map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
});

test('[BA3] always is for one kind in one conversation; a file outside is asked for each time', async () => {
  const rig = await demo();
  const turn = rig.prompt(
    'run true\nrun touch ran\nwrite new Text\nread /etc/hostname\nread /etc/hostname',
  );
  (await rig.question()).answer('always');
  const edit = await rig.question();
  expect(has(rig, 'ran')).toBe(true);
  edit.answer('once');
  for (let n = 0; n < 2; n += 1) {
    const outside = await rig.question();
    expect(outside.request.options.map((option) => option.kind)).toEqual([
      'allow_once',
      'reject_once',
    ]);
    outside.answer('once');
  }
  await turn;
  expect(rig.questions()).toBe(4);
});

test('[BA3] in the mode that acts without asking nothing is asked, and the mode says so', async () => {
  const rig = await demo();
  const [mode] = (await rig.choose('mode', 'act')) ?? [];
  expect(mode).toMatchObject({ category: 'mode', currentValue: 'act' });
  await rig.prompt('write here Text');
  expect(textOf(rig, 'here')).toBe('Text\n');
  expect(rig.questions()).toBe(0);
  await expect(rig.choose('mode', 'wild')).rejects.toThrow();
});

test('[BA4] output shows while the command runs, with its exit code at the end', async () => {
  const rig = await demo();
  await rig.choose('mode', 'act');
  const turn = rig.prompt(
    'run echo first; until [ -e go ]; do sleep 0.05; done; echo last; exit 7 ;; run touch go',
  );
  await rig.until(() => rig.output().includes('first'));
  expect(rig.output()).not.toContain('last');
  const helper = await demo();
  await helper.choose('mode', 'act');
  await helper.prompt(`run touch ${join(rig.directory, 'go')}`);
  await turn;
  expect(rig.output()).toContain('last');
  const end = { terminal_exit: { terminal_id: 'call-1', exit_code: 7, signal: null } };
  expect(rig.updates).toContainEqual(expect.objectContaining({ _meta: end }));
  expect(rig.cards()[0]?.status).toBe('failed');
});

test('[BA4] a client that shows no output of commands gets it as text when they end', async () => {
  const rig = await demo({ capabilities: {} });
  await rig.choose('mode', 'act');
  await rig.prompt('run echo only once');
  expect(rig.output()).toBe('');
  expect(JSON.stringify(rig.cards()[0]?.contents)).toContain('only once');
});

test('[BA5] Stop ends the command with all it started, settles its card and the turn', async () => {
  const rig = await demo();
  await rig.choose('mode', 'act');
  const turn = rig.prompt('run sleep 1000 & echo $! > child; echo up; wait');
  await rig.until(() => rig.output().includes('up'));
  const child = Number(textOf(rig, 'child'));
  expect(isAlive(child)).toBe(true);
  await rig.stop();
  expect((await turn).stopReason).toBe('cancelled');
  await rig.until(() => !isAlive(child));
  expect(rig.cards()[0]?.status).toBe('failed');
  expect((await rig.prompt('say Still here.')).stopReason).toBe('end_turn');
});

test('[BA5] Stop ends a command that refuses to end', async () => {
  const rig = await demo();
  await rig.choose('mode', 'act');
  const turn = rig.prompt(`run trap '' TERM; echo $$ > child; echo up; while :; do sleep 1; done`);
  await rig.until(() => rig.output().includes('up'));
  await rig.stop();
  expect((await turn).stopReason).toBe('cancelled');
  expect(isAlive(Number(textOf(rig, 'child')))).toBe(false);
});

test('[BA5] Stop ends a question that nobody has answered', async () => {
  const rig = await demo();
  const turn = rig.prompt('run touch never');
  await rig.question();
  await rig.stop();
  expect((await turn).stopReason).toBe('cancelled');
  expect(rig.cards()[0]?.status).toBe('failed');
  expect(has(rig, 'never')).toBe(false);
});

test('[BA5] a client that takes its question back has ended the turn', async () => {
  const rig = await demo();
  const turn = rig.prompt('run touch never ;; run touch this');
  (await rig.question()).cancel();
  expect((await turn).stopReason).toBe('cancelled');
  expect([has(rig, 'never'), has(rig, 'this')]).toEqual([false, false]);
});

test.each(['SIGKILL', 'SIGTERM', 'hang-up'] as const)(
  '[BA6] no command outlives the agent: %s',
  async (how) => {
    const rig = await demo();
    await rig.choose('mode', 'act');
    const turn = rig.prompt('run (trap "" TERM HUP; sleep 1000) & echo $! > child; echo up; wait');
    turn.catch(() => undefined);
    await rig.until(() => rig.output().includes('up'));
    const child = Number(textOf(rig, 'child'));
    if (how === 'hang-up') rig.hangUp();
    else rig.kill(how);
    await rig.exited;
    await rig.until(() => !isAlive(child));
  },
);

test.each(['hangUp', 'turnAway'] as const)(
  '[BA6] an agent that streams ends with its client: %s',
  async (how) => {
    const rig = await demo();
    rig.prompt('stream 75 600').catch(() => undefined);
    await rig.until(() => rig.said().includes('with every'));
    rig[how]();
    await rig.exited;
    expect(isAlive(rig.pid)).toBe(false);
  },
);

test('[BA6] what a command leaves behind in the background ends with it', async () => {
  const rig = await demo();
  await rig.choose('mode', 'act');
  await rig.prompt('run sleep 1000 & echo $! > child');
  await rig.until(() => !isAlive(Number(textOf(rig, 'child'))));
});

test('[BA7] usage is told as estimated, and without a cost', async () => {
  const rig = await demo();
  const { usage, _meta: more } = await rig.prompt('say Twelve chars');
  expect(more).toEqual({ meshell: { estimated: true } });
  expect(usage?.inputTokens).toBe(4);
  const context = rig.updates.find((u) => u.sessionUpdate === 'usage_update');
  expect(context).toMatchObject({ size: 32_000, _meta: { meshell: { estimated: true } } });
  expect(context).not.toHaveProperty('cost');
});

test('[BA8] it fails in each way it is asked to', async () => {
  const rig = await demo();
  await expect(rig.prompt('fail')).rejects.toThrow('The turn failed, as it was asked to.');
  await rig.prompt('fail tool');
  expect(rig.cards()[0]?.status).toBe('failed');
  rig.prompt('fail exit').catch(() => undefined);
  expect(await rig.exited).toBe(3);
});

test('[BA8] a second prompt while one is being answered is refused, and the first goes on', async () => {
  const rig = await demo();
  const turn = rig.prompt('ask');
  const question = await rig.question();
  await expect(rig.prompt('say Me first.')).rejects.toThrow('already');
  question.answer('once');
  expect((await turn).stopReason).toBe('end_turn');
});

test('a stream comes at its pace, each token on its own', async () => {
  const rig = await demo();
  const begun = performance.now();
  await rig.prompt('stream 75 2');
  expect(performance.now() - begun).toBeGreaterThan(1800);
  const chunks = rig.updates.filter((u) => u.sessionUpdate === 'agent_message_chunk');
  expect(chunks.length).toBeGreaterThanOrEqual(150);
  const words = rig.said().split('\n').at(2)?.trim().split(' ') ?? [];
  expect(words).toHaveLength(150);
});
