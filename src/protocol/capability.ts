// What a participant may do, and the sets people are offered. Who has what is for session/.
import * as v from 'valibot';

export const CAPABILITIES = [
  'view',
  'suggest',
  'draft',
  'run',
  'type',
  'prompt',
  'approve',
  'manage',
] as const;

export const Capability = v.picklist(CAPABILITIES);
export type Capability = v.InferOutput<typeof Capability>;

/** Capability → the wall time in ms at which it ends, or null for 'as long as the share'. */
export const Capabilities = v.record(
  Capability,
  v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))),
);
export type Capabilities = Partial<Record<Capability, number | null>>;

export const PRESETS = {
  viewer: ['view', 'suggest'],
  collaborator: ['view', 'suggest', 'draft', 'prompt'],
  editor: ['view', 'suggest', 'draft', 'prompt', 'run', 'type', 'approve'],
  cohost: ['view', 'suggest', 'draft', 'prompt', 'run', 'type', 'approve', 'manage'],
} as const satisfies Record<string, readonly Capability[]>;
export type Preset = keyof typeof PRESETS;

/** The capabilities of a list, all ending at `until` (ms since 1970; null = with the share). */
export function lasting(names: readonly Capability[], until: number | null): Capabilities {
  return Object.fromEntries(names.map((name) => [name, until]));
}
