// The local model's agent as its own process, with a scripted endpoint where the model would be.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { KNOWN_SERVERS } from '../../../src/agent/built-in/endpoint-search.ts';
import type { ModelSettings } from '../../../src/agent/built-in/launch.ts';
import { chat, modelPlace } from '../../../src/agent/built-in/model-endpoint.ts';
import {
  inOrder,
  openModelEndpoint,
  type EndpointOptions,
  type ModelAnswer,
  type ModelEndpoint,
} from '../../stage/model-endpoint.ts';
import { isAlive, openAgentRig, type AgentRig, type RigOptions } from './agent-rig.ts';

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
});

async function endpoint(options: EndpointOptions): Promise<ModelEndpoint> {
  const open = await openModelEndpoint(options);
  closing.push(open.close);
  return open;
}

async function agent(model: ModelSettings, more: Partial<RigOptions> = {}): Promise<AgentRig> {
  const rig = await openAgentRig({ kind: 'model', model, ...more });
  closing.push(rig.close);
  return rig;
}

/** An agent before an endpoint that answers so. */
async function stage(...answers: ModelAnswer[]) {
  const model = await endpoint({ answer: inOrder(...answers) });
  return { model, rig: await agent({ url: model.url }) };
}

const calls = (name: string, args: unknown): ModelAnswer => ({
  do: 'say',
  calls: [{ name, args }],
});
const notices = (rig: AgentRig): string[] =>
  rig.updates.flatMap((u) => (u.sessionUpdate === 'notice' ? [u.title] : []));

test('[BA10] a whole turn: thoughts, plan, a command, a file, an answer, usage summed', async () => {
  const plan = { entries: [{ content: 'Write it', status: 'in_progress' }] };
  const { model, rig } = await stage(
    { do: 'say', thoughts: 'I should look first.', calls: [{ name: 'plan', args: plan }] },
    {
      do: 'say',
      text: 'Both at once. ',
      calls: [
        { name: 'shell', args: { command: 'echo from-the-shell' } },
        { name: 'write', args: { path: 'new.txt', content: 'Hello\n' } },
      ],
    },
    calls('edit', { path: 'new.txt', old: 'Hello', new: 'Hello again' }),
    calls('read', { path: 'new.txt' }),
    { do: 'say', text: 'It is **done**.', usage: { input: 1000, output: 7 } },
  );
  const turn = rig.prompt('Make new.txt.');
  for (let n = 0; n < 3; n += 1) (await rig.question()).answer('once');
  const { stopReason, usage } = await turn;
  expect(stopReason).toBe('end_turn');
  expect(usage).toMatchObject({ inputTokens: 1400, outputTokens: 87, totalTokens: 1487 });
  expect(rig.thought()).toBe('I should look first.');
  expect(rig.said()).toBe('Both at once. It is **done**.');
  expect(rig.output()).toBe('from-the-shell\n');
  expect(readFileSync(join(rig.directory, 'new.txt'), 'utf8')).toBe('Hello again\n');
  expect(rig.cards().map((card) => `${card.kind} ${card.status}`)).toEqual([
    'execute completed',
    'edit completed',
    'edit completed',
    'read completed',
  ]);
  const context = rig.updates.filter((u) => u.sessionUpdate === 'usage_update').at(-1);
  expect(context).toMatchObject({ used: 1007, size: 32_768 });
  expect(model.requests.at(2)?.results).toContain('from-the-shell\n');
  expect(model.requests.at(-1)?.results.at(-1)).toBe('Hello again\n');
  expect(rig.updates).toContainEqual({
    sessionUpdate: 'session_info_update',
    title: 'Make new.txt.',
  });
});

