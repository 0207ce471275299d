// Says what it was offered.
import { END, say, speak } from './speak.mjs';

let offered = {};
speak({
  initialize: (params) => {
    offered = params.clientCapabilities;
    return { protocolVersion: 1 };
  },
  'session/prompt': () => {
    say(JSON.stringify(offered));
    return END;
  },
});
