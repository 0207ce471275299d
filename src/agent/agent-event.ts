// What an agent's process tells, in our own words, and what may be asked of it. Between the rim
// that speaks ACP and the machine that keeps the conversation; knows neither JSON-RPC nor threads.
import type {
  AgentCommand,
  AgentOption,
  PermissionOption,
  PlanEntry,
  ToolContent,
  ToolKind,
  ToolStatus,
  TurnUsage,
} from '../protocol/thread.ts';

/** An absent field is unchanged; present `contents` replace all before. Texts are not yet cut or masked. */
export interface ToolPatch {
  readonly title?: string;
  readonly tool?: ToolKind;
  readonly status?: Exclude<ToolStatus, 'stopped'>;
  readonly locations?: readonly { readonly path: string; readonly line: number | null }[];
  readonly contents?: readonly ToolContent[];
  /** JSON text of what the agent gave its tool. */
  readonly input?: string;
  /** Entries where the call is a list of things to do in disguise (todowrite). */
  readonly plan?: readonly PlanEntry[];
}

export type AgentStop = 'end_turn' | 'max_tokens' | 'max_turn_requests' | 'refusal' | 'cancelled';

/** What was counted; null is 'not reported'. `cost` is of the whole session so far. */
export type TokenCount = Omit<TurnUsage, 'cost' | 'estimated'>;

/** Ways to sign in, as an agent names them. */
export type SignInWays = readonly {
  readonly name: string;
  readonly description: string;
  /** To be run in a terminal of the sharer's that nobody else sees; null where there is none. */
  readonly command: readonly string[] | null;
}[];

export type AgentEvent =
  /** It answered `initialize` and has a session. `resumed`: it remembers the conversation. */
  | {
      readonly on: 'ready';
      readonly name: string;
      readonly version: string;
      /** The agent's own name of the session, to come back to. */
      readonly session: string;
      readonly resumed: boolean;
      readonly options: readonly AgentOption[];
      /** It acts without asking in the mode it is in, as far as its mode's name says. */
      readonly actsAlone: boolean;
    }
  /** It cannot begin before someone signs in: the ways it names. */
  | { readonly on: 'signIn'; readonly ways: SignInWays }
  /**
   * It could not be started, hung or broke off before it was ready ('refused': it answered with an
   * error); or, at any time, it was ended by us because it said no more than 'garbage', or a message
   * of more than 32 MiB ('flood'). No 'exited' follows.
   */
  | {
      readonly on: 'failed';
      readonly because:
        | 'missing'
        | 'noDirectory'
        | 'exited'
        | 'refused'
        | 'silent'
        | 'tooOld'
        | 'garbage'
        | 'flood';
      /** A line for people: its last words on stderr, an exit code. */
      readonly detail: string;
    }
  /** Grouped by `message` where the agent names one, else by what is adjacent. */
  | { readonly on: 'answer'; readonly message: string | null; readonly text: string }
  | { readonly on: 'thought'; readonly message: string | null; readonly text: string }
  | { readonly on: 'tool'; readonly call: string; readonly patch: ToolPatch }
  /** Output of a command of the agent's own; `whole` replaces what was there. */
  | {
      readonly on: 'output';
      readonly call: string;
      readonly text: string;
      readonly whole: boolean;
    }
  | { readonly on: 'outputEnd'; readonly call: string; readonly exit: number | null }
  /** `plan` is its id where the agent keeps several; no entries: it is gone. */
  | { readonly on: 'plan'; readonly plan: string | null; readonly entries: readonly PlanEntry[] }
  /** `request` is ours: it names the question in `answer`. */
  | {
      readonly on: 'permission';
      readonly request: number;
      readonly call: string | null;
      readonly patch: ToolPatch;
      readonly options: readonly PermissionOption[];
    }
  /** The agent took its question back. */
  | { readonly on: 'permissionGone'; readonly request: number }
  | {
      readonly on: 'context';
      readonly used: number;
      readonly size: number;
      readonly cost: { readonly amount: number; readonly currency: string } | null;
    }
  /** One call of the model's: to be summed over the turn where its end reports nothing. */
  | { readonly on: 'counted'; readonly tokens: TokenCount; readonly estimated: boolean }
  | { readonly on: 'title'; readonly title: string }
  | {
      readonly on: 'options';
      readonly options: readonly AgentOption[];
      readonly actsAlone: boolean;
    }
  | { readonly on: 'commands'; readonly commands: readonly AgentCommand[] }
  | {
      readonly on: 'notice';
      readonly level: 'info' | 'warning' | 'error';
      readonly text: string;
    }
  | {
      readonly on: 'compaction';
      readonly state: 'running' | 'done' | 'failed';
      readonly summary: string;
    }
  /** A message we do not know: shown as such, never dropped in silence. */
  | { readonly on: 'unknown'; readonly name: string }
  /** The prompt's answer. `tokens` is what it reports of the turn itself. */
  | {
      readonly on: 'turnEnded';
      readonly stop: AgentStop;
      readonly tokens: TokenCount | null;
    }
  /** The prompt's error. `signIn`: it wants someone to sign in. */
  | { readonly on: 'turnFailed'; readonly message: string; readonly signIn: false }
  | {
      readonly on: 'turnFailed';
      readonly message: string;
      readonly signIn: true;
      readonly ways: SignInWays;
    }
  /** Its process is over, after it was ready. `lastLines` of its stderr. */
  | {
      readonly on: 'exited';
      readonly code: number | null;
      readonly signal: string | null;
      readonly lastLines: string;
    };

/** A running agent, as the host holds it. All are without effect once it has exited. */
export interface Agent {
  /** Only while no prompt is in flight. */
  readonly prompt: (text: string) => void;
  readonly cancel: () => void;
  /** By an option's id. */
  readonly answer: (request: number, option: string) => void;
  /** The turn ended before anyone answered. */
  readonly withdraw: (request: number) => void;
  readonly configure: (option: string, value: string) => void;
  /** Its process group is asked to end, then killed; nothing more is told. Resolves when it is gone. */
  readonly close: () => Promise<void>;
}

/** How an agent is started. */
export interface AgentLaunch {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside the sharer's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute: the session's directory of the moment. */
  readonly directory: string;
  /** A session of the agent's own to come back to. */
  readonly resume: string | null;
}

export type OpenAgent = (launch: AgentLaunch, tell: (event: AgentEvent) => void) => Agent;