test('[BA10] it remembers the conversation, and sends its key', async () => {
  const model = await endpoint({ answer: inOrder({ do: 'say', text: 'One.' }), key: 'sk-right' });
  const rig = await agent({ url: model.url, key: 'sk-right' });
  await rig.prompt('First');
  await rig.prompt('Second');
  const [, second] = model.requests;
  expect(second?.messages.map((m) => m.role)).toEqual(['system', 'user', 'assistant', 'user']);
});

test('[BA2] what Alice rejects is told to the model, and does not happen', async () => {
  const { model, rig } = await stage(
    calls('shell', { command: 'touch never' }),
    calls('write', { path: 'nor-this', content: '' }),
    { do: 'say', text: 'Then not.' },
  );
  const turn = rig.prompt('Do it.');
  (await rig.question()).answer('no');
  (await rig.question()).answer('no');
  await turn;
  expect(model.requests.at(-1)?.results).toEqual(['It was not allowed.', 'It was not allowed.']);
  for (const name of ['never', 'nor-this'])
    expect(existsSync(join(rig.directory, name))).toBe(false);
});

test('[BA10] a call with wrong arguments, and one of a tool that is none, are told to the model', async () => {
  const { model, rig } = await stage(
    calls('shell', { cmd: 'ls' }),
    calls('browse', {}),
    calls('edit', { path: 'absent', old: 'a', new: 'b' }),
    { do: 'say', text: 'I see.' },
  );
  await rig.prompt('Go.');
  expect(model.requests.at(-1)?.results).toEqual([
    expect.stringContaining('Wrong arguments for shell'),
    expect.stringContaining('There is no tool “browse”'),
    expect.stringContaining('could not be read'),
  ]);
  expect(rig.cards().map((card) => card.status)).toEqual(['failed', 'failed', 'failed']);
});

test('[BA10] a model that goes in circles is ended after fifty answers', async () => {
  const circle = calls('plan', { entries: [{ content: 'Again' }] });
  const model = await endpoint({ answer: () => circle });
  const rig = await agent({ url: model.url });
  expect((await rig.prompt('Go.')).stopReason).toBe('max_turn_requests');
  expect(model.requests).toHaveLength(50);
});

test('[BA5] Stop ends the request while the model is silent', async () => {
  const { model, rig } = await stage({ do: 'hang' }, { do: 'say', text: 'Back.' });
  const turn = rig.prompt('Anyone?');
  await rig.until(() => model.requests.length === 1);
  await rig.stop();
  expect((await turn).stopReason).toBe('cancelled');
  await rig.until(() => model.abandoned() === 1);
  await rig.prompt('And now?');
  expect(rig.said()).toBe('Back.');
  const roles = model.requests.at(-1)?.messages.map((m) => m.role);
  expect(roles).toEqual(['system', 'user', 'assistant', 'user']);
});

test('[BA5] Stop ends its command, and the model learns that it was stopped', async () => {
  const { model, rig } = await stage(
    calls('shell', { command: 'echo $$ > pid; echo up; sleep 1000' }),
    { do: 'say', text: 'I see.' },
  );
  await rig.choose('mode', 'act');
  const turn = rig.prompt('Run it.');
  await rig.until(() => rig.output().includes('up'));
  await rig.stop();
  expect((await turn).stopReason).toBe('cancelled');
  expect(isAlive(Number(readFileSync(join(rig.directory, 'pid'), 'utf8')))).toBe(false);
  await rig.prompt('What now?');
  const told = model.requests.at(-1)?.messages.find((m) => m.role === 'tool');
  expect(told?.content).toBe('It was stopped.');
});

test('[BA10] a command past its time is ended and the model is told', async () => {
  const { model, rig } = await stage(
    calls('shell', { command: 'sleep 1000', timeout_seconds: 1 }),
    { do: 'say', text: 'Too long.' },
  );
  await rig.choose('mode', 'act');
  await rig.prompt('Run it.');
  expect(model.requests.at(-1)?.results).toEqual([expect.stringContaining('its time limit')]);
});

