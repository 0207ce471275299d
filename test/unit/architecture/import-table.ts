// Which folder may import which, said once. The test reads the sources against it.

export type Folder =
  | 'protocol'
  | 'crypto'
  | 'peer'
  | 'crdt'
  | 'terminal'
  | 'agent'
  | 'session'
  | 'host'
  | 'cli'
  | 'ui'
  | 'signaling';

interface Law {
  /** Folders whose pure files this folder's pure files may import. */
  readonly pure: readonly Folder[];
  /** Folders whose pure files its rims may import besides their own folder's. */
  readonly rim: readonly Folder[];
  /** Folders whose rims it may import as well. */
  readonly rimsOf: readonly Folder[];
}

export const LAW: { readonly [F in Folder]: Law } = {
  protocol: { pure: [], rim: [], rimsOf: [] },
  crypto: { pure: ['protocol'], rim: ['protocol'], rimsOf: [] },
  peer: { pure: ['protocol', 'crypto'], rim: ['protocol', 'crypto'], rimsOf: [] },
  crdt: { pure: ['protocol', 'crypto'], rim: ['protocol'], rimsOf: [] },
  terminal: { pure: ['protocol'], rim: ['protocol'], rimsOf: [] },
  agent: { pure: ['protocol'], rim: ['protocol'], rimsOf: [] },
  session: {
    pure: ['protocol', 'crypto', 'peer', 'crdt', 'terminal', 'agent'],
    rim: [],
    rimsOf: [],
  },
  host: {
    pure: ['protocol', 'crypto', 'peer', 'crdt', 'terminal', 'agent', 'session', 'signaling'],
    rim: ['protocol', 'crypto', 'peer', 'crdt', 'terminal', 'agent', 'session', 'signaling'],
    rimsOf: ['crypto', 'peer', 'crdt', 'terminal', 'agent', 'signaling'],
  },
  cli: {
    pure: [
      'protocol',
      'crypto',
      'peer',
      'crdt',
      'terminal',
      'agent',
      'session',
      'signaling',
      'host',
    ],
    rim: [
      'protocol',
      'crypto',
      'peer',
      'crdt',
      'terminal',
      'agent',
      'session',
      'signaling',
      'host',
    ],
    rimsOf: ['crypto', 'peer', 'crdt', 'terminal', 'agent', 'signaling', 'host'],
  },
  ui: {
    pure: ['protocol', 'crypto', 'peer', 'crdt', 'terminal', 'agent', 'session'],
    rim: ['protocol', 'crypto', 'peer', 'crdt', 'terminal', 'agent', 'session'],
    rimsOf: ['crypto', 'peer', 'crdt'],
  },
  signaling: { pure: ['protocol', 'crypto'], rim: ['protocol', 'crypto'], rimsOf: [] },
};

/** Folders that run in one place only: all their files count as rims. */
export const ALL_RIM: readonly Folder[] = ['host', 'cli', 'ui'];

/** Rims that a page cannot load, by the end of their name. */
export const NODE_RIM = /(-node|store-files|lock|pty|shells|git-branch|emulator)\.ts$/;

/** The one file that may import each of these packages. */
export const SOLE_IMPORTER: Readonly<Record<string, RegExp>> = {
  'simple-peer': /^src\/peer\/webrtc(\.d)?\.ts$/,
  'node-datachannel': /^src\/peer\/webrtc-node\.ts$/,
  '@lydell/node-pty': /^src\/terminal\/pty\.ts$/,
};
