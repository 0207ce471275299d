import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { joining, type JoiningInput, type JoiningState } from '../../../src/peer/joining.ts';
import { ASKS_MAX, CHANNELS_MAX, firstRoom, room } from '../../../src/peer/room.ts';
import type { RoomEffect, RoomInput, RoomState } from '../../../src/peer/room-state.ts';
import { unreachable } from '../../../src/protocol/result.ts';
import { decodeFromService, type FromService } from '../../../src/protocol/signaling.ts';
import { keyOf, roomOf } from '../../unit/signaling/stage.ts';
import { loops } from '../../soak/loops.ts';

const world = { key: keyOf('alice'), random: () => 0.5 };

function message(raw: object): FromService {
  const decoded = decodeFromService(JSON.stringify(raw));
  if (!decoded.ok) throw new Error(JSON.stringify(raw));
  return decoded.value;
}

const channelText = fc.integer({ min: 0, max: 400 }).map((n) => `c${n}`);
const fromService = fc
  .oneof(
    fc.constant({ type: 'challenge', nonce: 'A'.repeat(43) }),
    fc.constant({ type: 'held', room: roomOf('alice') }),
    fc.record({
      type: fc.constant('nameplate'),
      nameplate: fc.integer({ min: 1000, max: 1040 }).map(String),
    }),
    fc.record({
      type: fc.constantFrom('visitor', 'hungUp', 'visitor', 'visitor'),
      channel: channelText,
    }),
    fc.record({ type: fc.constant('relay'), channel: channelText, body: fc.constant('AAAA') }),
    fc.record({
      type: fc.constant('open'),
      channel: channelText,
      room: fc.constant(roomOf('alice')),
    }),
    fc.record({
      type: fc.constant('refused'),
      fault: fc.constantFrom('signal.taken', 'signal.busy', 'signal.malformed'),
    }),
  )
  .map(message);

/** A word of the service, or of the world, or a number of channel requests by the sharer. */
type Happening = FromService | 'opened' | 'lost' | 'wake' | 'signed' | 'ask' | 'drop' | 'close';
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { arbitrary: fromService, weight: 8 },
  { arbitrary: fc.constantFrom('opened', 'signed', 'wake', 'ask', 'drop'), weight: 4 },
  { arbitrary: fc.constantFrom('lost', 'close'), weight: 1 },
);

let asked = 0;
function inputOf(state: RoomState, happens: Happening): RoomInput {
  const dial = state.phase === 'over' ? 0 : state.dial;
  if (typeof happens === 'object') return { on: 'message', dial, message: happens };
  switch (happens) {
    case 'signed':
      return { on: 'signed', dial, signature: 'A'.repeat(86) };
    case 'ask':
      return { on: 'takeNameplate', ask: asked++ };
    case 'drop': {
      const nameplate = state.phase === 'over' ? undefined : state.nameplates[0];
      return nameplate === undefined ? { on: 'close' } : { on: 'dropNameplate', nameplate };
    }
    case 'close':
      return { on: 'close' };
    case 'opened':
    case 'lost':
    case 'wake':
      return { on: happens, dial };
    default:
      return unreachable(happens);
  }
}

test('[SG21] whatever a service says, each question has one answer and nothing grows for ever', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 400 }), (happenings) => {
      let [state]: readonly [RoomState, readonly RoomEffect[]] = firstRoom();
      const open = new Set<string>();
      const unanswered = new Set<number>();
      const inputs = [...happenings, 'close' as const];
      for (const happens of inputs) {
        const input = inputOf(state, happens);
        if (input.on === 'takeNameplate') unanswered.add(input.ask);
        const [next, effects] = room(state, input, world);
        for (const effect of effects) {
          if (effect.do === 'answerAsk') expect(unanswered.delete(effect.ask)).toBe(true);
          if (effect.do === 'visitor') expect(open.has(effect.channel)).toBe(false);
          if (effect.do === 'visitor') open.add(effect.channel);
          if (effect.do === 'channelEnded') expect(open.delete(effect.channel)).toBe(true);
          if (effect.do === 'deliver') expect(open.has(effect.channel)).toBe(true);
        }
        expect(open.size).toBeLessThanOrEqual(CHANNELS_MAX);
        if (next.phase !== 'over') expect(next.asks.length).toBeLessThanOrEqual(2 * ASKS_MAX);
        state = next;
      }
      expect([open.size, unanswered.size]).toEqual([0, 0]);
    }),
    { numRuns: loops(300, 15_000) },
  );
});

test('[SG20] whatever a service says, a visitor gets one answer and at most one line', () => {
  const inputs: fc.Arbitrary<JoiningInput> = fc.oneof(
    fromService.map((message) => ({ on: 'message', message }) as const),
    fc.constantFrom('opened', 'unreachable', 'lost', 'tooLate', 'hangUp').map((on) => ({ on })),
    fc.constant({ on: 'say', body: 'AAAA' } as const),
  );
  fc.assert(
    fc.property(fc.array(inputs), (happenings) => {
      let state: JoiningState = { phase: 'reaching', where: { room: roomOf('alice') } };
      const done: string[] = [];
      for (const input of happenings) {
        const [next, effects] = joining(state, input);
        done.push(...effects.map((effect) => effect.do));
        state = next;
      }
      const times = (what: string): number => done.filter((one) => one === what).length;
      expect(times('joined') + times('failed')).toBeLessThanOrEqual(1);
      expect(times('ended')).toBeLessThanOrEqual(times('joined'));
      expect(times('closeSocket')).toBeLessThanOrEqual(1);
    }),
  );
});