test('[BA10] the model’s key is not in the environment of its commands', async () => {
  const { rig } = await stage(calls('shell', { command: 'env' }), { do: 'say', text: 'Ok.' });
  await rig.choose('mode', 'act');
  await rig.prompt('Run it.');
  expect(rig.output()).toContain('TERM=dumb');
  expect(rig.output()).not.toContain('MESHELL_MODEL');
});

test('[BA9] without an endpoint it says how to get one', async () => {
  const rig = await agent({});
  await expect(rig.prompt('Hello?')).rejects.toThrow(/No model’s endpoint is set.*\/find/);
  const bad = await agent({ url: 'ftp://x' });
  await expect(bad.prompt('Hello?')).rejects.toThrow('begins with http');
});

test('[BA9] an endpoint that is not there, and one that goes away, are named', async () => {
  const model = await openModelEndpoint({ answer: inOrder() });
  const rig = await agent({ url: model.url });
  await model.close();
  await expect(rig.prompt('Hello?')).rejects.toThrow(`Nothing answers at ${model.url}`);
  const absent = await agent({ url: model.url });
  await expect(absent.prompt('Hello?')).rejects.toThrow(`Nothing answers at ${model.url}`);
  const again = await endpoint({ answer: inOrder({ do: 'say', text: 'Here.' }), port: model.port });
  expect(again.port).toBe(model.port);
  await absent.prompt('Hello?');
  expect(absent.said()).toBe('Here.');
});

test('[BA9] a wrong key is named, and neither key nor password is ever told', async () => {
  const model = await endpoint({ answer: inOrder(), key: 'sk-right' });
  const url = model.url.replace('//', '//user:secret@');
  const rig = await agent({ url, key: 'sk-wrong', name: 'any' });
  const failed = rig.prompt('Hello?');
  await expect(failed).rejects.toThrow('does not take the key (401)');
  await expect(failed).rejects.not.toThrow(/sk-wrong|secret/);
});

test.each<[string, ModelAnswer, RegExp]>([
  ['no such model', { do: 'refuse', status: 404, message: 'model not found' }, /has no model/],
  ['an error of its own', { do: 'refuse', status: 500, message: 'oops' }, /refused \(500\): oops/],
  [
    'a full window',
    { do: 'refuse', status: 400, message: 'maximum context length is 4096 tokens' },
    /no longer fits the model’s window/,
  ],
  ['an answer that breaks off', { do: 'say', text: 'Half an answer', breakAfter: 2 }, /broke off/],
  ['no event stream', { do: 'garbage' }, /not as an OpenAI-compatible endpoint/],
  [
    'a wait of an hour',
    { do: 'refuse', status: 429, retryAfter: '3600' },
    /over its limit \(429\) for another 60 minutes/,
  ],
])('[BA9] %s is named, and the same prompt can be asked again', async (_, answer, words) => {
  const { model, rig } = await stage(answer, { do: 'say', text: 'Now it works.' });
  await expect(rig.prompt('Hello?')).rejects.toThrow(words);
  await rig.prompt('Hello?');
  expect(rig.said()).toContain('Now it works.');
  expect(model.requests.at(-1)?.messages.map((m) => m.role)).toEqual(['system', 'user']);
});

test('[BA9] a limit with a wait is waited for, and Bob sees for how long', async () => {
  const { model, rig } = await stage(
    { do: 'refuse', status: 429, retryAfter: '1' },
    { do: 'say', text: 'Now.' },
  );
  expect((await rig.prompt('Hello?')).stopReason).toBe('end_turn');
  expect(notices(rig)).toEqual([`${model.url} is over its limit (429). Trying again in 1 s.`]);
  expect(rig.said()).toBe('Now.');
});

test('[BA9] Stop ends the wait for an endpoint over its limit', async () => {
  const { rig } = await stage({ do: 'refuse', status: 429, retryAfter: '100' });
  const turn = rig.prompt('Hello?');
  await rig.until(() => notices(rig).length === 1);
  await rig.stop();
  expect((await turn).stopReason).toBe('cancelled');
});

