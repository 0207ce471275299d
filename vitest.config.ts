import { defineConfig } from 'vitest/config';

/** A soak tries thousands where a test run tries a hundred. */
const PATIENCE = process.env['MESHELL_SOAK'] === '1' ? 60 : 1;

export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: ['test/soak/setup.ts'],
          // Half of the time went into loading the same modules for each file again.
          isolate: false,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
          include: [
            'test/unit/**/*.test.ts',
            'test/contract/**/*.test.ts',
            'test/property/**/*.test.ts',
            'test/fuzz/**/*.test.ts',
            'test/vectors/**/*.test.ts',
            'test/sim/**/*.test.ts',
          ],
          // Only a hang ends here: on a busy computer the longest take ten times their time.
          testTimeout: 60_000 * PATIENCE,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 60_000 * PATIENCE,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
