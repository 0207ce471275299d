// By which ways a terminal looks for a share, and the invite with which a share begins.
import { expect, test, vi } from 'vitest';
import { greeting } from '../../../src/cli/greeting.ts';
import { firstInvite, noInviteWords } from '../../../src/cli/first-invite.ts';
import { tellLack } from '../../../src/cli/leaving.ts';
import { waysTo } from '../../../src/cli/node-viewer.ts';
import { parseInvite } from '../../../src/crypto/invite.ts';
import { mostTelling } from '../../../src/peer/reach.ts';
import { idOf, InviteId } from '../../../src/protocol/ids.ts';
import type { Outcome } from '../../../src/protocol/message.ts';
import { fakeClock } from '../../fake-clock.ts';

const SERVICE = 'wss://signal.example.org';

function ways(text: string, signal: string | null = SERVICE): readonly string[] {
  const invite = parseInvite(text);
  if (!invite.ok) throw new Error(invite.fault);
  return waysTo(invite.value, signal).map((way) => `${way.by} ${way.url}`);
}

test('[IV4] a code with a service’s name is looked up there, sealed, and nowhere else', () => {
  expect(ways('4271-apple-tiger@meet.example.org')).toEqual([
    'webrtc wss://meet.example.org/signal',
  ]);
  expect(ways('4271-apple-tiger@https://meet.example.org:8443')).toEqual([
    'webrtc wss://meet.example.org:8443/signal',
  ]);
});

test('[IV4] a code with an address leads to a sharer’s own listener, by both ways', () => {
  expect(ways('4271-apple-tiger@192.168.1.5')).toEqual([
    'webrtc ws://192.168.1.5:4271/signal',
    'socket ws://192.168.1.5:4271/direct/',
  ]);
});

test('a code alone is looked up at the service that is set, if one is', () => {
  expect(ways('4271-apple-tiger')).toEqual(['webrtc wss://signal.example.org/signal']);
  expect(ways('4271-apple-tiger', null)).toEqual([]);
});

const CARD = {
  id: idOf(InviteId, new Uint8Array(8)),
  state: 'open',
  typed: null,
  code: null,
  place: null,
  link: 'https://meet.example.org/#m1.x',
  reach: 'signal',
  expiresAt: 0,
  wrongTries: 0,
} as const;

function asked(answers: readonly Outcome[]) {
  const clock = fakeClock();
  const said: string[] = [];
  let count = 0;
  const session = {
    order: (): Promise<Outcome> => Promise.resolve(answers[count++] ?? { ok: true, invite: CARD }),
  };
  const invite = firstInvite({
    session,
    clock,
    random: () => 0.5,
    failed: (fault) => said.push(fault),
  });
  return { clock, said, invite, count: () => count };
}

const AWAY: Outcome = { ok: false, fault: 'signal.unreachable' };

test('[CL33] a share whose service is away says so once, and has its invite when it is back', async () => {
  const { clock, said, invite, count } = asked([AWAY, AWAY, AWAY]);
  await clock.pass(120_000);
  expect(await invite).toEqual(CARD);
  expect(said).toEqual(['signal.unreachable']);
  expect(count()).toBe(4);
});

test('[CL33] what will not pass by itself is not tried again', async () => {
  const { said, invite, clock } = asked([{ ok: false, fault: 'signal.none' }]);
  expect(await invite).toBe(null);
  expect(said).toEqual(['signal.none']);
  expect(clock.timers()).toBe(0);
});

test('[CL33] the service that does not answer is named', () => {
  expect(noInviteWords('signal.unreachable', SERVICE)).toBe(
    'Cannot reach the signaling service at signal.example.org.',
  );
  expect(noInviteWords('signal.none', null)).toMatch(/^No signaling service is set/);
});

test('[LK27] a way that a service does not offer says nothing of the one that led there', () => {
  expect(mostTelling(['link.noPath', 'signal.unreachable'])).toBe('link.noPath');
  expect(mostTelling(['signal.noRoom', 'signal.unreachable'])).toBe('signal.noRoom');
  expect(mostTelling(['link.noWebrtc', 'signal.unreachable'])).toBe('signal.unreachable');
  expect(mostTelling(['link.noWebrtc'])).toBe('link.noWebrtc');
});

test.each([
  [false, 'stderr', /^WebRTC is not available/],
  [true, 'stdout', /"code":"link.noWebrtc"/],
] as const)('[CL34] without WebRTC it is said at the start; as JSON: %s', (json, where, words) => {
  const lines: string[] = [];
  const written = vi.spyOn(process[where], 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  tellLack('link.noWebrtc', json);
  written.mockRestore();
  expect(lines).toEqual([expect.stringMatching(words)]);
});

test('[LK26] Alice reads each address of her computer, and that a link is for this one only', () => {
  const greeted = { autoAdmit: null, agents: false, now: 0, cols: 80, rows: 24 };
  const lan = { ...CARD, reach: 'lan' as const, others: ['10.0.0.9:4271', '172.16.0.3:4271'] };
  expect(greeting({ ...greeted, invite: lan })).toMatch(
    /also at +10\.0\.0\.9:4271, 172\.16\.0\.3:4271/,
  );
  const local = { ...CARD, reach: 'local' as const };
  expect(greeting({ ...greeted, invite: local })).toContain('it works only on this computer');
});

test('[CL35] before her invite Alice reads that agents are shared too, where there are any', () => {
  const greeted = { invite: CARD, autoAdmit: null, now: 0, cols: 80, rows: 24 };
  const warned = greeting({ ...greeted, agents: true });
  expect(warned).toMatch(/^Careful: agent conversations are shared too/);
  expect(warned.indexOf('Careful')).toBeLessThan(warned.indexOf(CARD.link));
  expect(greeting({ ...greeted, agents: false })).not.toContain('agent');
});
