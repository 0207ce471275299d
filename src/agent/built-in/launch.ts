// The two agents that come with meshell: what they are called and how they are started. Knows no
// process: who starts them says where Node and the command line lie.
import type { AgentCard } from '../../protocol/thread.ts';
import type { AgentLaunch } from '../agent-event.ts';

export const BUILT_IN_KINDS = ['demo', 'model'] as const;
export type BuiltInKind = (typeof BUILT_IN_KINDS)[number];

export const BUILT_IN: { readonly [K in BuiltInKind]: AgentCard } = {
  demo: { id: 'demo', name: 'Demo agent (no model)', kind: 'demo' },
  model: { id: 'local-model', name: 'Local model', kind: 'local-model' },
};

/** As in the settings. What is absent is looked for: the key is none, the model the first one. */
export interface ModelSettings {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  readonly name?: string | undefined;
}

/** The agent reads these and takes them from the environment of the commands it runs. */
export const MODEL_VARIABLES = {
  url: 'MESHELL_MODEL_URL',
  key: 'MESHELL_MODEL_KEY',
  name: 'MESHELL_MODEL_NAME',
} as const satisfies Record<keyof ModelSettings, string>;

export interface BuiltInPlace {
  /** Node's own path. */
  readonly node: string;
  /** The command line's: dist/cli.js. */
  readonly cli: string;
}

export function builtInLaunch(
  kind: BuiltInKind,
  place: BuiltInPlace,
  model: ModelSettings = {},
): Pick<AgentLaunch, 'command' | 'args' | 'env'> {
  const env: Record<string, string> = {};
  if (kind === 'model') {
    const { url, key, name } = model;
    if (url !== undefined) env[MODEL_VARIABLES.url] = url;
    if (key !== undefined) env[MODEL_VARIABLES.key] = key;
    if (name !== undefined) env[MODEL_VARIABLES.name] = name;
  }
  return { command: place.node, args: [place.cli, 'agent', kind], env };
}

export function modelSettings(env: Readonly<Record<string, string | undefined>>): ModelSettings {
  const said = (name: string): string | undefined => env[name]?.trim() || undefined;
  return {
    url: said(MODEL_VARIABLES.url),
    key: said(MODEL_VARIABLES.key),
    name: said(MODEL_VARIABLES.name),
  };
}
