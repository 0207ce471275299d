// One suite for every socket there is: what goes in comes out, in order, also what came early;
// the end is told once, to those who ask late as well.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket as NodeWebSocket, WebSocketServer, type WebSocket } from 'ws';
import * as page from '../../../src/peer/socket-browser.ts';
import {
  binarySocketOf,
  openBinarySocket,
  openTextSocket,
  textSocketOf,
} from '../../../src/peer/socket-node.ts';
import type { BinarySocket } from '../../../src/peer/socket.ts';
import { insidePair } from '../../../signaling/service-socket.ts';

interface Ends {
  readonly here: Half;
  readonly there: Half;
}
interface Half {
  readonly send: (text: string) => void;
  readonly listen: (take: (text: string) => void) => void;
  readonly onClosed: (closed: () => void) => void;
  readonly close: () => void;
}

const http = createServer();
const acceptor = new WebSocketServer({ server: http, perMessageDeflate: false });
const arrivals: ((socket: WebSocket) => void)[] = [];
acceptor.on('connection', (socket) => arrivals.shift()?.(socket));
let url = '';

beforeAll(async () => {
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const address: AddressInfo | string | null = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  url = `ws://127.0.0.1:${address.port}`;
});
afterAll(() => {
  for (const socket of acceptor.clients) socket.terminate();
  http.close();
});

async function arrival(): Promise<WebSocket> {
  return new Promise((resolve) => arrivals.push(resolve));
}

async function textEnds(): Promise<Ends> {
  const arriving = arrival();
  const here = await openTextSocket(url);
  if (!here.ok) throw new Error(here.fault);
  const there = textSocketOf(await arriving);
  return {
    here: { ...here.value, listen: here.value.onText },
    there: { ...there, listen: there.onText },
  };
}

async function binaryEnds(): Promise<Ends> {
  const arriving = arrival();
  const here = await openBinarySocket(url);
  if (!here.ok) throw new Error(here.fault);
  return { here: binaryHalf(here.value), there: binaryHalf(binarySocketOf(await arriving)) };
}

/** Behaves as the browser's: an error nobody listens to is nobody's. */
class PageWebSocket extends NodeWebSocket {
  constructor(url: string) {
    super(url);
    this.on('error', () => {});
  }
}
beforeAll(() => void vi.stubGlobal('WebSocket', PageWebSocket));
afterAll(() => void vi.unstubAllGlobals());

async function pageTextEnds(): Promise<Ends> {
  const arriving = arrival();
  const here = await page.openTextSocket(url);
  if (!here.ok) throw new Error(here.fault);
  const there = textSocketOf(await arriving);
  return {
    here: { ...here.value, listen: here.value.onText },
    there: { ...there, listen: there.onText },
  };
}

async function pageBinaryEnds(): Promise<Ends> {
  const arriving = arrival();
  const here = await page.openBinarySocket(url);
  if (!here.ok) throw new Error(here.fault);
  return { here: binaryHalf(here.value), there: binaryHalf(binarySocketOf(await arriving)) };
}

function binaryHalf(socket: BinarySocket): Half {
  return {
    send: (text) => socket.send(new TextEncoder().encode(text)),
    listen: (take) => socket.onBytes((bytes) => take(new TextDecoder().decode(bytes))),
    onClosed: socket.onClosed,
    close: socket.close,
  };
}

async function insideEnds(): Promise<Ends> {
  const [client, service] = insidePair();
  const enders: (() => void)[] = [];
  const early: string[] = [];
  let take = (text: string): void => void early.push(text);
  let over = false;
  service.listen({
    text: (text) => take(text),
    bytes: () => {},
    pong: () => {},
    closed: () => {
      over = true;
      for (const ended of enders.splice(0)) ended();
    },
  });
  const there: Half = {
    send: service.send,
    listen: (taker) => {
      take = taker;
      for (const text of early.splice(0)) taker(text);
    },
    onClosed: (closed) => (over ? closed() : void enders.push(closed)),
    close: service.close,
  };
  return { here: { ...client, listen: client.onText }, there };
}

describe.each([
  ['text over ws', textEnds],
  ['bytes over ws', binaryEnds],
  ['text in the page', pageTextEnds],
  ['bytes in the page', pageBinaryEnds],
  ['within the process', insideEnds],
])('%s', (_, ends) => {
  test('what one end says the other hears, in order, also what came before it listened', async () => {
    const { here, there } = await ends();
    const said = Array.from({ length: 40 }, (_, n) => `word ${n} ü`);
    for (const text of said) here.send(text);
    const heard: string[] = [];
    await new Promise<void>((done) => {
      there.listen((text) => {
        heard.push(text);
        if (heard.length === said.length) done();
      });
    });
    expect(heard).toEqual(said);
    here.close();
  });

  test('the end is told to both, once, and at once to who asks late', async () => {
    const { here, there } = await ends();
    const told: string[] = [];
    const both = Promise.all(
      [here, there].map(
        (half) =>
          new Promise<void>((done) => {
            half.onClosed(() => {
              told.push(half === here ? 'here' : 'there');
              done();
            });
          }),
      ),
    );
    here.close();
    await both;
    here.close();
    here.send('after the end');
    there.send('after the end');
    await new Promise<void>((done) => here.onClosed(done));
    expect(told.sort()).toEqual(['here', 'there']);
  });
});

test('where nobody listens, and where no address is, a socket is a fault', async () => {
  expect(await openTextSocket('ws://127.0.0.1:1/')).toMatchObject({ fault: 'signal.unreachable' });
  expect(await openBinarySocket('ws://127.0.0.1:1/')).toMatchObject({ fault: 'link.noPath' });
  expect(await openTextSocket('nonsense')).toMatchObject({ fault: 'signal.unreachable' });
  expect(await openTextSocket('ftp://127.0.0.1/')).toMatchObject({ fault: 'signal.unreachable' });
});

test('bytes on a text socket, and text on a binary one, end it', async () => {
  for (const [open, wrong] of [
    [openTextSocket, new Uint8Array(3)],
    [openBinarySocket, 'text'],
  ] as const) {
    const arriving = arrival();
    const opened = await open(url);
    if (!opened.ok) throw new Error(opened.fault);
    (await arriving).send(wrong);
    await new Promise<void>((done) => opened.value.onClosed(done));
  }
});

test('where nobody listens, the page gets the same faults', async () => {
  const faults = [
    await page.openTextSocket('ws://127.0.0.1:1/'),
    await page.openBinarySocket('ws://127.0.0.1:1/'),
    await page.openTextSocket('nonsense'),
  ];
  const named = faults.map((opened) => (opened.ok ? 'opened' : opened.fault));
  expect(named).toEqual(['signal.unreachable', 'link.noPath', 'signal.unreachable']);
});
