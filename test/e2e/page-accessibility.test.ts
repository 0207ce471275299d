// Every state of the page that a person can meet, looked through for what keeps people out:
// names, roles, contrast, order; dark and light, on a screen and on a phone.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFixtureServer, type FixtureServer } from '../ui-fixtures/fixture-server.ts';
import {
  everyScene,
  openScenePage,
  THEMES,
  type ScenePage,
  type Theme,
} from '../ui-fixtures/scene-page.ts';
import { launchChromium } from './stage/browser.ts';
import { lacks } from './stage/needs.ts';

/** Of an element's text, enough to find it by. */
const SHOWN_CHARACTERS = 160;

/** Names, roles and order are the same in the light: there only its colours are looked at. */
async function breaches({ page }: ScenePage, theme: Theme): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    // The page has no frames: nothing is gained by a second page for each look.
    .setLegacyMode(true);
  const { violations } = await (
    theme === 'light' ? axe.withRules(['color-contrast']) : axe
  ).analyze();
  return violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${one.help}: ${node.html.slice(0, SHOWN_CHARACTERS)}`),
  );
}

describe.skipIf(lacks('chromium'))('nobody is kept out', () => {
  let server: FixtureServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await openFixtureServer();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test.each(everyScene())('of $name, $size', async (each) => {
    const scene = await openScenePage(browser, server, each);
    try {
      for (const theme of THEMES) {
        await scene.show(theme);
        expect(await breaches(scene, theme), theme).toEqual([]);
      }
      expect(scene.told).toEqual([]);
    } finally {
      await scene.close();
    }
  });
});
