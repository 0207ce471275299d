// Takes up a session of before: by session/load, with everything replayed, or by session/resume.
// With 'pretends' it says that it can do both, and can only load.
import { END, say, speak, update } from './speak.mjs';

const by = process.argv[2];
speak({
  initialize: () => ({
    protocolVersion: 1,
    agentCapabilities: {
      loadSession: by !== 'resume',
      sessionCapabilities: by === 'load' ? {} : { resume: {} },
    },
  }),
  [`session/${by === 'resume' ? 'resume' : 'load'}`]: (params) => {
    if (params.sessionId !== 'session-1') return { error: { code: -32002, message: 'Not found' } };
    say('replayed');
    update('tool_call', { toolCallId: 'old', title: 'replayed' });
    update('available_commands_update', { availableCommands: [{ name: 'undo', description: '' }] });
    return { modes: { currentModeId: 'plan', availableModes: [{ id: 'plan', name: 'Plan' }] } };
  },
  ...(by === 'pretends'
    ? { 'session/resume': () => ({ error: { code: -32601, message: 'Method not found' } }) }
    : {}),
  'session/prompt': () => {
    say('anew');
    return END;
  },
});
