// The signaling service introduces a session's people and learns nothing of them: what it held in
// memory, printed and carried is searched for everything that the session was about.
import { readFileSync, statSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { foundIn, foundInFile, foundMasked, plantedText, type Planted } from '../net/planted.ts';
import { dumpMemory, openWiretap, type Wiretap } from '../net/witness.ts';
import { launchChromium } from './stage/browser.ts';
import { endAll, newHome, startMeshell, textOf } from './stage/meshell-process.ts';
import { lacks } from './stage/needs.ts';
import { RTC_DESCRIPTIONS, WATCH_RTC } from './stage/rtc-watch.ts';
import { askToJoin, checkWords, isIn, sees, typeCode } from './stage/visitor.ts';

/** Words that nothing else on this computer has. */
const mark = (): string => crypto.randomUUID().replaceAll('-', '').slice(0, 20);
const NAMES = { alice: `Alice ${mark()}`, bob: `Bob ${mark()}`, carol: `Carol ${mark()}` };
const COMMAND = mark();
const OUTPUT = Array.from(COMMAND).toReversed().join('');
const TYPED = mark();
/** Sent through the service in the open: what is not sealed must be found. */
const UNSEALED = mark();
/** A link is `m1.` and the text of `invite 8 ‖ secret 16 ‖ session 16`. */
const SECRET = { from: 8, to: 24 };
const VIEWER = ['view', 'suggest'];
const EDITOR = [...VIEWER, 'draft', 'run', 'type'];

test('the search finds what is planted in every form, under a mask and across others', () => {
  const planted = plantedText('it', COMMAND);
  const text = Buffer.from(`before ${COMMAND} after`);
  const forms = [
    text,
    Buffer.from(text.toString('base64')),
    Buffer.from(text.subarray(1).toString('base64url')),
    Buffer.from(text.subarray(2).toString('base64url')),
    Buffer.from(text.toString('hex')),
    Buffer.from(text.toString(), 'utf16le'),
  ];
  for (const form of forms) {
    expect(foundIn(form, [planted])).toEqual(['it']);
    const masked = Buffer.from(form.map((byte, at) => byte ^ ([7, 99, 200, 13][at % 4] ?? 0)));
    expect(foundIn(masked, [planted])).toEqual([]);
    expect(foundMasked(masked, [planted])).toEqual(['it']);
  }
  expect(foundIn(text, [plantedText('another', OUTPUT)])).toEqual([]);
});

describe.skipIf(lacks('chromium', 'gdb', 'tcpdump'))('signaling in a process of its own', () => {
  const folder = newHome();
  let browser: Browser;
  let wiretap: Wiretap;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await endAll();
  });

  async function openPage(url: string): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(20_000);
    await page.addInitScript(WATCH_RTC);
    await page.goto(url);
    return page;
  }

  test('[SG9] [SG19] neither its memory nor its log nor its wire has anything of the session', async () => {
    const service = startMeshell(['signal', '--port', '0']);
    const port = await vi.waitFor(() => portIn(service.stderr()), { timeout: 20_000 });
    wiretap = await openWiretap(port, folder);
    const place = `127.0.0.1:${port}`;
    const flags = ['--json', '--headless', '--signal', `ws://${place}`, '--name', NAMES.alice];
    const alice = startMeshell(flags);
    const planted: Planted[] = [
      ...Object.entries(NAMES).map(([who, name]) => plantedText(`${who}'s name`, name)),
      plantedText('the command', COMMAND),
      plantedText('its output', OUTPUT),
      plantedText('typed keys', TYPED),
      plantedText("the sharer's folder", alice.home),
    ];
    const session = textOf(await alice.event('ready'), 'session');

    const invite = async (): Promise<{ link: string; code: string }> => {
      alice.say({ do: 'invite' });
      const made = await alice.event('invite');
      const [link, code] = [textOf(made, 'link'), textOf(made, 'code')];
      const bytes = Buffer.from(link.split('#m1.')[1] ?? '', 'base64url');
      planted.push(
        { name: 'a link’s secret', bytes: bytes.subarray(SECRET.from, SECRET.to) },
        plantedText('a code’s words', code.replace(/^\d+-/, '')),
        plantedText('a code', code),
      );
      return { link, code };
    };
    const letIn = async (page: Page, capabilities: readonly string[]): Promise<void> => {
      const knock = await alice.event('knock');
      const words = textOf(knock, 'words');
      expect(await checkWords(page)).toBe(words);
      planted.push(
        plantedText('check words', words),
        plantedText('a visitor’s key', textOf(knock, 'key')),
        { name: 'a visitor’s key', bytes: Buffer.from(textOf(knock, 'key'), 'base64url') },
      );
      alice.say({ do: 'admit', knock: textOf(knock, 'id'), capabilities });
      await isIn(page);
    };

    const byLink = await invite();
    expect(byLink.link).toContain(`http://${place}/#m1.`);
    const bob = await openPage(byLink.link);
    await askToJoin(bob, NAMES.bob);
    await letIn(bob, EDITOR);
    const carol = await openPage(`http://${place}/`);
    await typeCode(carol, (await invite()).code);
    await askToJoin(carol, NAMES.carol);
    await letIn(carol, VIEWER);

    await bob.getByRole('textbox', { name: 'Command' }).fill(`rev <<< ${COMMAND}; read -r answer`);
    await bob.keyboard.press('Enter');
    for (const page of [bob, carol]) await sees(page, OUTPUT);
    await bob.getByRole('textbox', { name: /^Type into the terminal/ }).focus();
    await bob.keyboard.type(TYPED);
    for (const page of [bob, carol]) await sees(page, TYPED);
    for (const page of [bob, carol]) planted.push(...plantedInIce(await descriptions(page)));
    await relayUnsealed(`ws://${place}/signal`, session);

    const memory = await dumpMemory(service.pid, folder);
    await wiretap.close();
    const wire = readFileSync(wiretap.path);
    const names = [...new Set(planted.map(({ name }) => name))];
    console.info(
      `${planted.length} planted (${names.join(', ')}); memory ${megabytes(statSync(memory).size)},` +
        ` wire ${megabytes(wire.length)}, log ${service.stderr().length} characters`,
    );

    // What must be there is looked for with what must not, so that nothing passes on an empty file.
    const open = [plantedText('the room', session), plantedText('what was not sealed', UNSEALED)];
    const there = open.map(({ name }) => name);
    const claim = plantedText('a request', '"type":"takeNameplate"');
    expect(new Set(foundInFile(memory, [...planted, ...open]))).toEqual(new Set(there));
    expect(new Set(foundIn(wire, [...planted, ...open]))).toEqual(new Set(there));
    expect(foundMasked(wire, [...planted, claim])).toEqual(['a request']);
    expect(service.stderr()).toContain(place);
    expect(foundIn(Buffer.from(service.stderr()), planted)).toEqual([]);
  });
});