test('an answer cut off by the model’s limit, and a refusal, end the turn as such', async () => {
  const { rig } = await stage({ do: 'say', text: 'Long', finish: 'length', usage: null });
  const { stopReason, usage } = await rig.prompt('Tell me all.');
  expect(stopReason).toBe('max_tokens');
  expect(usage).toBeUndefined();
});

test('[BA11] its models can be chosen, and those that answer with numbers are none', async () => {
  const models = [{ id: 'embed-small' }, { id: 'small' }, { id: 'large' }];
  const model = await endpoint({ answer: inOrder(), models });
  const rig = await agent({ url: model.url });
  const choice = rig.session.configOptions?.find((option) => option.category === 'model');
  expect(choice).toMatchObject({ currentValue: 'small' });
  await rig.prompt('Hello?');
  await rig.choose('model', 'large');
  await rig.prompt('Hello?');
  expect(model.requests.map((request) => request.model)).toEqual(['small', 'large']);
  await expect(rig.choose('model', 'embed-small')).rejects.toThrow();
});

test('[BA11] servers on this computer are looked for only when Alice asks', async ({ skip }) => {
  const answer = inOrder({ do: 'say', text: 'Found me.' });
  let found: readonly [name: string, model: ModelEndpoint] | null = null;
  for (const { name, port } of KNOWN_SERVERS) {
    const model = await openModelEndpoint({ answer, port }).catch(() => null);
    if (model === null) continue;
    closing.push(model.close);
    found = [name, model];
    break;
  }
  if (found === null) {
    skip('all four ports are taken on this computer');
    return;
  }
  const [name, model] = found;
  const rig = await agent({});
  await expect(rig.prompt('Hello?')).rejects.toThrow('No model’s endpoint is set');
  expect(rig.session.configOptions?.map((option) => option.category)).toEqual(['mode']);
  await rig.prompt('/find');
  expect(rig.said()).toContain(`${name}: \`${model.url}\``);
  await rig.choose('model', 'stage-model');
  await rig.prompt('Hello?');
  expect(model.requests).toHaveLength(1);
  expect(rig.updates.some((u) => u.sessionUpdate === 'config_option_update')).toBe(true);
});

test('a file that Alice has is changed only where the piece stands once', async () => {
  const { model, rig } = await stage(calls('edit', { path: 'own.txt', old: 'a', new: 'b' }), {
    do: 'say',
    text: 'Twice.',
  });
  writeFileSync(join(rig.directory, 'own.txt'), 'a a\n');
  await rig.prompt('Change it.');
  expect(model.requests.at(-1)?.results).toEqual(['The text to replace is 2 times in own.txt.']);
  expect(readFileSync(join(rig.directory, 'own.txt'), 'utf8')).toBe('a a\n');
});

test('[BA9] an endpoint that says nothing for too long is given up, and says for how long', async () => {
  const model = await endpoint({ answer: () => ({ do: 'hang' }) });
  const place = modelPlace({ url: model.url });
  const silent = chat(place, {
    model: 'stage-model',
    messages: [{ role: 'user', content: 'Anyone?' }],
    tools: [],
    signal: new AbortController().signal,
    silenceMs: 500,
    onPiece: async () => undefined,
  });
  await expect(silent).rejects.toMatchObject({ fault: { fault: 'silent', seconds: 1 } });
});

test.each([
  ['http://127.0.0.1:11434', 'http://127.0.0.1:11434/v1'],
  ['http://host/v1/', 'http://host/v1'],
  ['https://host/api/openai/v1/chat/completions', 'https://host/api/openai/v1'],
  ['https://user:secret@host/v1?key=secret', 'https://host/v1'],
])('%s is understood as %s', (url, base) => {
  expect(modelPlace({ url })).toMatchObject({ base, shown: base });
});
