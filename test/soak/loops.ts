// How often a long loop runs: reduced in every test run, full in `npm run soak`.

export const isSoak = process.env['MESHELL_SOAK'] === '1';

/** `npm run soak -- --part 4` runs a fourth of everything. */
const part = Number(process.env['MESHELL_SOAK_PART'] ?? 1);

export function loops(reduced: number, full: number): number {
  return isSoak ? Math.max(reduced, Math.ceil(full / part)) : reduced;
}
