// Speaks another version of the protocol, wants a sign-in, or refuses, as its argument says.
import { speak } from './speak.mjs';

const failure = (code, message, data) => ({ error: { code, message, data } });
const expiring = {
  initialize: () => ({
    protocolVersion: 1,
    authMethods: [{ id: 'browser', type: 'terminal', name: 'Log in', args: ['login'] }],
  }),
};
const stories = {
  version: { initialize: () => ({ protocolVersion: 99 }) },
  nonsense: { initialize: () => 'hello' },
  'sign-in': {
    initialize: () => ({
      protocolVersion: 1,
      authMethods: [
        { id: 'key', name: 'Use a key', description: 'Set MODEL_KEY' },
        { id: 'browser', type: 'terminal', name: 'Log in', args: ['login'], env: { TTY: '1' } },
        { id: 'old', name: 'Log in as before', _meta: { type: 'terminal', args: ['--auth'] } },
      ],
    }),
    'session/new': () => failure(-32000, 'Authentication required'),
  },
  refuses: { 'session/new': () => failure(-32603, 'Internal error', { details: 'no such model' }) },
  'no-session': { 'session/new': () => ({}) },
  'prompt-sign-in': { ...expiring, 'session/prompt': () => failure(-32000, 'Session expired') },
  'prompt-error': { 'session/prompt': () => failure(-32603, 'Internal error', 'quota exceeded') },
};
speak(stories[process.argv[2]]);
