// The local model's agent: speaks to any OpenAI-compatible endpoint.
import { BUILT_IN, MODEL_VARIABLES } from './launch.ts';
import { TurnFailed, type ServedAgent } from './served-agent.ts';

export function modelAgent(version: string): ServedAgent {
  return {
    name: BUILT_IN.model.name,
    version,
    commands: [],
    open: async () => ({
      options: () => [],
      choose: () => false,
      turn: async () => {
        throw new TurnFailed(`No endpoint is set: ${MODEL_VARIABLES.url} names none.`);
      },
    }),
  };
}
