// Agents that misbehave, as real processes: each leads to what it deserves to be told of, and to
// no more; and nothing of it is left.
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { LINE_BYTES_MAX } from '../../../src/agent/agent-lines.ts';
import { hostile, isAlive, type Told } from './hostile.ts';

const open: Told[] = [];
function run(...args: Parameters<typeof hostile>): Told {
  const told = hostile(...args);
  open.push(told);
  return told;
}

const noise = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ agent }) => agent.close()));
  for (const spy of noise) {
    expect(spy).not.toHaveBeenCalled();
    spy.mockClear();
  }
});

/** Processes that hold this text in their environment: those of one agent, its children too. */
function processesWith(mark: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark);
    } catch {
      return false;
    }
  });
}

test('[AG3] a command that is not there is missing, by its name', async () => {
  const { events, event } = run('hangs', { command: 'no-such-agent-anywhere' });
  expect(await event('failed')).toEqual({
    on: 'failed',
    because: 'missing',
    detail: 'no-such-agent-anywhere',
  });
  expect(events).toHaveLength(1);
});

test('[AG3] a directory that is gone, or may not be looked at, is what is missing, not the agent', async () => {
  for (const directory of ['/no/such/folder', `/${'x'.repeat(300)}`]) {
    const { event } = run('hangs', { directory });
    expect(await event('failed')).toMatchObject({ because: 'missing', detail: directory });
  }
});

test('[AG3] one that exits at once is told of once, with its code and its last words in plain text', async () => {
  const { agent, events, event } = run('exits');
  expect(await event('failed')).toEqual({
    on: 'failed',
    because: 'exited',
    detail: 'code 7\nfatal: no licence',
  });
  agent.prompt('are you there?');
  agent.cancel();
  await agent.close();
  expect(events).toHaveLength(1);
});

test('[AG3] one that explains itself where messages belong is quoted too', async () => {
  const { event } = run('exits-on-stdout');
  expect(await event('failed')).toMatchObject({
    because: 'exited',
    detail: "code 2\nunknown option '--acp'",
  });
});

test('[AG3] one that hangs at initialize is given up, and its process ended', async () => {
  const mark = 'MESHELL_MARK_HANGS=1';
  const { event, agent } = run('hangs', { startMs: 300, env: { MESHELL_MARK_HANGS: '1' } });
  expect(await event('failed')).toMatchObject({ because: 'silent' });
  await agent.close();
  expect(processesWith(mark)).toEqual([]);
});

test('[AG3] a few lines of garbage and then silence is garbage, and says which', async () => {
  const { event } = run('mutters', { startMs: 1500 });
  expect(await event('failed')).toMatchObject({ because: 'garbage', detail: 'Welcome!' });
});

test('[AG3] one of another protocol, or none, is too old or too new', async () => {
  expect(await run('stranger', { args: ['version'] }).event('failed')).toMatchObject({
    because: 'tooOld',
    detail: '99',
  });
  expect(await run('stranger', { args: ['nonsense'] }).event('failed')).toMatchObject({
    because: 'tooOld',
  });
});

test('[AG3] one that opens no session has refused, in its own words', async () => {
  expect(await run('stranger', { args: ['refuses'] }).event('failed')).toMatchObject({
    because: 'refused',
    detail: 'Internal error: no such model',
  });
  expect(await run('stranger', { args: ['no-session'] }).event('failed')).toMatchObject({
    because: 'refused',
  });
});

test('[AG3] one that wants a sign-in names its ways, and a terminal’s command without our variables', async () => {
  const { events, event } = run('stranger', { args: ['sign-in'], env: { MODEL_KEY: 'hush' } });
  const { ways } = await event('signIn');
  expect(ways.map(({ name, command }) => [name, command?.slice(-4)])).toEqual([
    ['Use a key', undefined],
    [
      'Log in',
      ['TTY=1', process.execPath, expect.stringMatching(/stranger/), 'sign-in', 'login'].slice(-4),
    ],
    [
      'Log in as before',
      [process.execPath, expect.stringMatching(/stranger/), 'sign-in', '--auth'],
    ],
  ]);
  expect(JSON.stringify(events)).not.toContain('hush');
  expect(events).toHaveLength(1);
});

