// What a set of capabilities is called, and the sets and end times people are offered.
// What anyone may really do is decided by the sharer; this only says it in words.
import {
  CAPABILITIES,
  PRESETS,
  lasting,
  type Capabilities,
  type Capability,
  type Preset,
} from '../../protocol/capability.ts';

import { unreachable } from '../../protocol/result.ts';

export const PRESET_WORDS = {
  viewer: { name: 'Viewer', says: 'Sees the session and may suggest.' },
  collaborator: { name: 'Collaborator', says: 'Also edits the input line and prompts agents.' },
  editor: { name: 'Editor', says: 'Has your shell, with all your files and keys.' },
  cohost: { name: 'Co-host', says: 'Editor, and invites, admits and removes others.' },
} as const satisfies Record<Preset, { name: string; says: string }>;

export const PRESET_NAMES: readonly Preset[] = ['viewer', 'collaborator', 'editor', 'cohost'];

export function capabilitiesOf(capabilities: Capabilities): readonly Capability[] {
  return CAPABILITIES.filter((name) => capabilities[name] !== undefined);
}

export function presetOf(names: readonly Capability[]): Preset | null {
  const found = PRESET_NAMES.find(
    (preset) =>
      PRESETS[preset].length === names.length &&
      PRESETS[preset].every((name) => names.includes(name)),
  );
  return found ?? null;
}

/** When the first of these capabilities ends, or null where none ends before the share. */
export function earliestEnd(capabilities: Capabilities): number | null {
  const ends = CAPABILITIES.map((name) => capabilities[name]).filter(
    (until) => typeof until === 'number',
  );
  return ends.length === 0 ? null : Math.min(...ends);
}

/** 'Editor', or 'Viewer and: run commands' where the set has no name of its own. */
export function accessName(capabilities: Capabilities): string {
  const names = capabilitiesOf(capabilities);
  if (names.length === 0) return 'No access';
  const preset = presetOf(names);
  if (preset !== null) return PRESET_WORDS[preset].name;
  const base = PRESET_NAMES.toReversed().find((name) =>
    PRESETS[name].every((capability) => names.includes(capability)),
  );
  if (base === undefined) return names.join(', ');
  const known: readonly Capability[] = PRESETS[base];
  const more = names.filter((name) => !known.includes(name));
  return `${PRESET_WORDS[base].name} + ${more.join(', ')}`;
}

export const LASTING = ['15min', '1h', 'share'] as const;
export type Lasting = (typeof LASTING)[number];
export const LASTING_WORDS = {
  '15min': '15 minutes',
  '1h': '1 hour',
  share: 'Until the share ends',
} as const satisfies Record<Lasting, string>;

function untilOf(choice: Lasting, nowMs: number): number | null {
  switch (choice) {
    case '15min':
      return nowMs + 15 * 60_000;
    case '1h':
      return nowMs + 60 * 60_000;
    case 'share':
      return null;
    default:
      return unreachable(choice);
  }
}

/** What lasts as long as the share stays so (seeing, suggesting); the rest ends when chosen. */
export function granted(
  names: readonly Capability[],
  choice: Lasting,
  nowMs: number,
): Capabilities {
  const until = untilOf(choice, nowMs);
  const base: readonly Capability[] = PRESETS.viewer;
  return {
    ...lasting(
      names.filter((name) => base.includes(name)),
      null,
    ),
    ...lasting(
      names.filter((name) => !base.includes(name)),
      until,
    ),
  };
}

/** What of a set `mine` may hand on: what it holds itself, and never `manage` unless it owns the share. */
export function grantable(mine: Capabilities, owner: boolean): readonly Capability[] {
  if (owner) return CAPABILITIES;
  return capabilitiesOf(mine).filter((name) => name !== 'manage');
}
