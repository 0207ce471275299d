// The input line's memory: what Up and Down bring back. Knows nothing of where it is shown.

export interface InputHistory {
  /** Oldest first. */
  readonly entries: readonly string[];
  /** What was being typed before Up, and how far back one has gone (1 = the newest). */
  readonly browsing: { readonly back: number; readonly typed: string } | null;
}

/** Further back than this nobody presses Up. */
const HISTORY_MAX = 500;

export const EMPTY_HISTORY: InputHistory = { entries: [], browsing: null };

export function remembered(history: InputHistory, text: string): InputHistory {
  if (text.trim() === '' || history.entries.at(-1) === text) {
    return { entries: history.entries, browsing: null };
  }
  return { entries: [...history.entries, text].slice(-HISTORY_MAX), browsing: null };
}

/** One step back (or forth) from `text`; null where there is nothing there. */
export function stepped(
  history: InputHistory,
  text: string,
  direction: 'older' | 'newer',
): readonly [InputHistory, string] | null {
  const { entries, browsing } = history;
  const back = (browsing?.back ?? 0) + (direction === 'older' ? 1 : -1);
  const typed = browsing?.typed ?? text;
  if (back < 0 || back > entries.length) return null;
  if (back === 0) return [{ entries, browsing: null }, typed];
  const entry = entries[entries.length - back];
  return entry === undefined ? null : [{ entries, browsing: { back, typed } }, entry];
}
