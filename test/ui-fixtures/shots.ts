// Takes a picture of every scene, dark and light, wide and narrow, and fails on any accessibility
// violation, console error or breach of the policy.
// Run: npx tsx test/ui-fixtures/shots.ts FOLDER [scene…]
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../e2e/stage/browser.ts';
import { openFixtureServer } from './fixture-server.ts';
import { SCENES, type Press, type Scene } from './scenes.ts';

const [folder = join(tmpdir(), 'meshell-ui'), ...wanted] = process.argv.slice(2);
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };
const THEMES = ['dark', 'light'] as const;
/** For fonts, the lazy terminal and what a scene does later, to have settled. */
const SETTLED_MS = 200;
const SETTLED_LATER_MS = 700;

mkdirSync(folder, { recursive: true });
const server = await openFixtureServer();
const browser = await launchChromium();
let faults = 0;
for (const [name, scene] of Object.entries(SCENES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const size of scene.sizes ?? (['wide', 'narrow'] as const)) {
    for (const theme of THEMES) {
      const found = await look(browser, name, scene, size, theme).catch((error: unknown) => [
        String(error),
      ]);
      for (const line of found) console.error(`${name} ${theme} ${size}: ${line}`);
      faults += found.length;
    }
  }
}
await browser.close();
server.close();
console.error(faults === 0 ? 'every scene is clean' : `${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;

async function look(
  browser: Browser,
  name: string,
  scene: Scene,
  size: keyof typeof SIZES,
  theme: (typeof THEMES)[number],
): Promise<readonly string[]> {
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(8000);
    const told: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') told.push(message.text());
    });
    page.on('pageerror', (error) => told.push(error.message));
    await page.goto(server.url + name, { waitUntil: 'networkidle' });
    for (const press of scene.press ?? []) await pressed(page, press);
    await page.waitForTimeout(scene.later === undefined ? SETTLED_MS : SETTLED_LATER_MS);
    await page.screenshot({ path: join(folder, `${name}-${theme}-${size}.png`), caret: 'initial' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const breaches = violations.flatMap((one) =>
      one.nodes.map((node) => `${one.id}: ${one.help}: ${node.html.slice(0, 160)}`),
    );
    return [...told, ...breaches];
  } finally {
    await context.close();
  }
}

async function pressed(page: Page, press: Press): Promise<void> {
  if ('key' in press) return page.keyboard.press(press.key);
  if ('fill' in press) {
    const field = page.locator('input, textarea').and(page.getByLabel(press.name));
    return field.fill(press.fill);
  }
  const target = page.getByRole(press.role, { name: press.name }).first();
  if (press.how !== 'context') return target.click();
  return target.click({ button: 'right', position: { x: 40, y: 16 } });
}
