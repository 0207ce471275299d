// The sharer's process is killed and started again: who was there comes back by itself.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './stage/browser.ts';
import {
  endAll,
  newHome,
  startMeshell,
  textOf,
  type Line,
  type MeshellProcess,
} from './stage/meshell-process.ts';
import { lacks } from './stage/needs.ts';
import { askToJoin } from './stage/visitor.ts';

/** From the sharer's 'ready' to a viewer's live screen, in ms. */
const BACK_WITHIN_MS = 10_000;
const SHARE = ['--json', '--headless', '--local', '--name', 'Alice'];

describe.skipIf(lacks('chromium'))(
  'Alice’s process is killed while Bob and Carol are there',
  () => {
    const home = newHome();
    let browser: Browser;
    let alice: MeshellProcess;
    let bob: Page;
    let carol: MeshellProcess;
    let bobsLink: string;
    let app: URL;
    let session: string;

    beforeAll(async () => {
      browser = await launchChromium();
      alice = startMeshell(SHARE, { home });
      const ready = await alice.event('ready');
      app = new URL(textOf(ready, 'app'));
      session = textOf(ready, 'session');
    });
    afterAll(async () => {
      await browser?.close();
      await endAll();
    });

    async function invite(): Promise<string> {
      alice.say({ do: 'invite', start: { from: 'all' } });
      return textOf(await alice.event('invite'), 'link');
    }

    async function admit(capabilities: readonly string[]): Promise<void> {
      const knock = await alice.event('knock');
      alice.say({ do: 'admit', knock: knock['id'], capabilities });
    }

    function ended(number: number): (line: Line) => boolean {
      return (line) =>
        line['event'] === 'block' && line['number'] === number && line['state'] !== 'running';
    }

    test('five blocks are over and a sixth runs', async () => {
      bobsLink = await invite();
      bob = await (await browser.newContext()).newPage();
      await bob.goto(bobsLink);
      await askToJoin(bob, 'Bob');
      await admit(['view', 'suggest']);
      await bob.getByRole('button', { name: 'Request edit access' }).waitFor();
      carol = startMeshell(['join', '--json', '--name', 'Carol', await invite()]);
      await admit(['view', 'run', 'type']);
      await carol.event('admitted');
      alice.say({ do: 'run', text: 'mkdir deep; cd deep' });
      await carol.next(ended(1));
      for (let n = 2; n <= 5; n++) {
        alice.say({ do: 'run', text: `echo block-$((${n} * 11))` });
        expect(await carol.next(ended(n))).toMatchObject({ exit: 0, text: [`block-${n * 11}`] });
      }
      alice.say({ do: 'run', text: 'seq 60; echo still-$((3 * 3)); sleep 1000' });
      await bob.getByText('still-9').first().waitFor();
      // What was shown a moment ago may not be on the disk yet; what is in the replica is.
      await carol.next((line) => line['event'] === 'block' && line['number'] === 6);
    });

    test('both are live again within ten seconds, untouched', async () => {
      await alice.kill('SIGKILL');
      await carol.event('away');
      alice = startMeshell(SHARE, { home });
      const ready = await alice.event('ready');
      const from = performance.now();
      await carol.event('admitted', BACK_WITHIN_MS);
      await bob.getByText(/^Direct(?: · \d+ ms)?$/).waitFor({ timeout: BACK_WITHIN_MS });
      expect(performance.now() - from).toBeLessThan(BACK_WITHIN_MS);
      expect(textOf(ready, 'session')).toBe(session);
      expect(new URL(textOf(ready, 'app')).port).toBe(app.port);
    });

    test('the open block says that it was interrupted, the five are as they were', async () => {
      expect(await carol.next(ended(6))).toMatchObject({ state: 'interrupted', exit: null });
      const open = bob.getByRole('article', { name: /^seq 60/ });
      await open.getByText(/interrupted/i).waitFor();
      for (let n = 2; n <= 5; n++) {
        await bob
          .getByText(`block-${n * 11}`, { exact: true })
          .first()
          .waitFor({ state: 'attached' });
      }
    });

    test('Carol’s grant holds, and the next block has the next number and the same directory', async () => {
      carol.say({ do: 'run', text: 'echo again-$((6 * 7)) ${PWD##*/}' });
      expect(await carol.next(ended(7))).toMatchObject({
        state: 'done',
        exit: 0,
        text: ['again-42 deep'],
      });
      await bob.getByText('again-42 deep', { exact: true }).first().waitFor();
    });

    test('Bob’s grant is no more than it was, and both stand in the list', async () => {
      expect(await bob.getByRole('textbox', { name: /command/i }).count()).toBe(0);
      await bob
        .getByRole('button', { name: /participants|people/i })
        .first()
        .click();
      const people = bob.getByRole('complementary', { name: 'Participants' });
      for (const name of ['Alice', 'Bob', 'Carol']) {
        await people.getByText(name, { exact: false }).first().waitFor();
      }
    });

    test('[IV8] the used link stays used', async () => {
      const late = await (await browser.newContext()).newPage();
      await late.goto(bobsLink);
      await askToJoin(late, 'Late');
      await late.getByText('This invite has already been used. Ask for a new one.').waitFor();
    });

    test('killed twice more, between two commands: everyone comes back each time', async () => {
      for (let n = 8; n <= 9; n++) {
        await alice.kill('SIGKILL');
        await carol.event('away');
        alice = startMeshell(SHARE, { home });
        await alice.event('ready');
        await carol.event('admitted', BACK_WITHIN_MS);
        carol.say({ do: 'run', text: `echo round-$((${n} * 100))` });
        expect(await carol.next(ended(n))).toMatchObject({ text: [`round-${n * 100}`] });
        await bob
          .getByText(`round-${n * 100}`, { exact: true })
          .first()
          .waitFor();
      }
    });
  },
);
