import { expect, test } from 'vitest';
import {
  faultWords,
  refusalFault,
  retryAfterMs,
  seconds,
  type ModelFault,
} from '../../../src/agent/built-in/model-faults.ts';

const NOW = Date.UTC(2026, 10, 22, 20, 0, 0);
const said = (message: string): string => JSON.stringify({ error: { message } });
const refusal = (status: number, body = '', retryAfter: string | null = null): ModelFault =>
  refusalFault({ status, body, retryAfter, model: 'small' }, NOW);

test('[BA9] each refusal has its own name', () => {
  expect(refusal(401, said('Incorrect API key provided: sk-abc'))).toEqual({
    fault: 'key',
    status: 401,
  });
  expect(refusal(404, said('model "small" not found'))).toEqual({
    fault: 'noModel',
    model: 'small',
  });
  expect(refusal(404, '<html>')).toEqual({ fault: 'notChat' });
  expect(refusal(429, '', '7')).toEqual({ fault: 'busy', status: 429, retryAfterMs: 7000 });
  expect(refusal(429)).toEqual({ fault: 'busy', status: 429, retryAfterMs: null });
  expect(refusal(500, said('oops'))).toEqual({ fault: 'status', status: 500, detail: 'oops' });
  expect(refusal(500, '{"error":"plain"}')).toMatchObject({ detail: 'plain' });
  expect(refusal(400, said('registry.ollama.ai/x does not support tools'))).toMatchObject({
    fault: 'noTools',
  });
});

test.each([
  "This model's maximum context length is 4096 tokens.",
  'the request exceeds the available context size. try increasing the context size',
  'The number of tokens to keep from the initial prompt is greater than the context length',
  'context_length_exceeded',
])('[BA9] a full window is told from other refusals: %s', (words) => {
  expect(refusal(400, said(words))).toMatchObject({ fault: 'full' });
});

test('a Retry-After is seconds or a date, never a time before now', () => {
  expect(retryAfterMs('1.5', NOW)).toBe(1500);
  expect(retryAfterMs('Sun, 22 Nov 2026 20:00:30 GMT', NOW)).toBe(30_000);
  expect(retryAfterMs('Sun, 22 Nov 2026 19:00:00 GMT', NOW)).toBe(0);
  expect([retryAfterMs('soon', NOW), retryAfterMs(null, NOW)]).toEqual([null, null]);
  expect([seconds(1200), seconds(600_000)]).toEqual(['2 s', '10 minutes']);
});

test('[BA9] every trouble has a sentence of its own', () => {
  const faults: ModelFault[] = [
    { fault: 'noEndpoint' },
    { fault: 'badUrl' },
    { fault: 'gone', detail: 'ECONNREFUSED' },
    { fault: 'silent', seconds: 280 },
    { fault: 'key', status: 401 },
    { fault: 'noModel', model: 'small' },
    { fault: 'noModels' },
    { fault: 'busy', status: 429, retryAfterMs: null },
    { fault: 'busy', status: 429, retryAfterMs: 300_000 },
    { fault: 'full', detail: 'x' },
    { fault: 'noTools', model: 'small' },
    { fault: 'status', status: 500, detail: 'x' },
    { fault: 'broken' },
    { fault: 'notChat' },
    { fault: 'flood' },
    { fault: 'said', detail: 'x' },
  ];
  const sentences = faults.map((fault) => faultWords(fault, 'http://127.0.0.1:1/v1'));
  expect(new Set(sentences).size).toBe(faults.length);
});

test('what an endpoint says of itself is cut', () => {
  const fault = refusal(500, said('x'.repeat(10_000)));
  expect(fault.fault === 'status' && fault.detail.length).toBeLessThan(400);
});
