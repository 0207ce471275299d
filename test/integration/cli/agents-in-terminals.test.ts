// An agent in Alice's shared terminal, seen and prompted from Bob's. One story, in order.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endAll, startMeshell, textOf } from '../../e2e/stage/meshell-process.ts';
import { lacks } from '../../e2e/stage/needs.ts';
import { openTmux, type Pane, type Tmux } from '../../e2e/stage/tmux.ts';

describe.skipIf(lacks('tmux'))('Bob prompts the demo agent from his terminal', () => {
  let tmux: Tmux;
  let alice: Pane;
  let bob: Pane;

  beforeAll(async () => {
    tmux = openTmux();
    alice = await tmux.pane(100, 30);
    bob = await tmux.pane(90, 24);
  });
  afterAll(async () => {
    await tmux?.close();
    await endAll();
  });

  test('[TV4] he starts a conversation from the list, where the demo agent is called what it is', async () => {
    alice.enter(
      'meshell share --local --name Alice --start all --auto-admit draft,prompt,run,type,approve',
    );
    const greeting = await alice.shows('The share ends with this shell.');
    const typed = /meshell join (\S+@127\.0\.0\.1:\d+)/.exec(greeting)?.[1] ?? '';
    bob.enter(`meshell join ${typed} --name Bob`);
    await bob.shows('Alice shares');
    bob.press('C-]');
    await bob.shows('a agents');
    bob.type('a');
    await bob.shows('No conversation with an agent yet. n starts one.');
    bob.type('n');
    const agents = await bob.shows('Demo agent (no model)');
    const number = /(\d) Demo agent \(no model\)/.exec(agents)?.[1] ?? '';
    bob.type(number);
    await bob.shows('Your prompt');
    bob.type('run echo from-agent-$((40+2))');
    bob.press('Enter');
    await bob.shows('▌ run echo from-agent-$((40+2))');
  });

  test('[TV8] Alice’s title says that the agent asks, and her panel names what', async () => {
    await alice.until(() => alice.title() === 'Demo agent (no model) asks: Ctrl-]', 'hears of it');
    alice.press('C-]');
    await alice.shows(/Demo agent \(no model\) asks: .*1 /);
    alice.press('C-]');
  });

  test('[TV6] back at the terminal he is told too; he answers once he has read it', async () => {
    await bob.shows('? ');
    bob.press('C-]');
    await bob.shows('a agents');
    bob.type('a');
    await bob.shows('Ctrl-] a answers');
    bob.press('C-]');
    await bob.shows('a agents');
    bob.type('a');
    await bob.shows('1–9 answer');
    await bob.until(() => {
      if (bob.rows().some((row) => row.startsWith('? '))) bob.type('1');
      return bob.rows().some((row) => row.includes('from-agent-42'));
    }, 'sees the output of what he allowed');
    await bob.shows('Allowed by You');
    await alice.until(() => !alice.title().includes('asks'), 'has her title back');
  });

  test('[TV8] Alice reads the same in her own view, and her screen comes back', async () => {
    const before = alice.rows();
    alice.press('C-]');
    await alice.shows('t agents');
    alice.type('t');
    await alice.shows('▌ Bob');
    await alice.shows('from-agent-42');
    await alice.shows('Allowed by Bob');
    alice.press('C-]');
    await alice.shows('t agents');
    alice.press('C-]');
    await alice.until(
      () => alice.rows().join('\n') === before.join('\n'),
      'has her screen as before',
    );
  });
});

describe('a program that joins', () => {
  afterAll(endAll);

  test('[TV7] starts a conversation, reads its parts, answers what the agent asks, and stops it', async () => {
    const flags = ['--local', '--share', '--auto-admit', 'prompt,approve', '--name', 'Alice'];
    const alice = startMeshell(['share', '--json', ...flags]);
    const invite = await alice.event('invite');
    const bob = startMeshell(['join', '--json', '--name', 'Bob', textOf(invite, 'link')]);
    await bob.event('admitted');
    bob.say({ do: 'prompt', text: 'nobody is here' });
    expect(await bob.event('fault')).toMatchObject({ of: 'prompt', code: 'agent.none' });
    bob.say({ do: 'start', agent: 'demo', prompt: 'run echo said-$((40+2))' });
    const done = await bob.event('done');
    const thread = textOf(done, 'thread');
    await bob.next((line) => line['event'] === 'part' && line['kind'] === 'permission');
    await alice.next((line) => line['event'] === 'part' && line['kind'] === 'permission');
    bob.say({ do: 'approve', option: 'allow_once' });
    await bob.next((line) => line['event'] === 'part' && String(line['text']).includes('said-42'));
    await bob.next((line) => line['event'] === 'part' && line['kind'] === 'end');
    alice.say({ do: 'prompt', thread, text: 'run echo again' });
    await bob.next(
      (line) => line['event'] === 'part' && line['kind'] === 'permission' && line['turn'] === 2,
    );
    bob.say({ do: 'stop' });
    expect(
      await alice.next(
        (line) => line['event'] === 'part' && line['kind'] === 'end' && line['turn'] === 2,
      ),
    ).toMatchObject({ thread, reason: 'cancelled' });
  });
});
