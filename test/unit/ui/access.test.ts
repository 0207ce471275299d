import { expect, test } from 'vitest';
import { lasting, PRESETS } from '../../../src/protocol/capability.ts';
import {
  accessName,
  earliestEnd,
  grantable,
  granted,
  presetOf,
} from '../../../src/ui/model/access.ts';

const NOW = 1_700_000_000_000;

test('a set is called by its preset, else by the nearest one and what it has more', () => {
  expect(accessName(lasting(PRESETS.editor, null))).toBe('Editor');
  expect(accessName(lasting([...PRESETS.viewer, 'run'], null))).toBe('Viewer + run');
  expect(accessName(lasting(['view'], null))).toBe('view');
  expect(accessName({})).toBe('No access');
  expect(presetOf(['suggest', 'view'])).toBe('viewer');
});

test('Alice allows Bob Editor for 15 minutes: seeing outlasts it', () => {
  const given = granted(PRESETS.editor, '15min', NOW);
  expect(given.run).toBe(NOW + 15 * 60_000);
  expect(given.type).toBe(NOW + 15 * 60_000);
  expect(given.view).toBeNull();
  expect(earliestEnd(given)).toBe(NOW + 15 * 60_000);
  expect(earliestEnd(granted(PRESETS.editor, 'share', NOW))).toBeNull();
});

test('a co-host hands on what it holds, but never manage', () => {
  expect(grantable(lasting(PRESETS.cohost, null), false)).not.toContain('manage');
  expect(grantable(lasting(PRESETS.viewer, null), false)).toEqual(['view', 'suggest']);
  expect(grantable({}, true)).toContain('manage');
});
