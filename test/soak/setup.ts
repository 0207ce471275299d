// Properties are tried far more often in a soak.
import { configureGlobal } from 'fast-check';
import { isSoak, loops } from './loops.ts';

/** fast-check's own default is 100. */
const SOAK_RUNS = 8000;

if (isSoak) configureGlobal({ numRuns: loops(100, SOAK_RUNS) });
