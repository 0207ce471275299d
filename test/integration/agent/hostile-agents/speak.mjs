// What every hostile agent has in common: it reads lines, says hello, has a session, and hands the
// rest to its own story. By hand, since no library would write what these write.
import { createInterface } from 'node:readline';

export const SESSION = 'session-1';

/**
 * `on` maps a method to what is done with it. A value that is returned is the answer; undefined:
 * none is sent. The first two methods have answers of their own.
 */
export function speak(on = {}) {
  const stories = {
    initialize: () => ({
      protocolVersion: 1,
      agentInfo: { name: 'hostile', version: '6.6.6' },
      agentCapabilities: {},
    }),
    'session/new': () => ({ sessionId: SESSION }),
    ...on,
  };
  async function heard(line) {
    const { id, method, params, result, error } = JSON.parse(line);
    const story = stories[method ?? 'answer'];
    if (story === undefined) return;
    const answer = await story(params ?? result ?? error, id);
    if (id !== undefined && method !== undefined && answer !== undefined) {
      send({ id, ...(answer.error === undefined ? { result: answer } : answer) });
    }
  }
  createInterface({ input: process.stdin }).on('line', (line) => void heard(line));
}

export function send(message) {
  return process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

export function update(sessionUpdate, more = {}) {
  return send({
    method: 'session/update',
    params: { sessionId: SESSION, update: { sessionUpdate, ...more } },
  });
}

export function say(text) {
  return update('agent_message_chunk', { content: { type: 'text', text } });
}

export const END = { stopReason: 'end_turn' };
