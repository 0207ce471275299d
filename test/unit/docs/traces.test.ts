// What no committed file may hold: traces of one computer, markup made from text, dead links.
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { paths, texts } from './repository.ts';

/** Put together here, so that this file holds none of them. */
const TRACES: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a folder beside the repository', new RegExp(String.raw`\.\./` + 'shared')],
  ['a working folder', new RegExp('/' + String.raw`work/(?:main|shared)`)],
  ['a home folder', new RegExp('/' + String.raw`(?:root|Users)/\w`)],
  ['a job’s folder', /[b]ash_jobs/],
];
/** The public one is where everybody's packages come from. */
const HOSTS = /https?:\/\/([\w.-]+)(?::\d+)?\//g;

const committed = texts(/^(?!test\/corpus\/)/);

test.each(TRACES)('nothing names %s', (_, pattern) => {
  expect(committed.filter(({ text }) => pattern.test(text)).map(({ path }) => path)).toEqual([]);
});

test('packages are said to come from the public registry, or from nowhere', () => {
  const lock = committed.find(({ path }) => path === 'package-lock.json')?.text ?? '';
  const resolved = [...lock.matchAll(/"resolved": "([^"]+)"/g)].map(([, url = '']) => url);
  const hosts = resolved.flatMap((url) => [...url.matchAll(HOSTS)].map(([, host]) => host));
  expect(hosts.filter((host) => host !== 'registry.npmjs.org')).toEqual([]);
  const settings = committed.filter(({ path }) => /(?:^|\/)\.(?:npmrc|yarnrc)/.test(path));
  expect(settings.filter(({ text }) => /^(?:@.*:)?registry\s*=/m.test(text))).toEqual([]);
});

test('[SG16] no page makes markup from text', () => {
  const makers = /innerHTML|outerHTML|insertAdjacentHTML|document\.write\(|new Function|\beval\(/;
  const pages = committed.filter(({ path }) => /^(?:src\/|index\.html)/.test(path));
  expect(pages.length).toBeGreaterThan(100);
  expect(pages.filter(({ text }) => makers.test(text)).map(({ path }) => path)).toEqual([]);
});

test('links between documents lead to files', () => {
  const known = new Set(paths());
  const folders = new Set([...known].flatMap((path) => ancestors(path)));
  const dead = committed
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].flatMap(([, to = '']) => {
        const target = join(dirname(path), to).replace(/\/$/, '');
        return known.has(target) || folders.has(target) ? [] : [`${path}: ${to}`];
      }),
    );
  expect(dead).toEqual([]);
});

function ancestors(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...ancestors(folder)];
}
