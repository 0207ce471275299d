// The values that are hidden in all that leaves the machine: of the environment, and of agents'
// variables as soon as one is set up. One for each session; what was hidden once stays so.
import { openMasking, secretsOf, type Masking } from '../agent/masking.ts';

type Variables = Readonly<Record<string, string | undefined>>;

export interface LiveSecrets {
  readonly add: (variables: Variables) => void;
  /** Of all that are known when a text begins. `home` is null where paths stay as they are. */
  readonly masking: (home: string | null) => Masking;
}

/** As many as masking looks for; the newest are not those to be left out. */
const VALUES_MAX = 256;

export function openLiveSecrets(variables: Variables): LiveSecrets {
  let known = secretsOf(variables);

  function add(more: Variables): void {
    const news = secretsOf(more).filter((value) => !known.includes(value));
    if (news.length > 0) known = [...news, ...known].slice(0, VALUES_MAX);
  }

  function masking(home: string | null): Masking {
    let secrets = known;
    let opened = openMasking({ secrets, home });
    const current = (): Masking => {
      if (secrets !== known) {
        secrets = known;
        opened = openMasking({ secrets, home });
      }
      return opened;
    };
    return {
      mask: (text) => current().mask(text),
      stream: () => current().stream(),
      scan: () => current().scan(),
    };
  }

  return { add, masking };
}
