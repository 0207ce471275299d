// The gate before a conversation: what an agent says bit by bit passes here first, without control
// sequences and masked. One for each process of an agent. Knows nothing of turns and parts.
import * as v from 'valibot';
import { WHOLE_CHARS_MAX } from '../protocol/thread.ts';
import type { AgentEvent } from './agent-event.ts';
import {
  openAgentSpeech,
  type HeldStream,
  type PieceMask,
  type SpokenPiece,
} from './agent-speech.ts';
import { NO_OUTPUT, outputEnd, outputText, type OutputText } from './output-text.ts';
import { wholeEnd } from './safe-text.ts';
import { openSpeechBreaks } from './speech-breaks.ts';

/** Text that came through the gate: whatever builds a part takes no other. */
const GatedText = v.pipe(v.string(), v.brand('GatedText'));
export type GatedText = v.InferOutput<typeof GatedText>;

type Said = Extract<AgentEvent, { on: 'answer' | 'thought' }>;
type Printed = Extract<AgentEvent, { on: 'output' }>;

/** `omitted`: UTF-16 units behind the text that were not even looked at. */
type Gated =
  | (Omit<SpokenPiece, 'text'> & { readonly text: GatedText })
  | (Omit<Printed, 'text'> & { readonly text: GatedText; readonly omitted: number });

export type GatedEvent = Exclude<AgentEvent, Said | Printed> | Gated;

/** What the gate asks of masking.ts. */
export interface GateMasking {
  readonly mask: (text: string) => string;
  readonly stream: () => PieceMask;
}

export interface AgentGate {
  /** What it becomes; before it what was kept back of texts that it ends. */
  readonly take: (event: AgentEvent) => readonly GatedEvent[];
  /** [TR6] Someone is let in: where what is kept back of speech belongs. */
  readonly divide: () => readonly HeldStream[];
}

/** Commands whose output comes at once; the oldest is ended for one more. */
const OUTPUTS_MAX = 32;
/** Calls whose output was shown to an end that is no line's. */
const ENDED_MAX = 1024;

interface Output {
  readonly masks: PieceMask;
  text: OutputText;
  /** UTF-16 units that are still looked at. */
  room: number;
  /** What was kept back when it was cut may be half of a secret. */
  isCut: boolean;
}

export function openAgentGate(masking: GateMasking): AgentGate {
  const speech = openAgentSpeech(masking.stream);
  const breaks = openSpeechBreaks();
  const outputs = new Map<string, Output>();
  /** Shown up to an end that is no line's: whatever comes behind it was not masked together with it. */
  const ended = new Set<string>();

  function said(pieces: readonly SpokenPiece[]): readonly GatedEvent[] {
    return pieces.map((piece) => ({ ...piece, text: gate(piece.text) }));
  }

  function endsAt(call: string, text: string): void {
    ended.delete(call);
    if (text === '' || text.endsWith('\n')) return;
    const [oldest] = ended;
    if (ended.size >= ENDED_MAX && oldest !== undefined) ended.delete(oldest);
    ended.add(call);
  }

  function endOutput(call: string): readonly GatedEvent[] {
    const output = outputs.get(call);
    if (output === undefined) return [];
    outputs.delete(call);
    const rest = output.masks.push(outputEnd(output.text)) + output.masks.flush();
    const text = gate(output.isCut ? '' : rest);
    endsAt(call, text);
    return some({ on: 'output', call, text, omitted: 0, whole: false });
  }

  function print(event: Printed): readonly GatedEvent[] {
    const { call } = event;
    if (event.whole) {
      outputs.delete(call);
      return [printedWhole(event)];
    }
    const [oldest] = outputs.keys();
    const crowded = outputs.size >= OUTPUTS_MAX && !outputs.has(call) && oldest !== undefined;
    const before = crowded ? endOutput(oldest) : [];
    const output = outputs.get(call) ?? begunOutput();
    outputs.set(call, output);
    const raw = ended.delete(call) ? `\n${event.text}` : event.text;
    const taken = wholeEnd(raw, Math.min(raw.length, output.room));
    output.room -= taken;
    output.isCut ||= taken < raw.length;
    const [text, left] = outputText(output.text, raw.slice(0, taken));
    output.text = left;
    const shown = gate(output.masks.push(text));
    const omitted = raw.length - taken;
    return [...before, ...some({ on: 'output', call, text: shown, omitted, whole: false })];
  }

  function begunOutput(): Output {
    return { masks: masking.stream(), text: NO_OUTPUT, room: WHOLE_CHARS_MAX, isCut: false };
  }

  function printedWhole({ call, text: raw }: Printed): GatedEvent {
    const taken = wholeEnd(raw, Math.min(raw.length, WHOLE_CHARS_MAX));
    const masks = masking.stream();
    const [text, left] = outputText(NO_OUTPUT, raw.slice(0, taken));
    const shown = masks.push(text + outputEnd(left));
    const omitted = raw.length - taken;
    const all = gate(omitted > 0 ? shown : shown + masks.flush());
    endsAt(call, all);
    return { on: 'output', call, text: all, omitted, whole: true };
  }

  function endAll(): readonly GatedEvent[] {
    return [...said(speech.end()), ...[...outputs.keys()].flatMap(endOutput)];
  }

  function passed(event: AgentEvent): readonly GatedEvent[] {
    switch (event.on) {
      case 'answer':
      case 'thought':
        return event.text === '' ? [] : said(speech.say(event));
      case 'output':
        return print(event);
      case 'outputEnd':
        return [...endOutput(event.call), event];
      case 'ready':
      case 'turnEnded':
      case 'turnFailed':
      case 'exited':
      case 'failed':
        return [...endAll(), event];
      default:
        return [event];
    }
  }

  return {
    take(event) {
      const before = breaks(event) ? said(speech.end()) : [];
      return [...before, ...passed(event)];
    },
    divide: speech.divide,
  };
}

function some(event: Extract<Gated, { on: 'output' }>): readonly GatedEvent[] {
  return event.text === '' && event.omitted === 0 ? [] : [event];
}

/** The one place where a text becomes one that came through. */
function gate(text: string): GatedText {
  return v.parse(GatedText, text);
}
