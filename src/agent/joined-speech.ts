// Words that an agent says one by one and that are heard at once, told as one event: each event
// costs on its way through the gate and the conversation what many words cost together.
import type { AgentEvent } from './agent-event.ts';

type Words = Extract<AgentEvent, { on: 'answer' | 'thought' }>;

/** Of what waits, in UTF-16 units: what a pipe gives at once. */
const JOINED_CHARS_MAX = 64 * 1024;

export interface JoinedSpeech {
  /** In the order of the calls; words wait for what follows on them, or for `flush`. */
  readonly tell: (event: AgentEvent) => void;
  readonly flush: () => void;
}

export function openJoinedSpeech(tell: (event: AgentEvent) => void): JoinedSpeech {
  let said: Words | 'nothing' = 'nothing';

  function flush(): void {
    const before = said;
    said = 'nothing';
    if (before !== 'nothing') tell(before);
  }

  return {
    flush,
    tell(event) {
      const isSpeech = event.on === 'answer' || event.on === 'thought';
      if (isSpeech && said !== 'nothing' && goesOn(said, event)) {
        said = { ...said, text: said.text + event.text };
      } else {
        flush();
        if (!isSpeech) return tell(event);
        said = event;
      }
      if (said.text.length >= JOINED_CHARS_MAX) flush();
    },
  };
}

function goesOn(said: Words, next: Words): boolean {
  return said.on === next.on && said.message === next.message;
}
