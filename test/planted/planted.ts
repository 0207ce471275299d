// What a planted fault is, and how it is put into a source. Reads and writes nothing.
import { err, ok, type Result } from '../../src/protocol/result.ts';
import { acpFaults } from './acp-faults.ts';
import { agentFaults } from './agent-faults.ts';
import { cryptoFaults } from './crypto-faults.ts';
import { hostFaults } from './host-faults.ts';
import { linkFaults } from './link-faults.ts';
import { replicaFaults } from './replica-faults.ts';
import { sessionFaults } from './session-faults.ts';
import { signalingFaults } from './signaling-faults.ts';
import { startingPointFaults } from './starting-point-faults.ts';
import { terminalFaults } from './terminal-faults.ts';
import { threadFaults } from './thread-faults.ts';

/** One text of one file in place of another. */
export interface Edit {
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A rule is broken on purpose; a test whose title cites it must turn red. */
export interface Planted {
  readonly rule: string;
  /** What the code then does. */
  readonly what: string;
  readonly edits: readonly Edit[];
  /** The files of the tests that must notice; one is enough. */
  readonly tests: readonly string[];
}

export const PLANTED: readonly Planted[] = [
  ...acpFaults,
  ...agentFaults,
  ...threadFaults,
  ...cryptoFaults,
  ...signalingFaults,
  ...linkFaults,
  ...sessionFaults,
  ...hostFaults,
  ...startingPointFaults,
  ...replicaFaults,
  ...terminalFaults,
];

export function withEdit(source: string, edit: Edit): Result<string, 'missing' | 'ambiguous'> {
  const at = source.indexOf(edit.find);
  if (at === -1) return err('missing');
  if (source.includes(edit.find, at + 1)) return err('ambiguous');
  return ok(source.slice(0, at) + edit.replace + source.slice(at + edit.find.length));
}
