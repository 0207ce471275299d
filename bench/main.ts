// npm run bench: measures what the design wants to reach, each beside a floor or a peer of the
// same run, and prints it. Numbers are for people: no time ever passes or fails anything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { joining, pageWeight } from './arriving.ts';
import { openCrew, type Crew } from './crew.ts';
import { crowd } from './crowd.ts';
import { idling } from './idling.ts';
import { openTable } from './table.ts';
import { threads } from './threads.ts';
import { typing } from './typing.ts';

const HELP = `npm run bench -- [--quick] [--peers] [--json PATH] [NAME…]

  echo        key to echo: bare pty, terminal viewer, Chromium
  bulk        seq 1 2000000 until its end shows
  interrupt   Ctrl-C under yes until the prompt shows
  ten         ten viewers of the same flood
  stalled     Ctrl-C with ten viewers, one of them stopped
  join        admitted to live screen, with and without history
  threads     five agents that stream 75 tokens a second each, and one viewer
  idle        the sharer with nothing to do
  page        what the page weighs before the first screen
  emulator, link, replica   parts on their own

  --quick     a tenth of the rounds
  --peers     also the peers that are installed: tmux
  --json      the numbers also into this file
MESHELL_CLI=PATH measures another build than dist/cli.js.
`;

const PARTS = ['emulator', 'link', 'replica'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const wanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name);

async function run(crew: Crew): Promise<void> {
  if (['echo', 'bulk', 'interrupt'].some(wanted)) await typing(crew, wanted);
  if (['ten', 'stalled'].some(wanted)) await crowd(crew, wanted);
  if (wanted('join')) await joining(crew);
  if (wanted('threads')) await threads(crew);
  if (wanted('idle')) await idling(crew);
  if (wanted('page')) await pageWeight(crew);
  for (const part of PARTS) if (wanted(part)) await onItsOwn(part);
}

/** Parts print their own lines. */
async function onItsOwn(part: string): Promise<void> {
  const path = fileURLToPath(new URL(`./${part}.ts`, import.meta.url));
  if (!existsSync(path)) return;
  print(`\n${part}`);
  await once(spawn(process.execPath, [...process.execArgv, path], { stdio: 'inherit' }), 'exit');
}

if (values.help) process.stdout.write(HELP);
else {
  const computer = {
    node: process.version,
    kernel: release(),
    cores: cpus().length,
    processor: cpus()[0]?.model ?? '',
    /** What others had it do in the minute before. */
    load: loadavg()[0] ?? 0,
    at: new Date().toISOString(),
  };
  const { cores, processor, node, kernel, load } = computer;
  print(`${cores} × ${processor}, Node ${node}, ${kernel}, load ${load.toFixed(1)}\n`);
  const table = openTable(print);
  const crew = openCrew({ table, quick: values.quick, peers: values.peers, note: print });
  try {
    await run(crew);
  } finally {
    await crew.close();
    if (values.json !== undefined) {
      writeFileSync(
        values.json,
        `${JSON.stringify({ computer, numbers: table.all() }, null, 2)}\n`,
      );
    }
  }
  process.exit(0);
}
