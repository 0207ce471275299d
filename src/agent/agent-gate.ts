// The gate before a conversation: what an agent says bit by bit passes here first, without control
// sequences and masked. One for each process of an agent. Knows nothing of turns and parts.
import * as v from 'valibot';
import type { AgentEvent } from './agent-event.ts';
import { NO_OUTPUT, outputEnd, outputText, type OutputText } from './output-text.ts';
import { isHigh, safeText } from './safe-text.ts';

/** Text that came through the gate: whatever builds a part takes no other. */
const GatedText = v.pipe(v.string(), v.brand('GatedText'));
export type GatedText = v.InferOutput<typeof GatedText>;

type Said = Extract<AgentEvent, { on: 'answer' | 'thought' }>;
type Printed = Extract<AgentEvent, { on: 'output' }>;

type Gated =
  | (Omit<Said, 'text'> & { readonly text: GatedText })
  | (Omit<Printed, 'text'> & { readonly text: GatedText });

export type GatedEvent = Exclude<AgentEvent, Said | Printed> | Gated;

/** What the gate asks of masking.ts. */
export interface GateMasking {
  readonly mask: (text: string) => string;
  /** For one text that comes in pieces: [shown now], then the rest. */
  readonly stream: () => GateStream;
}

interface GateStream {
  readonly push: (piece: string) => string;
  readonly flush: () => string;
}

export interface AgentGate {
  /** What it becomes; before it what was kept back of texts that it ends. */
  readonly take: (event: AgentEvent) => readonly GatedEvent[];
}

/** Commands whose output comes at once; the oldest is ended for one more. */
const OUTPUTS_MAX = 32;

interface Speech {
  readonly on: 'answer' | 'thought';
  readonly message: string | null;
  readonly masks: GateStream;
  /** The first half of a surrogate pair. */
  half: string;
}

interface Output {
  readonly masks: GateStream;
  text: OutputText;
}

export function openAgentGate(masking: GateMasking): AgentGate {
  let speech: Speech | null = null;
  const outputs = new Map<string, Output>();

  function endSpeech(): readonly GatedEvent[] {
    if (speech === null) return [];
    const { on, message, masks } = speech;
    speech = null;
    return some({ on, message, text: gate(masks.flush()) });
  }

  function endOutput(call: string): readonly GatedEvent[] {
    const output = outputs.get(call);
    if (output === undefined) return [];
    outputs.delete(call);
    const text = output.masks.push(outputEnd(output.text)) + output.masks.flush();
    return some({ on: 'output', call, text: gate(text), whole: false });
  }

  function say(event: Said): readonly GatedEvent[] {
    const goesOn = speech !== null && speech.on === event.on && speech.message === event.message;
    const before = goesOn ? [] : endSpeech();
    speech ??= { on: event.on, message: event.message, masks: masking.stream(), half: '' };
    const all = speech.half + event.text;
    const whole = isHigh(all.charCodeAt(all.length - 1)) ? all.length - 1 : all.length;
    speech.half = all.slice(whole);
    const text = gate(speech.masks.push(safeText(all.slice(0, whole))));
    return [...before, ...some({ on: event.on, message: event.message, text })];
  }

  function print(event: Printed): readonly GatedEvent[] {
    const { call } = event;
    if (event.whole) {
      outputs.delete(call);
      const [text, left] = outputText(NO_OUTPUT, event.text);
      const shown = gate(masking.mask(text + outputEnd(left)));
      return [{ on: 'output', call, text: shown, whole: true }];
    }
    const [oldest] = outputs.keys();
    const crowded = outputs.size >= OUTPUTS_MAX && !outputs.has(call) && oldest !== undefined;
    const before = crowded ? endOutput(oldest) : [];
    const output = outputs.get(call) ?? { masks: masking.stream(), text: NO_OUTPUT };
    outputs.set(call, output);
    const [text, left] = outputText(output.text, event.text);
    output.text = left;
    const shown = gate(output.masks.push(text));
    return [...before, ...some({ on: 'output', call, text: shown, whole: false })];
  }

  function endAll(): readonly GatedEvent[] {
    return [...endSpeech(), ...[...outputs.keys()].flatMap(endOutput)];
  }

  return {
    take(event) {
      switch (event.on) {
        case 'answer':
        case 'thought':
          return event.text === '' ? [] : say(event);
        case 'output':
          return [...endSpeech(), ...print(event)];
        case 'outputEnd':
          return [...endSpeech(), ...endOutput(event.call), event];
        case 'tool':
        case 'plan':
        case 'permission':
        case 'notice':
        case 'compaction':
        case 'unknown':
          return [...endSpeech(), event];
        case 'turnEnded':
        case 'turnFailed':
        case 'exited':
        case 'failed':
          return [...endAll(), event];
        // They say nothing in between: a word may go on after them.
        case 'ready':
        case 'signIn':
        case 'permissionGone':
        case 'context':
        case 'counted':
        case 'title':
        case 'options':
        case 'commands':
          return [event];
        default:
          return event satisfies never;
      }
    },
  };
}

function some(event: Gated): readonly GatedEvent[] {
  return event.text === '' ? [] : [event];
}

/** The one place where a text becomes one that came through. */
function gate(text: string): GatedText {
  return v.parse(GatedText, text);
}
