// What the control lane carries besides the session's messages: proof, heartbeat, receipts,
// farewell. One byte of kind, then a fixed layout. Knows no state.
import { concat, utf8 } from '../protocol/bytes.ts';
import { LANES } from '../protocol/message.ts';
import { err, ok, unreachable, type Result } from '../protocol/result.ts';
import { isBulk } from './flight.ts';
import { LANE_NUMBER } from './pieces.ts';
import type { Receipt } from './receipts.ts';
import type { Binding } from './wire.ts';

export type Role = 'sharer' | 'viewer';

const KIND = { message: 0, bound: 1, ping: 2, pong: 3, receipts: 4, bye: 5 } as const;

export type Control =
  | { readonly kind: 'message'; readonly message: Uint8Array }
  /** First of all: which end speaks, over which channel. */
  | { readonly kind: 'bound'; readonly claim: Uint8Array }
  | { readonly kind: 'ping' | 'pong'; readonly n: number }
  | { readonly kind: 'receipts'; readonly receipts: readonly Receipt[] }
  | { readonly kind: 'bye' };

/** lane (1), position (8), held (2). */
const RECEIPT_BYTES = 11;
const HELD_MS_MAX = 0xffff;

/** What an end says of itself and its channel; the other compares it with what it expects. */
export function claimOf(role: Role, binding: Binding | null): Uint8Array {
  const channel = binding === null ? '\n' : `${binding.sharer}\n${binding.viewer}`;
  return utf8(`meshell/bound/1\n${role}\n${channel}`);
}

export function encodeControl(control: Control): Uint8Array {
  const kind = new Uint8Array([KIND[control.kind]]);
  switch (control.kind) {
    case 'message':
      return concat(kind, control.message);
    case 'bound':
      return concat(kind, control.claim);
    case 'ping':
    case 'pong':
      return concat(kind, uint32(control.n));
    case 'receipts':
      return concat(kind, ...control.receipts.map(encodeReceipt));
    case 'bye':
      return kind;
    default:
      return unreachable(control);
  }
}

export function decodeControl(bytes: Uint8Array): Result<Control, 'link.protocol'> {
  const body = bytes.subarray(1);
  switch (bytes[0]) {
    case KIND.message:
      return ok({ kind: 'message', message: body });
    case KIND.bound:
      return ok({ kind: 'bound', claim: body });
    case KIND.ping:
      return body.length === 4 ? ok({ kind: 'ping', n: viewOf(body).getUint32(0) }) : malformed;
    case KIND.pong:
      return body.length === 4 ? ok({ kind: 'pong', n: viewOf(body).getUint32(0) }) : malformed;
    case KIND.receipts:
      return decodeReceipts(body);
    case KIND.bye:
      return body.length === 0 ? ok({ kind: 'bye' }) : malformed;
    default:
      return malformed;
  }
}

const malformed = err('link.protocol');

function encodeReceipt(receipt: Receipt): Uint8Array {
  const bytes = new Uint8Array(RECEIPT_BYTES);
  const view = viewOf(bytes);
  view.setUint8(0, LANE_NUMBER[receipt.lane]);
  view.setBigUint64(1, BigInt(receipt.position));
  view.setUint16(9, Math.min(HELD_MS_MAX, Math.round(receipt.heldMs)));
  return bytes;
}

function decodeReceipts(body: Uint8Array): Result<Control, 'link.protocol'> {
  if (body.length % RECEIPT_BYTES !== 0 || body.length > RECEIPT_BYTES * LANES.length) {
    return malformed;
  }
  const view = viewOf(body);
  const receipts: Receipt[] = [];
  for (let at = 0; at < body.length; at += RECEIPT_BYTES) {
    const lane = LANES[view.getUint8(at)];
    const position = Number(view.getBigUint64(at + 1));
    if (lane === undefined || !isBulk(lane) || !Number.isSafeInteger(position)) return malformed;
    receipts.push({ lane, position, heldMs: view.getUint16(at + 9) });
  }
  return ok({ kind: 'receipts', receipts });
}

function uint32(n: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, n);
  return bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
