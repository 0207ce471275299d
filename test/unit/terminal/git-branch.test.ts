import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gitBranch } from '../../../src/terminal/git-branch.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'meshell-git-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
function put(path: string, text: string) {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

test('[TM12] a folder deep in a repository is on its branch', async () => {
  put('repo/.git/HEAD', 'ref: refs/heads/feature/blocks\n');
  put('repo/a/b/file', '');
  expect(await gitBranch(join(root, 'repo/a/b'))).toBe('feature/blocks');
  expect(await gitBranch(join(root, 'repo'))).toBe('feature/blocks');
});

test('[TM12] a worktree has a branch of its own, a detached head its commit', async () => {
  put('repo/.git/worktrees/tree/HEAD', 'ref: refs/heads/other\n');
  put('tree/.git', `gitdir: ${join(root, 'repo/.git/worktrees/tree')}\n`);
  expect(await gitBranch(join(root, 'tree'))).toBe('other');
  put('repo/.git/HEAD', `${'0123456789'.repeat(4)}\n`);
  expect(await gitBranch(join(root, 'repo'))).toBe('0123456');
  put('sub/.git', 'gitdir: ../repo/.git/worktrees/tree\n');
  expect(await gitBranch(join(root, 'sub'))).toBe('other');
});

test('[TM12] no repository, no such folder and nonsense have none', async () => {
  expect(await gitBranch(join(root, 'gone'))).toBeNull();
  put('odd/.git/HEAD', 'nonsense\n');
  expect(await gitBranch(join(root, 'odd'))).toBeNull();
  put('lost/.git', 'gitdir: /no/such/place\n');
  expect(await gitBranch(join(root, 'lost'))).toBeNull();
});
