// [KN2] What one is called beside the others: no two in a session have one name.
import type { PublicKey } from '../protocol/ids.ts';
import { NAME_CHARS_MAX } from '../protocol/limits.ts';
import type { SharerState } from './sharer-state.ts';

/** The name itself, or with a number behind it where someone else has it or knocks with it. */
export function distinctName(state: SharerState, key: PublicKey, name: string): string {
  const taken = new Set(
    [...state.profiles].flatMap(([k, profile]) => (k === key ? [] : [profile.name])),
  );
  for (const l of state.links.values()) {
    if (l.phase === 'knocking' && l.key !== key) taken.add(l.knock.name);
  }
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) {
    const numbered = withNumber(name, number);
    if (!taken.has(numbered)) return numbered;
  }
}

/** A long name gives way to its number. */
function withNumber(name: string, number: number): string {
  const behind = ` ${number}`;
  // A lone half of a character is none.
  const cut = name.slice(0, NAME_CHARS_MAX - behind.length).replace(/[\ud800-\udbff]$/, '');
  return `${cut.trimEnd()}${behind}`;
}
