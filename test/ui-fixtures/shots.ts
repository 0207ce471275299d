// Takes a picture of every scene, dark and light, wide and narrow, under the strict headers the
// page is served with, and fails on any accessibility violation or console error.
// Run: npx tsx test/ui-fixtures/shots.ts FOLDER [scene…]
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { SCENES, type Press } from './scenes.ts';

const [folder = join(tmpdir(), 'meshell-ui'), ...wanted] = process.argv.slice(2);
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };
const THEMES = ['dark', 'light'] as const;
const CSP =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

mkdirSync(folder, { recursive: true });
const built = mkdtempSync(join(tmpdir(), 'meshell-fixtures-'));
await build({
  configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
  logLevel: 'warn',
  build: { outDir: built, emptyOutDir: true },
});
const server = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://x').pathname;
  const file = path === '/' ? '/index.html' : path;
  readFile(join(built, file)).then(
    (bytes) => {
      response.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': CSP,
      });
      response.end(bytes);
    },
    () => response.writeHead(204).end(),
  );
});
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
const address = server.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
let faults = 0;
for (const [name, scene] of Object.entries(SCENES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const theme of THEMES) {
      const context = await browser.newContext({
        viewport,
        colorScheme: theme,
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      page.setDefaultTimeout(8000);
      const told: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') told.push(message.text());
      });
      page.on('pageerror', (error) => told.push(error.message));
      await page.goto(`http://127.0.0.1:${port}/?scene=${name}`);
      await page.waitForLoadState('networkidle');
      for (const press of scene.press ?? []) await pressed(page, press);
      await page.waitForTimeout(scene.later === undefined ? 150 : 600);
      await page.screenshot({
        path: join(folder, `${name}-${theme}-${size}.png`),
        caret: 'initial',
      });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = [
        ...told,
        ...violations.map(
          (one) =>
            `${one.id}: ${one.help}\n    ${one.nodes
              .map(
                (node) =>
                  `${node.html.slice(0, 160)} ${node.any.map((check) => check.message).join('; ')}`,
              )
              .slice(0, 3)
              .join('\n    ')}`,
        ),
      ];
      for (const line of found) console.error(`${name} ${theme} ${size}: ${line}`);
      faults += found.length;
      await context.close();
    }
  }
}
await browser.close();
server.close();
console.error(faults === 0 ? 'every scene is clean' : `${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;

async function pressed(page: Page, press: Press): Promise<void> {
  if ('key' in press) await page.keyboard.press(press.key);
  else if ('fill' in press) await page.getByLabel(press.name).fill(press.fill);
  else {
    const target = page.getByRole(press.role, { name: press.name }).first();
    if (press.how === 'context')
      await target.click({ button: 'right', position: { x: 40, y: 16 } });
    else await target.click();
  }
}
