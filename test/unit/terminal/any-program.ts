// A program that writes anything an emulator may get: text of all widths, and every sequence
// that the sanitizer lets through, in any order. The same for the same chance.

const WORDS = [
  'a',
  'xy',
  'hello',
  '漢',
  '漢字か',
  'e\u0301',
  '\u0301',
  'é',
  '👍',
  ' ',
  '   ',
  '─',
  'q',
  '~#',
];
const MODES = [
  1, 6, 9, 12, 25, 45, 47, 66, 1000, 1002, 1003, 1004, 1006, 1016, 1047, 1048, 1049, 2004,
];

export interface Chance {
  readonly random: () => number;
  readonly cols: number;
  readonly rows: number;
}

/** One thing that a program does. */
export function anyBytes({ random, cols, rows }: Chance): string {
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(list: readonly [T, ...T[]]): T => list[below(list.length)] ?? list[0];
  const row = (): number => 1 + below(rows + 1);
  const column = (): number => 1 + below(cols + 1);
  const csi = (text: string): string => `\u001b[${text}`;
  const word = (): string => WORDS[below(WORDS.length)] ?? '';
  const mode = (): number => MODES[below(MODES.length)] ?? 1;
  const colour = (): string =>
    pick(['31', '97', '38;5;3', '38;2;1;2;3', '44', '103', '48;5;200', '48;2;9;9;9', '39', '49']);
  const style = (): string =>
    pick([
      '0',
      '1',
      '2',
      '3',
      '4',
      '4:3',
      '21',
      '24',
      '5',
      '7',
      '8',
      '9',
      '53',
      '58;5;9',
      '22',
      '27',
    ]);
  return pick<() => string>([
    () => word(),
    () => word() + word() + word(),
    () => word().repeat(1 + below(cols)),
    () => '\r\n',
    () => pick(['\n', '\r', '\b', '\t', '\u000e', '\u000f', '\u0007', '\u000b']),
    () => csi(`${row()};${column()}H`),
    () => csi(`${1 + below(4)}${pick(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'd', 'e', 'a', '`'])}`),
    () => csi(`${pick([colour(), style()])}m`),
    () => csi(`${style()};${colour()};${colour()}m`),
    () => csi(`${pick(['', '1', '2'])}${pick(['J', 'K'])}`),
    () => csi(`?${pick(['', '1', '2'])}${pick(['J', 'K'])}`),
    () => csi(`${1 + below(4)}${pick(['L', 'M', 'S', 'T', '@', 'P', 'X', 'I', 'Z', 'b'])}`),
    () => csi(`${1 + below(4)}${pick([' @', ' A'])}`),
    () => (random() < 0.5 ? csi('r') : csi(`${row()};${row()}r`)),
    () => csi(`?${mode()}${pick(['h', 'l'])}`),
    () => csi(`${pick(['4', '20'])}${pick(['h', 'l', 'l'])}`),
    () => csi(`${pick(['0', '1"', '2"', '1 ', '4 ', '5 ']).replace('0', '0"')}q`),
    () => `\u001b${pick(['7', '8', 'D', 'E', 'M', 'H', '=', '>', 'n', 'o', '~', '}', '|'])}`,
    () => `\u001b${pick(['(', ')', '*', '+'])}${pick(['0', 'B', 'A', '4'])}`,
    () => csi(pick(['s', 'u', '0g', '3g', '!p', '3J'])),
    () => (random() < 0.1 ? pick(['\u001bc', '\u001b[?6l\u001b#8']) : word()),
    () => csi(pick(['6n', 'c', '?1$p', '>c'])),
  ])();
}
