import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  endAll,
  newHome,
  startMeshell,
  textOf,
  type MeshellProcess,
} from './stage/meshell-process.ts';

function shareJson(...more: readonly string[]): MeshellProcess {
  return startMeshell(['share', '--json', '--local', '--name', 'Alice', ...more]);
}

async function invited(alice: MeshellProcess): Promise<{ typed: string; link: string }> {
  alice.say({ do: 'invite' });
  const invite = await alice.event('invite');
  return {
    typed: textOf(invite, 'typed').replace(/^meshell join /, ''),
    link: textOf(invite, 'link'),
  };
}

function joinJson(invite: string, name = 'Bob'): MeshellProcess {
  return startMeshell(['join', '--json', '--name', name, invite]);
}

/** Until this viewer's screen has this text. */
async function shows(viewer: MeshellProcess, text: string): Promise<void> {
  const end = performance.now() + 20_000;
  for (;;) {
    viewer.say({ do: 'screen' });
    const { rows } = await viewer.event('screen');
    if (JSON.stringify(rows).includes(text)) return;
    if (performance.now() > end) throw new Error(`never shows ${text}: ${JSON.stringify(rows)}`);
  }
}

/** What a command says and how it ends. */
async function ends(args: readonly string[], home?: string) {
  const process = startMeshell(args, home === undefined ? {} : { home });
  const exit = await process.exited;
  return { exit, words: process.stderr() };
}

describe('what a program reads and writes', () => {
  afterEach(endAll);

  test('[CL25] knock, admission, a grant asked for and given, a command, keys, the end', async () => {
    const alice = shareJson('--share');
    await alice.event('ready');
    const invite = await alice.event('invite');
    expect(invite).toMatchObject({ code: expect.stringMatching(/^\d{4}-[a-z]+-[a-z]+$/) });
    const bob = joinJson(textOf(invite, 'typed').replace(/^meshell join /, ''));
    await bob.event('reaching');
    const knock = await alice.event('knock');
    const waiting = await bob.event('knocking');
    expect(waiting['words']).toBe(knock['words']);

    bob.say({ do: 'run', text: 'echo too early' });
    alice.say({ do: 'admit', knock: knock['id'] });
    expect(await alice.event('done')).toMatchObject({ of: 'admit' });
    await bob.event('admitted');
    expect(await bob.event('granted')).toMatchObject({ capabilities: { view: null } });
    expect(await bob.event('fault')).toMatchObject({ of: 'run', code: 'action.notAllowed' });

    bob.say({ do: 'request' });
    const request = await alice.event('request');
    expect(request).toMatchObject({ name: 'Bob' });
    const capabilities = ['view', 'run', 'type'];
    alice.say({ do: 'grant', key: request['key'], capabilities });
    expect(await bob.event('granted')).toMatchObject({ capabilities: { run: null } });

    bob.say({ do: 'run', text: 'echo $((6*7))' });
    const block = await bob.next((line) => line['event'] === 'block' && line['state'] === 'done');
    expect(block).toMatchObject({ command: 'echo $((6*7))', exit: 0, text: ['42'] });
    bob.say({ do: 'screen' });
    expect(await bob.event('screen')).toMatchObject({ of: 'screen' });
    alice.say({ do: 'invite' });
    expect(await alice.event('invite')).toMatchObject({ of: 'invite' });
    bob.say({ do: 'keys', text: 'typed' });
    await shows(bob, 'typed');

    for (const order of [
      { do: 'prompt', text: 'hello' },
      { do: 'approve', option: 'allow_once' },
    ]) {
      bob.say(order);
      expect(await bob.event('fault')).toMatchObject({ of: order.do, code: 'agent.none' });
    }
    bob.say({ do: 'dance' });
    expect(await bob.event('fault')).toMatchObject({ of: null, code: 'usage' });

    alice.say({ do: 'end' });
    expect(await alice.event('ended')).toMatchObject({ reason: 'share.ended' });
    expect(await bob.event('ended')).toMatchObject({ reason: 'share.ended' });
    expect(await bob.exited).toBe(0);
    expect(await alice.exited).toBe(0);
  });

  test('[CL26] a closed stdin ends nothing', async () => {
    const alice = shareJson();
    await alice.event('ready');
    const { typed } = await invited(alice);
    const bob = joinJson(typed);
    await bob.event('knocking');
    alice.closeStdin();
    bob.closeStdin();
    // Both go on: the invite still lets a knock stand, and the link lives.
    const eve = joinJson(typed, 'Eve');
    expect(await eve.exited).toBe(3);
    expect(await running(alice)).toBe(true);
    expect(await running(bob)).toBe(true);
  });

  test('[CL15] who is let in unasked is said, and is in', async () => {
    const alice = shareJson('--auto-admit', 'run');
    await alice.event('ready');
    const { link } = await invited(alice);
    const bob = joinJson(link);
    expect(await bob.event('granted')).toMatchObject({ capabilities: { view: null, run: null } });
    expect(alice.stderr()).toMatch(/let in unasked, with: view, run/);
  });

  test('the shell’s exit ends a share of its own', async () => {
    const alice = shareJson('--', 'true');
    expect(await alice.event('ended')).toMatchObject({ reason: 'shell.exited' });
    expect(await alice.exited).toBe(0);
  });
});

