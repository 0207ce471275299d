// How often a long loop runs: reduced in every test run, full in `npm run soak`.

export const isSoak = process.env['MESHELL_SOAK'] === '1';

export function loops(reduced: number, full: number): number {
  return isSoak ? full : reduced;
}
