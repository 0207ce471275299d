// A screen on its way to a viewer, in parts: gathered until it is whole. Knows neither links nor
// what is in it.
import { concat } from '../protocol/bytes.ts';
import { SCREEN_DEFLATED_BYTES_MAX } from '../protocol/limits.ts';

export interface ScreenPart {
  readonly from: number;
  readonly data: Uint8Array;
  readonly more: boolean;
}

/** `whole` is all of a screen; 'torn' is a part that does not follow, or one too many. */
export type Gathered = { readonly whole: Uint8Array } | 'more to come' | 'torn';

export interface ScreenParts {
  readonly take: (part: ScreenPart) => Gathered;
  /** Another link: what was begun on the last one is not gone on with. */
  readonly forget: () => void;
}

export function openScreenParts(): ScreenParts {
  let parts: Uint8Array[] = [];
  let bytes = 0;

  function forget(): void {
    parts = [];
    bytes = 0;
  }

  return {
    /** [SF6] The first part of a screen takes the place of whatever had come of another. */
    take({ from, data, more }) {
      if (from === 0) forget();
      if (from !== bytes || bytes + data.length > SCREEN_DEFLATED_BYTES_MAX) {
        forget();
        return 'torn';
      }
      parts.push(data);
      bytes += data.length;
      if (more) return 'more to come';
      const whole = concat(...parts);
      forget();
      return { whole };
    },
    forget,
  };
}
