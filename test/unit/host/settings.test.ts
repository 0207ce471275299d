// What the settings file takes, and what it says of what it does not take.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSettingsFile } from '../../../src/host/settings.ts';
import { removeFolder } from '../../remove-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshell-settings-'));
});
afterEach(() => removeFolder(folder));

function read(text: string) {
  const file = join(folder, 'settings.json');
  writeFileSync(file, text);
  return readSettingsFile(file);
}

test.each([
  ['[]', []],
  ['[{"urls": "stun:example.org:3478"}]', [{ urls: 'stun:example.org:3478' }]],
  [
    '[{"urls": "turn:example.org?transport=tcp", "username": "a", "credential": "b@c"}]',
    [{ urls: 'turn:example.org?transport=tcp', username: 'a', credential: 'b@c' }],
  ],
])('[LK23] ice_servers takes %s', (text, value) => {
  expect(read(`{"ice_servers": ${text}}`)).toEqual({ ok: true, value: { ice_servers: value } });
});

test.each([
  '"stun:example.org"',
  '[{"urls": "http://example.org"}]',
  '[{"urls": "turn:example.org"}]',
  '[{"urls": "stun:a b"}]',
])('[CL28] ice_servers does not take %s, and says what it takes', (text) => {
  const settings = read(`{\n  "ice_servers": ${text}\n}`);
  expect(settings).toMatchObject({ ok: false });
  expect(JSON.stringify(settings)).toMatch(/line 2: “ice_servers” takes a list of/);
});
