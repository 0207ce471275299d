// How wide a character is. Sharer, terminal viewer and page load this one table: where two
// emulators disagree about a width, everything after it on the line drifts.
import { Unicode11Addon } from '@xterm/addon-unicode11/lib/addon-unicode11.mjs';

const WIDTHS_VERSION = '11';

/** What this needs of an xterm.js terminal, headless or in the page, with `allowProposedApi`. */
export interface WidthsTarget {
  readonly unicode: {
    readonly versions: readonly string[];
    activeVersion: string;
  };
  loadAddon(addon: Unicode11Addon): void;
}

export function useWidths(terminal: WidthsTarget): void {
  if (!terminal.unicode.versions.includes(WIDTHS_VERSION)) {
    terminal.loadAddon(new Unicode11Addon());
  }
  terminal.unicode.activeVersion = WIDTHS_VERSION;
}
