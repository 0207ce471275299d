// Two plans at once.
import { END, speak, update } from './speak.mjs';

const plan = (planId, content) =>
  update('plan_update', {
    plan: { type: 'items', planId, entries: [{ content, status: 'pending', priority: 'high' }] },
  });
speak({
  'session/prompt': () => {
    plan('a', 'build it');
    plan('b', 'tear it down');
    update('plan_removed', { planId: 'a' });
    return END;
  },
});