function portIn(log: string): number {
  const port = /^Signaling runs at http:\/\/127\.0\.0\.1:(\d+)$/m.exec(log)?.[1];
  if (port === undefined) throw new Error(`no port yet: ${log}`);
  return Number(port);
}

async function descriptions(page: Page): Promise<string> {
  const all = await page.evaluate<string[]>(RTC_DESCRIPTIONS);
  expect(all.every((one) => one.startsWith('v=0'))).toBe(true);
  return all.join('\n');
}

/** Of both ends: how they prove themselves to each other, and where they are. */
function plantedInIce(sdp: string): Planted[] {
  const planted: Planted[] = [];
  for (const [line] of sdp.matchAll(/ice-ufrag:\S+/g)) planted.push(plantedText('a ufrag', line));
  for (const [, password = ''] of sdp.matchAll(/ice-pwd:(\S+)/g)) {
    planted.push(plantedText('an ICE password', password));
  }
  for (const [, print = ''] of sdp.matchAll(/fingerprint:sha-256 (\S+)/g)) {
    const bytes = Buffer.from(print.replaceAll(':', ''), 'hex');
    planted.push(plantedText('a fingerprint', print), { name: 'a fingerprint', bytes });
  }
  const candidates = [...sdp.matchAll(/candidate:\S+ \d udp \d+ (\S+) (\d+) typ/gi)];
  expect(candidates).not.toEqual([]);
  for (const [, address = '', udpPort = ''] of candidates) {
    planted.push(plantedText('a candidate', `${address} ${udpPort}`));
    if (!/^(?:127\.|::1)/.test(address)) planted.push(plantedText('an address', address));
  }
  return planted;
}

/** A visitor that does not seal what it sends. */
async function relayUnsealed(url: string, room: string): Promise<void> {
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'join', room })));
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      const channel = /"open","channel":"([\w-]+)"/.exec(text)?.[1];
      const body = Buffer.from(`in the open: ${UNSEALED}`).toString('base64url');
      if (channel !== undefined) socket.send(JSON.stringify({ type: 'relay', channel, body }));
      else if (text.includes('hungUp')) resolve();
    });
  });
  socket.close();
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