/** What has ended by now has had its turn to say so. */
async function running(process: MeshellProcess): Promise<boolean> {
  return await Promise.race([process.exited.then(() => false), turnOfTheLoop(true)]);
}

describe('[CL24] how a join ends', () => {
  afterEach(endAll);

  test('a code or a link that cannot be one: 3; none at all: 2', async () => {
    for (const invite of ['hello', '4271-apple-tigger', 'http://192.168.1.5:4271/#m1.short']) {
      const { exit, words } = await ends(['join', '--json', invite]);
      expect(exit).toBe(3);
      expect(words).toMatch(/^That is not an invite\. A code looks like 4271-apple-tiger/);
    }
    expect(await ends(['join', '--json'])).toMatchObject({ exit: 2 });
  });

  test('a code without a place, and no signaling set: 2, with the line to type', async () => {
    const { exit, words } = await ends(['join', '--json', '4271-apple-tiger']);
    expect(exit).toBe(2);
    expect(words).toMatch(/meshell join 4271-apple-tiger@HOST:PORT/);
  });

  test('without a terminal and without --json: 2', async () => {
    const { exit, words } = await ends(['join', '4271-apple-tiger@127.0.0.1:1']);
    expect(exit).toBe(2);
    expect(words).toMatch(/needs a terminal/);
  });

  test('[CL11] wrong words, a nameplate nobody has, a used link, a refusal: 3', async () => {
    const alice = shareJson();
    await alice.event('ready');
    const { typed, link } = await invited(alice);
    // As long as one is open, those who come with another get an answer.
    await invited(alice);
    const place = typed.split('@')[1] ?? '';
    const nameplate = typed.split('-')[0] ?? '';

    const wrong = joinJson(`${nameplate}-zebra-zebra@${place}`, 'Eve');
    expect(await wrong.event('ended')).toMatchObject({ reason: 'code.wrong' });
    expect(await wrong.exited).toBe(3);
    expect(await alice.event('fault')).toMatchObject({ code: 'code.wrong' });

    const other = nameplate === '1234' ? '4321' : '1234';
    const unknown = joinJson(`${other}-zebra-zebra@${place}`, 'Eve');
    expect(await unknown.event('ended')).toMatchObject({ reason: 'invite.unavailable' });
    expect(await unknown.exited).toBe(3);

    const bob = joinJson(link);
    const knock = await alice.event('knock');
    alice.say({ do: 'deny', knock: knock['id'] });
    expect(await bob.event('ended')).toMatchObject({ reason: 'invite.denied' });
    expect(await bob.exited).toBe(3);

    const again = joinJson(link, 'Carol');
    await again.event('ended');
    expect(await again.exited).toBe(3);
  });

  test('removed: 3', async () => {
    const alice = shareJson();
    await alice.event('ready');
    const bob = joinJson((await invited(alice)).typed);
    const knock = await alice.event('knock');
    alice.say({ do: 'admit', knock: knock['id'] });
    await bob.event('admitted');
    alice.say({ do: 'remove', key: knock['key'] });
    expect(await bob.event('ended')).toMatchObject({ reason: 'grant.removed' });
    expect(await bob.exited).toBe(3);
  });

  test('[CL13] a place where nobody answers: 4 after a while, with its name', async () => {
    const port = await freePort();
    const bob = joinJson(`4271-apple-tiger@127.0.0.1:${port}`);
    const ended = await bob.event('ended', 60_000);
    expect(ended).toMatchObject({
      reason: 'invite.unreached',
      message: expect.stringMatching(`^127\\.0\\.0\\.1:${port}: Nobody answers there`),
    });
    expect(await bob.exited).toBe(4);
  });
});