test('[AG4] one that prints nothing but garbage is ended after a hundred lines', async () => {
  const { events, event } = run('babbles');
  expect(await event('failed')).toMatchObject({
    because: 'garbage',
    detail: expect.stringContaining('not a message 0'),
  });
  expect(events).toHaveLength(1);
});

test('[AG4] a few lines that are no messages do no harm', async () => {
  const { agent, event, answers } = run('greets');
  await event('ready');
  agent.prompt('hi');
  await event('turnEnded');
  expect(answers()).toBe('hello');
});

test.each([['early'], ['late']])(
  '[AG4] a hundred megabytes without an end are not kept: %s',
  async (when) => {
    const before = process.memoryUsage().rss;
    const { agent, events, event } = run('floods', { args: [when] });
    if (when === 'late') {
      await event('ready');
      agent.prompt('go');
    }
    expect(await event('failed')).toMatchObject({ because: 'flood' });
    await agent.close();
    expect(events.filter(({ on }) => on === 'exited')).toEqual([]);
    expect(process.memoryUsage().rss - before).toBeLessThan(3 * LINE_BYTES_MAX);
  },
);

test('[AG4] a hundred megabytes on stderr do no harm, and the last of it is kept', async () => {
  const before = process.memoryUsage().rss;
  const { agent, event } = run('shouts');
  await event('ready');
  agent.prompt('go');
  await event('turnEnded');
  expect(process.memoryUsage().rss - before).toBeLessThan(3 * LINE_BYTES_MAX);
  agent.prompt('and now leave');
  const { lastLines } = await event('exited');
  expect(lastLines.length).toBeLessThanOrEqual(4096);
  expect(lastLines).toMatch(/y\nthe last word$/);
});

test('[AG5] what nobody knows is said to be unknown, by its name, and the turn goes on', async () => {
  const { agent, events, event, answers } = run('unheard');
  await event('ready');
  agent.prompt('go');
  await event('turnEnded');
  expect(events.flatMap((e) => (e.on === 'unknown' ? [e.name] : []))).toEqual([
    'weather_update',
    'tool_call',
    'plan',
    'session/update',
    'session/update',
  ]);
  expect(answers()).toContain('after all that');
});

test('[AG2] it is offered neither files nor terminals, and asking for them is answered politely', async () => {
  const { agent, event, answers, heard } = run('unheard');
  await event('ready');
  agent.prompt('go');
  await event('turnEnded');
  await heard('fs/read_text_file');
  expect(answers()).toContain('Method not found');
  expect(answers()).not.toContain('root:');
});

test('[AG8] nothing of it, and no complaint about it, comes out where we write', async () => {
  const written = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
  for (const name of ['unheard', 'greets', 'belated', 'exits-on-stdout', 'exits']) {
    const { agent, event } = run(name);
    if (name.startsWith('exits')) await event('failed');
    else {
      await event('ready');
      agent.prompt('go');
      await event('turnEnded');
    }
    await agent.close();
  }
  for (const spy of [...written, ...noise]) expect(spy).not.toHaveBeenCalled();
  for (const spy of written) spy.mockRestore();
});

test('[AG2] what it is offered holds no file and no terminal', async () => {
  const { agent, event, answers } = run('offered');
  await event('ready');
  agent.prompt('what were you offered?');
  await event('turnEnded');
  expect(JSON.parse(answers())).toEqual({
    fs: { readTextFile: false, writeTextFile: false },
    terminal: false,
    session: { notices: {}, compaction: {}, configOptions: { boolean: {} } },
    plan: {},
    auth: { terminal: true },
    _meta: { terminal_output: true },
  });
});

