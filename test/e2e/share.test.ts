import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './stage/browser.ts';
import { lacks } from './stage/needs.ts';
import { endAll, startMeshell, textOf, type MeshellProcess } from './stage/meshell-process.ts';

/** One story, told in order: Alice shares, Bob and the others come. */
describe.skipIf(lacks('chromium'))('Alice shares her shell with Bob', () => {
  let browser: Browser;
  let alice: MeshellProcess;
  let app: Page;
  let bob: Page;
  let link: string;

  beforeAll(async () => {
    browser = await launchChromium();
    alice = startMeshell(['--json', '--headless', '--local', '--name', 'Alice']);
    const ready = await alice.event('ready');
    app = await (await browser.newContext()).newPage();
    await app.goto(textOf(ready, 'app'));
    await app.getByRole('textbox', { name: /command/i }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await endAll();
  });

  async function visit(url: string): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    await page.goto(url);
    return page;
  }

  /** In a finished block, not on the live screen. */
  function output(page: Page, text: string) {
    return page.getByRole('article').getByText(text, { exact: true });
  }

  async function introduce(page: Page, name: string): Promise<void> {
    await page.getByRole('textbox', { name: /name/i }).fill(name);
    await page.keyboard.press('Enter');
  }

  test('[AP2] the link that opened the app opens it once; its address keeps no token', async () => {
    expect(app.url()).not.toMatch(/token/);
    await app.reload();
    await app.getByRole('textbox', { name: /command/i }).waitFor();
  });

  test('a command in her own page becomes a block', async () => {
    const line = app.getByRole('textbox', { name: /command/i });
    await line.fill('echo first-$((1+1)); false');
    await line.press('Enter');
    await output(app, 'first-2').waitFor();
    await app.getByRole('article', { name: /^echo first.*1/ }).waitFor();
  });

  test('she makes an invite in the share dialog', async () => {
    await app.getByRole('button', { name: 'Share', exact: true }).click();
    const dialog = app.getByRole('dialog');
    await dialog.getByRole('radio', { name: /This computer/i }).check();
    await dialog.getByRole('radio', { name: /Nothing yet/ }).check();
    await dialog.getByRole('button', { name: 'Make an invite' }).click();
    await dialog.getByText(/meshell join \d{4}-[a-z]+-[a-z]+@127/).waitFor();
    link =
      (await dialog
        .getByText(/^http.*#m1\./)
        .first()
        .textContent()) ?? '';
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#m1\./);
    await app.keyboard.press('Escape');
  });

  test('Bob opens the link, gives his name, and reads the same four words as she', async () => {
    bob = await visit(link);
    expect(await bob.evaluate(() => location.hash)).toBe('');
    await introduce(bob, 'Bob');
    const knock = await alice.event('knock');
    for (const word of textOf(knock, 'words').split(' ')) {
      await bob.getByText(word, { exact: true }).first().waitFor();
      await app.getByText(word, { exact: true }).first().waitFor();
    }
  });

  test('a reload before admission goes on; a second person with the link is refused', async () => {
    await bob.reload();
    await alice.event('knock');
    const eve = await visit(link);
    await introduce(eve, 'Eve');
    await eve.getByText(/Someone else is using this invite/).waitFor();
    await app
      .getByText(/second person tried an invite/)
      .first()
      .waitFor();
    await eve.context().close();
  });

  test('she admits him from her page; he sees blocks from now on, and not before', async () => {
    await app.getByRole('button', { name: 'Admit as Viewer' }).click();
    await bob.getByRole('button', { name: 'Request edit access' }).waitFor();
    expect(new URL(bob.url()).pathname).toMatch(/^\/s\/[\w-]{22}$/);
    alice.say({ do: 'run', text: 'echo seen-$((20+2))' });
    await output(bob, 'seen-22').waitFor();
    expect(await bob.getByText('first-2').count()).toBe(0);
  });

  test('[AC6] he cannot run anything until she says so', async () => {
    expect(await bob.getByRole('textbox', { name: /command/i }).count()).toBe(0);
    await bob.getByRole('button', { name: 'Request edit access' }).click();
    await app
      .getByText(/Editor has your shell, with all your files and keys/)
      .first()
      .waitFor();
    await app
      .getByRole('button', { name: /^Allow/ })
      .first()
      .click();
    const line = bob.getByRole('textbox', { name: /command/i });
    await line.fill('echo by-bob-$((6*7))');
    await line.press('Enter');
    await output(app, 'by-bob-42').waitFor();
    await output(bob, 'by-bob-42').waitFor();
  });

  test('a reload brings him back by his key', async () => {
    await bob.reload();
    await output(bob, 'by-bob-42').waitFor();
    await bob.getByRole('textbox', { name: /command/i }).waitFor();
  });

  test('revoked he watches again; removed he reads why', async () => {
    const key = textOf(await alice.event('joined'), 'key');
    alice.say({ do: 'revoke', key });
    await bob.getByRole('button', { name: 'Request edit access' }).waitFor();
    expect(await bob.getByRole('textbox', { name: /command/i }).count()).toBe(0);
    alice.say({ do: 'remove', key });
    await bob.getByText('The sharer removed you from this share.').waitFor();
  });

  test('[IV8] the used link is told to have been used', async () => {
    // The listener lives while an invite or a participant does.
    alice.say({ do: 'invite' });
    await alice.event('invite');
    const late = await visit(link);
    await introduce(late, 'Late');
    await late.getByText('This invite has already been used. Ask for a new one.').waitFor();
  });

  test('a typed code on the page of the place; a wrong one is one sentence and another try', async () => {
    alice.say({ do: 'invite' });
    const invite = await alice.event('invite');
    const code = textOf(invite, 'code');
    const carol = await visit(textOf(invite, 'at'));
    const field = carol.getByRole('textbox', { name: /code or link/i });
    await field.fill(`${code.slice(0, 4)}-zebra-zoo`);
    await field.press('Enter');
    await introduce(carol, 'Carol');
    await carol.getByText('The code is not right. Check the words and try again.').waitFor();
    await carol
      .getByRole('button', { name: /again|another|try/i })
      .first()
      .click();
    await carol.getByRole('textbox', { name: /code or link/i }).fill(code);
    await carol.keyboard.press('Enter');
    const named = carol.getByRole('textbox', { name: /name/i });
    await named.waitFor();
    await named.fill('Carol');
    await carol.keyboard.press('Enter');
    const knock = await alice.event('knock');
    alice.say({ do: 'admit', knock: knock['id'] });
    await carol.getByRole('button', { name: 'Request edit access' }).waitFor();
    alice.say({ do: 'end' });
    await carol.getByText('The sharer has ended this share.').waitFor();
  });
});
