// The one door to how xterm.js 6.0 draws: by itself in the browser's next frame, up to 16 ms
// later. Checked when opened, so that another version fails here and in plain words.
import type { Terminal } from '@xterm/xterm';

export interface Drawing {
  /** Draws what waits for the next frame; that frame then draws only what came since. */
  readonly now: () => void;
}

/** Of a terminal that is open in a page. */
export function drawingOf(terminal: Terminal): Drawing {
  const debouncer = partOf(terminal, ['_core', '_renderService', '_renderDebouncer']);
  const draw: unknown = isObject(debouncer) ? Reflect.get(debouncer, '_innerRefresh') : undefined;
  if (!isObject(debouncer) || typeof draw !== 'function') throw new Error(OTHER_VERSION);
  return {
    now() {
      const frame: unknown = Reflect.get(debouncer, '_animationFrame');
      if (typeof frame !== 'number') return; // nothing waits
      cancelAnimationFrame(frame);
      Reflect.apply(draw, debouncer, []);
    },
  };
}

const OTHER_VERSION =
  'meshell draws echoes by the inside of xterm.js 6.0, and this version looks different inside. ' +
  'Install @xterm/xterm in the version that package.json names.';

function partOf(root: unknown, path: readonly string[]): unknown {
  let part = root;
  for (const name of path) {
    if (!isObject(part)) return undefined;
    part = Reflect.get(part, name);
  }
  return part;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
