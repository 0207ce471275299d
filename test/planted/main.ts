// npm run planted: breaks each security rule on purpose, in a copy of the tree, and expects a test
// that cites the rule to turn red. A fault that no test notices fails the run.
// `npm run planted -- SP AP1` plants only those rules.
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { PLANTED, withEdit, type Planted } from './planted.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COPIED = ['src', 'signaling', 'test', 'docs', 'package.json', 'vitest.config.ts'];
const CONFIGS = ['tsconfig.json', 'tsconfig.base.json', 'tsconfig.pure.json'];
/** A test that hangs on a planted fault has noticed it, but may not hold up the run. */
const RUN_MS = 120_000;
/** All of them at once, with nothing planted, on a busy computer. */
const UNPLANTED_MS = 20 * 60_000;
/** One red test says it; and there are as many runs at a time as there are cores. */
const PLANTED_RUN = { options: ['--bail', '1', '--maxWorkers', '1'], withinMs: RUN_MS };
/** More would make timing tests slow, and those red for another reason. */
const WORKERS_MAX = 4;

const Report = v.object({
  testResults: v.array(
    v.object({
      message: v.string(),
      assertionResults: v.array(
        v.object({
          fullName: v.string(),
          status: v.string(),
          failureMessages: v.optional(v.array(v.string()), []),
        }),
      ),
    }),
  ),
});

/** Of the tests that cite the rule: whether one ran, and the first that failed. */
type Outcome =
  | { readonly colour: 'red'; readonly test: string; readonly why: string }
  | { readonly colour: 'green' }
  /** No test of this rule ran, or none could: the fault broke more than the rule. */
  | { readonly colour: 'none'; readonly why: string };

interface Copy {
  readonly folder: string;
  readonly remove: () => void;
}

function openCopy(): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'meshell-planted-'));
  for (const name of [...COPIED, ...CONFIGS]) {
    if (existsSync(join(ROOT, name)))
      cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Puts the fault in; what is returned takes it out again. */
function plant(folder: string, planted: Planted): () => void {
  const before = new Map<string, string>();
  for (const edit of planted.edits) {
    const path = join(folder, edit.file);
    const source = readFileSync(path, 'utf8');
    const edited = withEdit(source, edit);
    if (!edited.ok)
      throw new Error(`${planted.rule}, ${planted.what}: ${edited.fault}: ${edit.find}`);
    if (!before.has(path)) before.set(path, source);
    writeFileSync(path, edited.value);
  }
  return () => {
    for (const [path, source] of before) writeFileSync(path, source);
  };
}

/** Runs these tests, those alone whose names match; null where they came to no end. */
async function runTests(
  folder: string,
  tests: readonly string[],
  names: string,
  { options, withinMs }: { readonly options: readonly string[]; readonly withinMs: number },
) {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const args = ['run', '--project', 'unit', '--project', 'integration', ...options, ...tests];
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const reporting = ['--reporter', 'json', '--outputFile', report];
  await new Promise<void>((done) => {
    const run = spawn(process.execPath, [vitest, ...args, '-t', names, ...reporting], {
      cwd: folder,
      stdio: 'ignore',
    });
    const giveUp = setTimeout(() => run.kill('SIGKILL'), withinMs);
    run.on('close', () => {
      clearTimeout(giveUp);
      done();
    });
  });
  if (!existsSync(report)) return null;
  return v.parse(Report, JSON.parse(readFileSync(report, 'utf8')));
}

async function outcome(folder: string, { rule, tests }: Planted): Promise<Outcome> {
  const report = await runTests(folder, tests, `\\[${rule}\\]`, PLANTED_RUN);
  return report === null
    ? { colour: 'none', why: 'the tests came to no end' }
    : outcomeOf(report, rule);
}

/** Of each rule, how its tests are while nothing is planted. */
async function unplanted(faults: readonly Planted[]): Promise<ReadonlyMap<string, Outcome>> {
  const copy = openCopy();
  try {
    const tests = [...new Set(faults.flatMap((planted) => planted.tests))];
    const report = await runTests(copy.folder, tests, '\\[[A-Z]{2}\\d+\\]', {
      options: [],
      withinMs: UNPLANTED_MS,
    });
    const ended: Outcome = { colour: 'none', why: 'the tests came to no end' };
    return new Map(
      faults.map(({ rule }) => [rule, report === null ? ended : outcomeOf(report, rule)]),
    );
  } finally {
    copy.remove();
  }
}

function outcomeOf(report: v.InferOutput<typeof Report>, rule: string): Outcome {
  const cited = report.testResults
    .flatMap((file) => file.assertionResults)
    .filter((test) => test.fullName.includes(`[${rule}]`));
  const failed = cited.find((test) => test.status === 'failed');
  if (failed !== undefined) {
    const why = failed.failureMessages.join('\n');
    return { colour: 'red', test: failed.fullName, why };
  }
  if (cited.some((test) => test.status === 'passed')) return { colour: 'green' };
  const broken = report.testResults.find((file) => file.message !== '');
  return { colour: 'none', why: broken?.message.split('\n')[0] ?? 'no test of this rule' };
}

function isAsked(planted: Planted, wanted: readonly string[]): boolean {
  const letters = planted.rule.slice(0, 2);
  return wanted.length === 0 || wanted.some((one) => one === planted.rule || one === letters);
}

/** The outcomes in the order of `work`, `workers` at a time, each in a copy of its own. */
async function inCopies<T, R>(
  work: readonly T[],
  workers: number,
  run: (copy: Copy, one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    const copy = openCopy();
    try {
      while (next < work.length) {
        const at = next++;
        const one = work[at];
        if (one !== undefined) results[at] = await run(copy, one);
      }
    } finally {
      copy.remove();
    }
  }
  await Promise.all(Array.from({ length: workers }, worker));
  return results;
}

const wanted = process.argv.slice(2);
const faults = PLANTED.filter((planted) => isAsked(planted, wanted));
const workers = Math.min(WORKERS_MAX, availableParallelism(), faults.length);
const begun = performance.now();

// A red test says nothing if it is red anyway.
const doubtful = [...(await unplanted(faults))].flatMap(([rule, found]) =>
  found.colour === 'green' ? [] : [{ rule, found }],
);
for (const { rule, found } of doubtful) {
  const test = found.colour === 'red' ? `${found.test}\n` : '';
  console.log(`${rule}: its tests are not green to begin with: ${test}${found.why}`);
}

const outcomes = await inCopies(faults, workers, async (copy, planted) => {
  const takeOut = plant(copy.folder, planted);
  const found = await outcome(copy.folder, planted);
  takeOut();
  const noticed = found.colour === 'red' ? found.test : '';
  const colour = found.colour === 'none' ? `none (${found.why})` : found.colour;
  console.log(
    `${planted.rule.padEnd(5)}${colour.padEnd(6)} ${planted.what}\n           ${noticed}`,
  );
  return found.colour === 'red';
});

const red = outcomes.filter((isRed) => isRed).length;
const seconds = Math.round((performance.now() - begun) / 1000);
console.log(`${faults.length} planted, ${red} red (${seconds} s)`);
process.exit(red === faults.length && doubtful.length === 0 ? 0 : 1);
