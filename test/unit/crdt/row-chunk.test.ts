import { expect, test } from 'vitest';
import {
  CHUNK_BYTES_MAX,
  decodeRows,
  encodeRows,
  ROW_CHARS_MAX,
  rowBytes,
  utf8Length,
} from '../../../src/crdt/row-chunk.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { row, rows } from './cast.ts';

test('[FR10] a chunk has exactly this text', () => {
  const styled = { text: 'ok ✓', wrapped: true, runs: [{ length: 2, fg: 2, bg: -1, flags: 1 }] };
  expect(encodeRows([row('plain'), row(''), styled])).toEqual(['["plain","",["ok ✓",1,2,2,-1,1]]']);
});

test('[FR10] rows come back as they were, in chunks of at most 32 KiB', () => {
  const many = [...rows(2000, 80), row('日本語 🎉 "quoted" \\ \u0007 \ud800')];
  const chunks = encodeRows(many);
  expect(chunks.length).toBeGreaterThan(4);
  for (const chunk of chunks) expect(utf8(chunk).length).toBeLessThanOrEqual(CHUNK_BYTES_MAX);
  expect(chunks.flatMap((chunk) => decodeRows(chunk) ?? [])).toEqual(many);
  expect(many.reduce((sum, one) => sum + rowBytes(one), 0)).toBeGreaterThanOrEqual(
    chunks.reduce((sum, chunk) => sum + utf8(chunk).length - 1, 0),
  );
});

test('[FR10] a row too long is clipped, and never through a character', () => {
  const [chunk = ''] = encodeRows([row(`${'x'.repeat(ROW_CHARS_MAX - 1)}🎉 and on`)]);
  expect(decodeRows(chunk)).toEqual([row('x'.repeat(ROW_CHARS_MAX - 1))]);
});

test('[FR10] a text that is no chunk is null, whatever is wrong with it', () => {
  for (const text of [
    '',
    '{}',
    'null',
    '[1]',
    '[["x"]]',
    '[["x",2]]',
    '[["x",0,1]]',
    '[["x",0,1,2,3]]',
    '[["x",0,1,2,3,"4"]]',
    '[["x",0,-1,2,3,4]]',
    '[["x",0,1,-2,3,4]]',
    '[["x",0,1,2,99999999,4]]',
    '[["x",0,1,2,3,512]]',
    '[["x",0,1.5,2,3,4]]',
    `["${'x'.repeat(ROW_CHARS_MAX + 1)}"]`,
  ]) {
    expect(decodeRows(text), text).toBeNull();
  }
});

test('[FR10] the length in UTF-8 is counted right', () => {
  for (const text of ['', 'a', 'é', '日', '🎉', 'aé日🎉z']) {
    expect(utf8Length(text)).toBe(utf8(text).length);
  }
});
