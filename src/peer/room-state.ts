// What the sharer's side knows of its room at the signaling service and what it may ask for, as
// plain values. Its decisions are in room.ts.
import type { Fault } from '../protocol/faults.ts';
import type { Nameplate, PublicKey, SessionId } from '../protocol/ids.ts';
import type { Random } from '../protocol/ports.ts';
import type { Result } from '../protocol/result.ts';
import type { ChannelId, FromService, ToService } from '../protocol/signaling.ts';

/** Every dial has a number; what comes from an earlier one counts no more. */
type Dial = number;

/** A nameplate asked for: a new one, or one it had before the service forgot. */
export type NameplateAsk =
  | { readonly for: 'new'; readonly ask: number }
  | { readonly for: 'again'; readonly nameplate: Nameplate }
  /** Nobody waits for it any more: what is given for it goes back. */
  | { readonly for: 'nobody' };

/** What every phase of an open room has. */
export interface Kept {
  readonly dial: Dial;
  readonly attempt: number;
  /** Those handed out and not dropped; they outlive the connection. */
  readonly nameplates: readonly Nameplate[];
  /** Dropped while the service could not be told; it may still lead visitors here by them. */
  readonly dropped: readonly Nameplate[];
  /** In the order of their answers. */
  readonly asks: readonly NameplateAsk[];
}

export type RoomState =
  | (Kept & { readonly phase: 'dialing' | 'claiming' | 'proving' })
  | (Kept & {
      readonly phase: 'held';
      readonly room: SessionId;
      readonly channels: readonly ChannelId[];
    })
  | (Kept & { readonly phase: 'away'; readonly because: Fault })
  | { readonly phase: 'over' };

export type RoomInput =
  | { readonly on: 'opened' | 'unreachable' | 'lost'; readonly dial: Dial }
  | { readonly on: 'message'; readonly dial: Dial; readonly message: FromService }
  | { readonly on: 'signed'; readonly dial: Dial; readonly signature: string }
  /** The timer asked for last has run out. */
  | { readonly on: 'wake'; readonly dial: Dial }
  | { readonly on: 'takeNameplate' | 'askTooLate'; readonly ask: number }
  | { readonly on: 'dropNameplate'; readonly nameplate: Nameplate }
  | { readonly on: 'say'; readonly channel: ChannelId; readonly body: string }
  | { readonly on: 'hangUp'; readonly channel: ChannelId }
  | { readonly on: 'close' };

export type RoomEffect =
  | { readonly do: 'dial'; readonly dial: Dial }
  | { readonly do: 'closeSocket' }
  | { readonly do: 'send'; readonly message: ToService }
  | { readonly do: 'sign'; readonly dial: Dial; readonly nonce: string }
  /** One timer: this replaces the one before. */
  | { readonly do: 'wakeLater'; readonly dial: Dial; readonly afterMs: number }
  | { readonly do: 'sleep' }
  | {
      readonly do: 'answerAsk';
      readonly ask: number;
      readonly answer: Result<Nameplate, Fault>;
    }
  /** Its code leads nowhere any more. */
  | { readonly do: 'nameplateLost'; readonly nameplate: Nameplate }
  | { readonly do: 'visitor' | 'channelEnded'; readonly channel: ChannelId }
  | { readonly do: 'deliver'; readonly channel: ChannelId; readonly body: string };

export interface RoomWorld {
  readonly key: PublicKey;
  readonly random: Random;
}
