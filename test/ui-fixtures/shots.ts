// Takes a picture of every scene, dark and light, wide and narrow, and fails on any console error
// or breach of the policy. Run: npx tsx test/ui-fixtures/shots.ts FOLDER [scene…]
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../e2e/stage/browser.ts';
import { openFixtureServer } from './fixture-server.ts';
import { everyScene, openScenePage, THEMES } from './scene-page.ts';

const [folder = join(tmpdir(), 'meshell-ui'), ...wanted] = process.argv.slice(2);

mkdirSync(folder, { recursive: true });
const server = await openFixtureServer();
const browser = await launchChromium();
let faults = 0;
for (const each of everyScene()) {
  const { name, size } = each;
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  try {
    const scene = await openScenePage(browser, server, each);
    for (const theme of THEMES) {
      await scene.show(theme);
      const path = join(folder, `${name}-${theme}-${size}.png`);
      await scene.page.screenshot({ path, caret: 'initial' });
    }
    await scene.close();
    for (const line of scene.told) fault(`${name} ${size}: ${line}`);
  } catch (cause) {
    fault(`${name} ${size}: ${String(cause)}`);
  }
}
await browser.close();
server.close();
console.error(faults === 0 ? 'every scene is clean' : `${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;

function fault(line: string): void {
  console.error(line);
  faults += 1;
}