test('[AG6] what it says around the end of a turn is told in the order in which it was said', async () => {
  const { agent, events, event, heard } = run('belated');
  await event('ready');
  agent.prompt('go');
  await heard('after');
  expect(events.slice(1).map((e) => (e.on === 'answer' ? e.text : e.on))).toEqual([
    'before',
    'turnEnded',
    'after',
  ]);
});

test('[AG7] a question about a card that was never announced is asked, with what it is about', async () => {
  const { agent, event, heard, answers } = run('asks');
  await event('ready');
  agent.prompt('first');
  const asked = await event('permission');
  expect(asked).toMatchObject({
    call: 'ghost',
    patch: { title: 'rm -rf build', tool: 'execute' },
    options: [{ id: 'yes' }, { id: 'ever', kind: 'allow_always' }, { id: 'no' }],
  });
  agent.answer(asked.request, 'no');
  agent.answer(asked.request, 'yes');
  await heard('"optionId":"no"');
  await event('turnEnded');
  expect(answers()).not.toContain('yes');
});

test('[AG7] a question that is withdrawn, or open when the turn is cancelled, is answered “cancelled”', async () => {
  for (const end of ['withdraw', 'cancel'] as const) {
    const { agent, event, heard } = run('asks');
    await event('ready');
    agent.prompt('first');
    const asked = await event('permission');
    if (end === 'withdraw') agent.withdraw(asked.request);
    else agent.cancel();
    await heard('"outcome":"cancelled"');
  }
});

test('[AG7] a question that the agent takes back is gone', async () => {
  const { agent, events, event } = run('asks');
  await event('ready');
  agent.prompt('take back');
  const asked = await event('permission');
  expect(await event('permissionGone')).toEqual({ on: 'permissionGone', request: asked.request });
  await event('turnEnded');
  expect(events.filter(({ on }) => on === 'permissionGone')).toHaveLength(1);
});

test('[AG7] one that asks five thousand times is heard sixty-four times', async () => {
  const { agent, events, event } = run('pesters');
  await event('ready');
  agent.prompt('go');
  await event('permission');
  await vi.waitFor(() => expect(events.filter(({ on }) => on === 'permission')).toHaveLength(64));
  await agent.close();
  expect(events.filter(({ on }) => on === 'permission')).toHaveLength(64);
});

test('[AG5] two plans at once are told apart', async () => {
  const { agent, events, event } = run('plans');
  await event('ready');
  agent.prompt('go');
  await event('turnEnded');
  expect(
    events.flatMap((e) => (e.on === 'plan' ? [[e.plan, e.entries.map((x) => x.content)]] : [])),
  ).toEqual([
    ['a', ['build it']],
    ['b', ['tear it down']],
    ['a', []],
  ]);
});

test('[AG1] one that ignores cancel, SIGTERM and its stdin is killed with its child', async () => {
  const { agent, event, heard, answers } = run('deaf');
  await event('ready');
  agent.prompt('go');
  await heard('child');
  const child = Number(/child (\d+)/.exec(answers())?.[1]);
  agent.cancel();
  expect(isAlive(child)).toBe(true);
  const from = performance.now();
  await agent.close();
  expect(performance.now() - from).toBeGreaterThan(1900);
  await vi.waitFor(() => expect(isAlive(child)).toBe(false));
});

test('[AG1] the child of one that dies in the middle of a turn does not outlive it', async () => {
  const { agent, events, event, heard, answers } = run('dies');
  await event('ready');
  agent.prompt('go');
  await heard('child');
  expect(await event('exited')).toEqual({
    on: 'exited',
    code: null,
    signal: 'SIGKILL',
    lastLines: 'Segmentation fault',
  });
  await agent.close();
  const child = Number(/child (\d+)/.exec(answers())?.[1]);
  await vi.waitFor(() => expect(isAlive(child)).toBe(false));
  expect(events.filter(({ on }) => on === 'exited' || on === 'turnFailed')).toHaveLength(1);
});

