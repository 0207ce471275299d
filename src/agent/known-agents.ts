// Agents that are looked for on PATH, and what to say where one is not there or wants a sign-in.
// A table; looks for nothing itself.

export interface KnownAgent {
  readonly id: string;
  readonly name: string;
  /** What speaks ACP: a program on PATH and its arguments. */
  readonly line: readonly [program: string, ...args: readonly string[]];
  /** Beside the sharer's own variables. */
  readonly env: Readonly<Record<string, string>>;
  /** The agent's own program, which speaks no ACP: where it is there, `otherwise` will do. */
  readonly program: string | null;
  /** Offered where nothing is found, and never run unasked: it fetches. */
  readonly otherwise: readonly string[] | null;
  /** How one signs in, for people. */
  readonly signIn: string;
}

/**
 * opencode by itself edits and runs without asking. Started from this list it asks; whoever wants
 * it otherwise says so in the settings.
 */
const OPENCODE_ASKS = '{"edit":"ask","bash":"ask"}';

const known = (
  id: string,
  name: string,
  line: KnownAgent['line'],
  signIn: string,
  more: Partial<KnownAgent> & { readonly npx?: string } = {},
): KnownAgent => ({
  id,
  name,
  line,
  env: more.env ?? {},
  program: more.program ?? null,
  otherwise: more.npx === undefined ? null : ['npx', '-y', ...more.npx.split(' ')],
  signIn,
});

export const KNOWN_AGENTS: readonly KnownAgent[] = [
  known(
    'claude',
    'Claude',
    ['claude-agent-acp'],
    'Run “claude”, then /login; or set ANTHROPIC_API_KEY.',
    { program: 'claude', npx: '@agentclientprotocol/claude-agent-acp' },
  ),
  known(
    'codex',
    'Codex',
    ['codex-acp'],
    'Run “codex login”, or set OPENAI_API_KEY; on a machine without a browser set NO_BROWSER=1.',
    { program: 'codex', npx: '@agentclientprotocol/codex-acp' },
  ),
  known('opencode', 'OpenCode', ['opencode', 'acp'], 'Run “opencode auth login”.', {
    npx: 'opencode-ai acp',
    env: { OPENCODE_PERMISSION: OPENCODE_ASKS },
  }),
  known(
    'gemini',
    'Gemini CLI',
    ['gemini', '--acp'],
    'Run “gemini” and sign in with Google, or set GEMINI_API_KEY.',
    { npx: '@google/gemini-cli --acp' },
  ),
  known(
    'qwen',
    'Qwen Code',
    ['qwen', '--acp'],
    'Set OPENAI_API_KEY and OPENAI_BASE_URL, or sign in with “qwen”.',
    { npx: '@qwen-code/qwen-code --acp' },
  ),
  known('copilot', 'Copilot CLI', ['copilot', '--acp'], 'Run “copilot”, then /login.', {
    npx: '@github/copilot --acp',
  }),
  known('goose', 'goose', ['goose', 'acp'], 'Run “goose configure”.'),
  known('kimi', 'Kimi', ['kimi', 'acp'], 'Run “kimi” and sign in.'),
  known('vibe', 'Mistral Vibe', ['vibe-acp'], 'Set MISTRAL_API_KEY.'),
  known('cursor', 'Cursor', ['cursor-agent', 'acp'], 'Run “cursor-agent login”.'),
  known('auggie', 'Auggie', ['auggie', '--acp'], 'Run “auggie login”.', {
    npx: '@augmentcode/auggie --acp',
  }),
  known('droid', 'Droid', ['droid', 'exec', '--output-format', 'acp'], 'Run “droid” and sign in.'),
  known('qoder', 'Qoder', ['qodercli', '--acp'], 'Run “qodercli” and sign in.', {
    npx: '@qoder-ai/qodercli --acp',
  }),
  known('kiro', 'Kiro', ['kiro-cli', 'acp'], 'Run “kiro-cli login”.'),
  known('pi', 'pi', ['pi-acp'], 'Set the key of the provider it is configured for.', {
    npx: 'pi-acp',
  }),
];
