import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSignaling, type Signaling } from '../../../signaling/server.ts';
import { decodeFromService, type FromService } from '../../../src/protocol/signaling.ts';
import { countingEntropy, fakeClock, keyOf, roomOf, settle } from '../../unit/signaling/stage.ts';
import { loops } from '../../soak/loops.ts';

function service(): Signaling {
  return openSignaling({
    clock: fakeClock(),
    entropy: countingEntropy(),
    verify: () => Promise.resolve(true),
  });
}

/** Says all of it on one socket; gives what was answered, and whether the socket was closed. */
async function says(texts: readonly string[]) {
  const { value: socket } = await service().inside();
  const answers: FromService[] = [];
  let closed = false;
  socket.onText((text) => {
    const answer = decodeFromService(text);
    if (!answer.ok) throw new Error(`the service does not speak its own language: ${text}`);
    answers.push(answer.value);
  });
  socket.onClosed(() => (closed = true));
  for (const text of texts) socket.send(text);
  await settle();
  return { answers, closed };
}

const channel = 'AAAAAAAAAAAAAAAAAAAAAA';
const nearly = fc
  .record(
    {
      type: fc.constantFrom(
        'claim',
        'prove',
        'takeNameplate',
        'dropNameplate',
        'join',
        'joinNameplate',
        'relay',
        'hangUp',
        '__proto__',
      ),
      key: fc.oneof(fc.constant(keyOf('alice')), fc.string(), fc.constant(null)),
      room: fc.oneof(fc.constant(roomOf('alice')), fc.string()),
      nameplate: fc.oneof(fc.stringMatching(/^\d{3,9}$/), fc.integer()),
      wanted: fc.oneof(fc.stringMatching(/^\d{4,8}$/), fc.boolean()),
      channel: fc.oneof(fc.constant(channel), fc.string()),
      body: fc.oneof(fc.string(), fc.constant('A'.repeat(50_000))),
      signature: fc.oneof(fc.constant('A'.repeat(86)), fc.string()),
      ['__proto__']: fc.constant({ polluted: true }),
    },
    { requiredKeys: ['type'] },
  )
  .map((message) => JSON.stringify(message));
const garbage = fc.oneof(fc.string(), fc.json(), fc.constant('['.repeat(20_000)), nearly);

test('[SG10] whatever comes in, the service answers in its own language and lives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(garbage, { maxLength: 12 }), async (texts) => {
      const { answers } = await says(texts);
      expect(answers.length).toBeLessThanOrEqual(texts.length);
      expect({}).not.toHaveProperty('polluted');
    }),
    { numRuns: loops(300, 12_000) },
  );
});

test('[SG10] text that is no message is answered malformed, and the fifth closes', async () => {
  const bad = fc.oneof(fc.string(), fc.json()).filter((text) => !text.includes('"type"'));
  await fc.assert(
    fc.asyncProperty(fc.array(bad, { minLength: 5, maxLength: 8 }), async (texts) => {
      const { answers, closed } = await says(texts);
      const refused = { type: 'refused', fault: 'signal.malformed' };
      expect(answers).toEqual(Array.from({ length: 5 }, () => refused));
      expect(closed).toBe(true);
    }),
    { numRuns: loops(100, 5000) },
  );
});

test('[SG10] a peer takes what a hostile service says for a message or for nothing', () => {
  fc.assert(
    fc.property(garbage, (text) => {
      const message = decodeFromService(text);
      expect(typeof message.ok).toBe('boolean');
    }),
  );
});
