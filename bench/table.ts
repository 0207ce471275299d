// The numbers of a run: as a table for people, as JSON for programs. Judges nothing.
export interface Measured {
  /** What was measured, and at what. */
  readonly what: string;
  readonly subject: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | 'MB' | 'KB' | '%' | '';
  /** The same of the floor in the same run. */
  readonly floor?: number;
  /** What the design wants to reach, on two idle cores. */
  readonly reach?: string;
}

export interface Table {
  readonly add: (measured: Measured) => void;
  readonly all: () => readonly Measured[];
}

const WIDTHS = [48, 18, 12, 10] as const;

/** Each number is printed as soon as there is one. */
export function openTable(print: (line: string) => void): Table {
  const all: Measured[] = [];
  const row = (cells: readonly string[]): void =>
    print(
      cells
        .map((cell, i) => cell.padEnd(WIDTHS[i] ?? 0))
        .join(' ')
        .trimEnd(),
    );
  row(['what', 'subject', 'value', '× floor', 'to reach']);
  return {
    add(measured) {
      all.push(measured);
      const { what, subject, value, unit, floor, reach = '' } = measured;
      const times = floor === undefined ? '' : (value / floor).toFixed(1);
      row([what, subject, `${digits(value)} ${unit}`, times, reach]);
    },
    all: () => all,
  };
}

function digits(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

/** `share` of the values are at most this. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
