// How text is drawn: colours and attributes, as xterm.js packs them, as blocks keep them, and
// as the SGR parameters (ECMA-48 8.3.117) that bring them about.
import { rawExtended, type CoreExtended } from './xterm-core.ts';

/** 0 default; else a kind below in the upper byte, and a palette index or rgb in the lower three. */
export type Colour = number;
const KIND = 0x3000000;
const PALETTE_16 = 0x1000000;
const PALETTE_256 = 0x2000000;
const RGB = 0x3000000;

export interface Pen {
  readonly fg: Colour;
  readonly bg: Colour;
  /** The bits of StyleRun.flags. */
  readonly flags: number;
  /** 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed. */
  readonly underline: number;
  readonly underlineColour: Colour;
}

export const BOLD = 1;
export const DIM = 2;
export const ITALIC = 4;
export const UNDERLINE = 8;
const BLINK = 16;
export const INVERSE = 32;
export const HIDDEN = 64;
export const STRIKE = 128;
export const OVERLINE = 256;

export const DEFAULT_PEN: Pen = { fg: 0, bg: 0, flags: 0, underline: 0, underlineColour: 0 };

// The upper bits of a cell's fg and bg in xterm.js 6 (BufferLine, Constants).
const FG_INVERSE = 1 << 26;
const FG_BOLD = 1 << 27;
const FG_UNDERLINE = 1 << 28;
const FG_BLINK = 1 << 29;
const FG_HIDDEN = 1 << 30;
const FG_STRIKE = 1 << 31;
const BG_ITALIC = 1 << 26;
const BG_DIM = 1 << 27;
const BG_EXTENDED = 1 << 28;
const BG_PROTECTED = 1 << 29;
const BG_OVERLINE = 1 << 30;
/** As extended attributes have it. */
const UNDERLINE_SINGLE = 1 << 26;

/** The colour in a cell's fg or bg, without what an earlier colour left in unused bits. */
export function colourOf(packed: number): Colour {
  const kind = packed & KIND;
  if (kind === 0) return 0;
  return kind | (packed & (kind === RGB ? 0xffffff : 0xff));
}

export function hasExtended(bg: number): boolean {
  return (bg & BG_EXTENDED) !== 0;
}

export function isProtected(bg: number): boolean {
  return (bg & BG_PROTECTED) !== 0;
}

/** Whether a blank cell in these attributes is seen. */
export function showsOnBlank(fg: number, bg: number): boolean {
  return (
    (bg & KIND) !== 0 ||
    (fg & (FG_INVERSE | FG_UNDERLINE | FG_STRIKE)) !== 0 ||
    (bg & BG_OVERLINE) !== 0
  );
}

/** `extended` counts only where `bg` says that there is one. */
export function penOf(fg: number, bg: number, extended: CoreExtended | undefined): Pen {
  const extra = hasExtended(bg) ? extended : undefined;
  const raw = extra === undefined ? UNDERLINE_SINGLE : rawExtended(extra);
  const underline = (fg & FG_UNDERLINE) === 0 ? 0 : (raw >> 26) & 7;
  return {
    fg: colourOf(fg),
    bg: colourOf(bg),
    flags: flagsOf(fg, bg) | (underline === 0 ? 0 : UNDERLINE),
    underline,
    underlineColour: underline === 0 ? 0 : colourOf(raw),
  };
}

function flagsOf(fg: number, bg: number): number {
  if (((fg | bg) & ~0x3ffffff) === 0) return 0;
  return (
    ((fg & FG_BOLD) === 0 ? 0 : BOLD) |
    ((bg & BG_DIM) === 0 ? 0 : DIM) |
    ((bg & BG_ITALIC) === 0 ? 0 : ITALIC) |
    ((fg & FG_BLINK) === 0 ? 0 : BLINK) |
    ((fg & FG_INVERSE) === 0 ? 0 : INVERSE) |
    ((fg & FG_HIDDEN) === 0 ? 0 : HIDDEN) |
    ((fg & FG_STRIKE) === 0 ? 0 : STRIKE) |
    ((bg & BG_OVERLINE) === 0 ? 0 : OVERLINE)
  );
}

/** As StyleRun has it: -1 default, 0–255 palette, 0x1000000 + rgb. */
export function runColour(colour: Colour): number {
  if (colour === 0) return -1;
  return (colour & KIND) === RGB ? 0x1000000 + (colour & 0xffffff) : colour & 0xff;
}

export function samePen(a: Pen, b: Pen): boolean {
  return (
    a === b ||
    (a.fg === b.fg &&
      a.bg === b.bg &&
      a.flags === b.flags &&
      a.underline === b.underline &&
      a.underlineColour === b.underlineColour)
  );
}

const SWITCHED_ON: readonly (readonly [flag: number, parameter: string])[] = [
  [BOLD, '1'],
  [DIM, '2'],
  [ITALIC, '3'],
  [BLINK, '5'],
  [INVERSE, '7'],
  [HIDDEN, '8'],
  [STRIKE, '9'],
  [OVERLINE, '53'],
];

/** SGR parameters from one pen to another; '' where they are the same. '0' comes first or not at all. */
export function penChange(from: Pen, to: Pen): string {
  if (samePen(from, to)) return '';
  const lost =
    (from.flags & ~to.flags) !== 0 ||
    (from.underline !== 0 && to.underline === 0) ||
    (from.underlineColour !== 0 && to.underlineColour === 0);
  const parameters: string[] = lost ? ['0'] : [];
  const base = lost ? DEFAULT_PEN : from;
  for (const [flag, parameter] of SWITCHED_ON) {
    if ((to.flags & ~base.flags & flag) !== 0) parameters.push(parameter);
  }
  if (to.underline !== base.underline) {
    parameters.push(to.underline === 1 ? '4' : `4:${to.underline}`);
  }
  if (to.fg !== base.fg) parameters.push(colourParameter(to.fg, 30));
  if (to.bg !== base.bg) parameters.push(colourParameter(to.bg, 40));
  if (to.underlineColour !== base.underlineColour) {
    parameters.push(colourParameter(to.underlineColour, 50));
  }
  return parameters.join(';');
}

/** `base` is 30 for text, 40 for the ground, 50 for the underline. */
function colourParameter(colour: Colour, base: 30 | 40 | 50): string {
  const value = colour & 0xffffff;
  switch (colour & KIND) {
    case PALETTE_16:
      return base === 50 ? `58;5;${value}` : String(value < 8 ? base + value : base + 52 + value);
    case PALETTE_256:
      return `${base + 8};5;${value}`;
    case RGB:
      return `${base + 8};2;${value >> 16};${(value >> 8) & 255};${value & 255}`;
    default:
      return String(base + 9);
  }
}