test('[AG9] a session of before is resumed without a word of it told again', async () => {
  for (const by of ['load', 'resume', 'pretends']) {
    const { agent, event, answers, events } = run('remembers', {
      args: [by],
      resume: 'session-1',
    });
    expect(await event('ready')).toMatchObject({ session: 'session-1', resumed: true });
    agent.prompt('go');
    await event('turnEnded');
    expect(answers()).toBe('anew');
    expect(events.filter(({ on }) => on === 'tool')).toEqual([]);
    // What holds from then on is no history.
    const undo = { name: 'undo', description: '', hint: '' };
    expect(events).toContainEqual({ on: 'commands', commands: [undo] });
  }
});

test('[AG9] one that has forgotten its session begins a new one, and says so', async () => {
  for (const by of ['load', 'resume', 'pretends', 'none']) {
    const name = by === 'none' ? 'plans' : 'remembers';
    const { event } = run(name, { args: [by], resume: 'another' });
    expect(await event('ready')).toMatchObject({ session: 'session-1', resumed: false });
  }
});

test('[AG5] what comes before there is a session is told, or that it was too much', async () => {
  const { events, event } = run('stammers');
  const unknown = await event('unknown');
  expect(unknown.name).toBe('44 updates before its session');
  const words = events.map((one) => (one.on === 'answer' ? one.text : '')).join('');
  expect(words).toBe(Array.from({ length: 256 }, (_, n) => `${n} `).join(''));
});

test('[AG12] an error that is written otherwise than errors are ends the turn all the same', async () => {
  const { agent, events, event } = run('stammers');
  await event('ready');
  const failures = () => events.flatMap((e) => (e.on === 'turnFailed' ? [e.message] : []));
  for (const [n, kind] of ['fraction', 'word', 'mute', 'text'].entries()) {
    agent.prompt(kind);
    await vi.waitFor(() => expect(failures()).toHaveLength(n + 1), { timeout: 10_000 });
  }
  expect(failures()).toEqual(['half an error', 'no', 'Internal error', 'Internal error']);
});

test('[AG10] modes, models and switches are one list, and each is set by its own request', async () => {
  const { agent, events, event } = run('chooses');
  const begun = await event('ready');
  expect(begun.options.map(({ id, category, value }) => [id, category, value])).toEqual([
    ['fast', 'fast', 'false'],
    ['mode', 'mode', 'ask'],
    ['model', 'model', 'small'],
  ]);
  expect(begun.actsAlone).toBe(false);
  const last = () => events.flatMap((e) => (e.on === 'options' ? [e] : [])).at(-1);
  const value = (id: string) => last()?.options.find((option) => option.id === id)?.value;
  agent.configure('mode', 'yolo');
  await vi.waitFor(() => expect(value('mode')).toBe('yolo'));
  expect(last()?.actsAlone).toBe(true);
  agent.configure('model', 'large');
  await vi.waitFor(() => expect(value('model')).toBe('large'));
  agent.configure('fast', 'true');
  await vi.waitFor(() => expect(value('fast')).toBe('true'));
  agent.configure('nothing', 'at all');
  agent.configure('model', 'huge');
  expect(await event('notice')).toMatchObject({ level: 'error', text: 'No such model' });
  expect(value('model')).toBe('large');
  agent.prompt('go');
  await event('turnEnded');
  expect(value('mode')).toBe('ask');
  expect(last()?.actsAlone).toBe(false);
});

test('[AG12] a prompt’s error ends the turn, and says whether someone must sign in', async () => {
  const expired = run('stranger', { args: ['prompt-sign-in'] });
  await expired.event('ready');
  expired.agent.prompt('go');
  expect(await expired.event('turnFailed')).toMatchObject({
    signIn: true,
    ways: [{ name: 'Log in' }],
  });
  const failed = run('stranger', { args: ['prompt-error'] });
  await failed.event('ready');
  failed.agent.prompt('go');
  expect(await failed.event('turnFailed')).toEqual({
    on: 'turnFailed',
    message: 'Internal error: quota exceeded',
    signIn: false,
  });
});
