// A scene as a person meets it: opened in a real browser in one size, its presses done, settled.
import type { Browser, Page } from 'playwright-core';
import type { FixtureServer } from './fixture-server.ts';
import { SCENES, type Press, type Scene } from './scenes.ts';

export const SIZES = {
  wide: { width: 1280, height: 800 },
  narrow: { width: 390, height: 844 },
} as const;
export type Size = keyof typeof SIZES;
export const THEMES = ['dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

export interface ScenePage {
  readonly page: Page;
  /** Errors and warnings that the page's console was told, and what was thrown. */
  readonly told: readonly string[];
  readonly show: (theme: Theme) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Every scene with each size it can be met at. */
export function everyScene(): readonly { name: string; scene: Scene; size: Size }[] {
  return Object.entries(SCENES).flatMap(([name, scene]) =>
    (scene.sizes ?? (['wide', 'narrow'] as const)).map((size) => ({ name, scene, size })),
  );
}

export async function openScenePage(
  browser: Browser,
  server: FixtureServer,
  { name, scene, size }: { name: string; scene: Scene; size: Size },
): Promise<ScenePage> {
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  const close = (): Promise<void> => context.close();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const told: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') told.push(message.text());
    });
    page.on('pageerror', (error) => told.push(error.message));
    await page.goto(server.url + name, { waitUntil: 'networkidle' });
    for (const press of scene.press ?? []) await pressed(page, press);
    await settled(page);
    const show = async (theme: Theme): Promise<void> => {
      await page.emulateMedia({ colorScheme: theme });
      await settled(page);
    };
    return { page, told, show, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** What happens later has, fonts are there, and all of it is painted. */
async function settled(page: Page): Promise<void> {
  // As a function: a text would be evaluated by the page, whose policy forbids that.
  await page.waitForFunction(() => {
    const pretended: unknown = Reflect.get(globalThis, 'pretended');
    return typeof pretended === 'object' && pretended !== null && 'isSettled' in pretended
      ? pretended.isSettled === true
      : false;
  });
  await page.evaluate(`document.fonts.ready.then(() => new Promise((painted) => {
    requestAnimationFrame(() => requestAnimationFrame(() => painted(null)));
  }))`);
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
