// npm start: makes the clone ready, then runs meshell with the arguments given.
import { prepare } from './prepare.mjs';

prepare({ build: true });
await import(new URL('../dist/cli.js', import.meta.url));
