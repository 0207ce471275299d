// The real agents of this run: what is installed, how each is pointed at an endpoint on loopback,
// and what its tools are called. Versions are those that were tried.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SaidCall } from '../stage/model-endpoint.ts';

export interface RealAgent {
  readonly name: string;
  readonly package: string;
  /** Of its own, in node_modules/.bin. */
  readonly program: string;
  readonly args: readonly string[];
  /** Settings that make it use the endpoint, written below its home or given as variables. */
  readonly settle: (home: string, endpoint: string) => Readonly<Record<string, string>>;
  readonly calls: {
    readonly plan: (entries: readonly string[]) => SaidCall;
    readonly run: (command: string) => SaidCall;
    readonly write: (path: string, content: string) => SaidCall;
  };
  /** A mode in which it acts differently. */
  readonly otherMode: string;
  readonly reportsCost: boolean;
}

const MODEL = 'stage-model';

export const OPENCODE: RealAgent = {
  name: 'opencode',
  package: 'opencode-ai@1.18.33',
  program: 'opencode',
  args: ['acp'],
  settle: (_, endpoint) => ({
    OPENCODE_PERMISSION: '{"edit":"ask","bash":"ask"}',
    OPENCODE_CONFIG_CONTENT: JSON.stringify({
      model: `stage/${MODEL}`,
      small_model: `stage/${MODEL}`,
      enabled_providers: ['stage'],
      autoupdate: false,
      share: 'disabled',
      provider: {
        stage: {
          npm: '@ai-sdk/openai-compatible',
          name: 'Stage',
          options: { baseURL: endpoint, apiKey: 'none' },
          models: {
            [MODEL]: {
              name: 'Stage model',
              reasoning: true,
              tool_call: true,
              limit: { context: 32_768, output: 4096 },
              cost: { input: 1, output: 2 },
            },
          },
        },
      },
    }),
  }),
  calls: {
    plan: (entries) => ({
      name: 'todowrite',
      args: {
        todos: entries.map((content, n) => ({
          id: `${n}`,
          content,
          status: n === 0 ? 'in_progress' : 'pending',
          priority: 'high',
        })),
      },
    }),
    run: (command) => ({ name: 'bash', args: { command, description: 'As it was asked' } }),
    write: (path, content) => ({ name: 'write', args: { filePath: path, content } }),
  },
  otherMode: 'plan',
  reportsCost: true,
};

export const QWEN: RealAgent = {
  name: 'qwen',
  package: '@qwen-code/qwen-code@0.15.10',
  program: 'qwen',
  args: ['--acp'],
  settle(home, endpoint) {
    const folder = join(home, '.qwen');
    mkdirSync(folder, { recursive: true });
    const settings = {
      security: { auth: { selectedType: 'openai' } },
      model: { name: MODEL },
      telemetry: { enabled: false },
      privacy: { usageStatisticsEnabled: false },
      general: { disableAutoUpdate: true },
    };
    writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
    return { OPENAI_API_KEY: 'none', OPENAI_BASE_URL: endpoint, OPENAI_MODEL: MODEL };
  },
  calls: {
    plan: (entries) => ({
      name: 'todo_write',
      args: {
        todos: entries.map((content, n) => ({
          id: `${n}`,
          content,
          status: n === 0 ? 'in_progress' : 'pending',
        })),
      },
    }),
    run: (command) => ({
      name: 'run_shell_command',
      args: { command, description: 'As it was asked', is_background: false },
    }),
    write: (path, content) => ({ name: 'write_file', args: { file_path: path, content } }),
  },
  otherMode: 'yolo',
  reportsCost: false,
};

export const REAL_AGENTS = [OPENCODE, QWEN] as const;

/** Where its program lies afterwards. Throws where npm cannot have it. */
export function install(agent: RealAgent, folder: string): string {
  const into = join(folder, agent.name);
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, 'package.json'), '{"private":true}');
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', agent.package];
  const done = spawnSync('npm', args, { cwd: into, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${agent.package} cannot be installed: ${done.stderr}`);
  return join(into, 'node_modules', '.bin', agent.program);
}