async function listening(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, port: address.port };
}

async function freePort(): Promise<number> {
  const { server, port } = await listening();
  await new Promise((done) => server.close(done));
  return port;
}

describe('one app, its shares, and their end', () => {
  let home: string;
  let app: MeshellProcess;
  let share: MeshellProcess;

  beforeAll(async () => {
    home = newHome();
    app = startMeshell(['--json', '--headless', '--local'], { home });
    await app.event('ready');
  });
  afterAll(endAll);

  test('[CL27] a second start gives a link to the first, and is done', async () => {
    const opened = join(home, 'opened');
    writeFileSync(join(home, 'xdg-open'), `#!/bin/sh\necho "$1" > ${opened}\n`, { mode: 0o755 });
    const env = { PATH: `${home}:${process.env['PATH'] ?? ''}`, BROWSER: join(home, 'xdg-open') };
    const second = startMeshell(['--json'], { home, env });
    expect(textOf(await second.event('ready'), 'app')).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/#token=/,
    );
    expect(await second.exited).toBe(0);
    expect(existsSync(opened)).toBe(false);
  });

  test('[CL17] a share lives beside it in a folder of its own; what nobody can go on with goes', async () => {
    const folder = join(home, 'meshell', 'data', 'shares');
    mkdirSync(join(folder, '4194304-dead00'), { recursive: true });
    share = startMeshell(['share', '--json', '--local'], { home });
    await share.event('ready');
    expect(readdirSync(folder)).toEqual([expect.stringMatching(new RegExp(`^${share.pid}-`))]);
  });

  test('[CL18] meshell stop ends both, and nothing of the share is left', async () => {
    const stop = await ends(['stop'], home);
    expect(stop).toMatchObject({
      exit: 0,
      words: expect.stringMatching(/has ended, and one share/),
    });
    expect(await app.exited).toBe(0);
    expect(await share.exited).toBe(0);
    expect(readdirSync(join(home, 'meshell', 'data', 'shares'))).toEqual([]);
    const again = await ends(['stop'], home);
    expect(again).toMatchObject({ exit: 1, words: 'meshell is not running.\n' });
  });
});

describe('what is wrong is said in a sentence', () => {
  afterEach(endAll);

  test('a port that is taken: 1', async () => {
    const { server, port } = await listening();
    const { exit, words } = await ends(['--json', '--headless', '--port', String(port)]);
    server.close();
    expect(exit).toBe(1);
    expect(words).toMatch(/^The port asked for is in use/);
  });

  test('[CL28] a settings file that is not JSON, or holds what it may not: its line', async () => {
    const home = newHome();
    const config = join(home, 'meshell', 'config');
    mkdirSync(config, { recursive: true });
    const file = join(config, 'settings.json');
    writeFileSync(file, '{\n  // mine\n  "name": "Alice"\n  "shell": 1\n}');
    const broken = await ends(['--json', '--headless'], home);
    expect(broken.exit).toBe(2);
    expect(broken.words).toBe(`${file}, line 4: a comma is missing here.\n`);
    writeFileSync(file, '{\n  "name": "Alice",\n  "signal": "http://x"\n}');
    const wrong = await ends(['--json', '--headless'], home);
    expect(wrong.exit).toBe(2);
    expect(wrong.words).toMatch(/settings\.json, line 3: “signal” /);
  });

  test('a share in no terminal, a flag nobody knows, two places at once: 2', async () => {
    expect(await ends(['share'])).toMatchObject({ exit: 2 });
    expect(await ends(['--frash'])).toMatchObject({ exit: 2 });
    expect(await ends(['share', '--json', '--lan', '--local'])).toMatchObject({ exit: 2 });
    expect(await ends(['dance'])).toMatchObject({
      exit: 2,
      words: expect.stringMatching(/“dance”/),
    });
  });

  test('[CL31] --help, with whichever command: 0, and the help', async () => {
    for (const command of ['share', 'join', 'agents', 'signal', 'stop', '--json']) {
      const asked = startMeshell([command, '--help']);
      expect(await asked.exited, command).toBe(0);
      expect(asked.stderr(), command).toBe('');
    }
  });

  test('[CL12] Ctrl-C twice always ends it', async () => {
    const alice = shareJson();
    await alice.event('ready');
    process.kill(alice.pid, 'SIGINT');
    process.kill(alice.pid, 'SIGINT');
    expect(await alice.exited).toBe(130);
  });
});
