// Tests that are told of each shell; one that this computer lacks is skipped with its reason.
import { describe } from 'vitest';
import { lacks, type Need } from './needs.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type ShellName = (typeof SHELLS)[number];

export function describeInEachShell(
  what: string,
  needs: readonly Need[],
  tests: (shell: ShellName) => void,
): void {
  for (const shell of SHELLS) {
    describe.skipIf(lacks(shell, ...needs))(`${what}, in ${shell}`, () => tests(shell));
  }
}
