import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importsOf, violations, type Source } from './imports.ts';

const root = new URL('../../../', import.meta.url).pathname;

function sourcesIn(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => {
      const path = `${folder}/${name.replaceAll('\\', '/')}`;
      return { path, text: readFileSync(join(root, path), 'utf8') };
    });
}

/** The one list of rims: what the pure part's own tsconfig leaves out. */
function rims(): Set<string> {
  const text = readFileSync(join(root, 'tsconfig.pure.json'), 'utf8');
  const exclude = /"exclude":\s*\[([^\]]*)\]/.exec(text)?.[1] ?? '';
  const named = [...exclude.matchAll(/"([^"]+)"/g)].flatMap((m) =>
    m[1] === undefined ? [] : [m[1]],
  );
  return new Set(named);
}

const sources = [...sourcesIn('src'), ...sourcesIn('signaling')];

test('[AR1] every import obeys the table', () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(violations(sources, rims())).toEqual([]);
});

test('[AR2] every rim that is named exists', () => {
  const paths = new Set(sources.map((s) => s.path));
  expect([...rims()].filter((path) => !paths.has(path))).toEqual([]);
});

test('[AR1] planted violations are found', () => {
  const planted: Source[] = [
    { path: 'src/protocol/x.ts', text: `import { a } from '../session/sharer.ts';` },
    { path: 'src/session/x.ts', text: `import { open } from '../terminal/pty.ts';` },
    { path: 'src/session/y.ts', text: `const fs = await import('node:fs');` },
    { path: 'src/ui/x.ts', text: `import { start } from '../host/app.ts';` },
    { path: 'src/ui/y.ts', text: `import { openFiles } from '../crdt/store-files.ts';` },
    { path: 'src/host/x.ts', text: `import Peer from 'simple-peer';` },
    { path: 'src/cli/ok.ts', text: `// import '../ui/x.ts' in a comment is none` },
  ];
  expect(violations(planted, rims())).toHaveLength(6);
});

test('[AR3] no frame can leave over the signaling socket: what speaks to it knows no links', () => {
  for (const source of sources) {
    const talks = /src\/peer\/signal-|^signaling\//.test(source.path);
    if (!talks) continue;
    const named = importsOf(source.text).join(' ');
    expect(named, source.path).not.toMatch(/message\.ts|\/link\.ts|\/wire\.ts|\/crdt\//);
  }
});
