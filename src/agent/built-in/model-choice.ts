// Which endpoint and which of its models a conversation speaks to: from the settings, from what
// was found on this computer, from what people choose.
import type { SessionConfigOption } from '@agentclientprotocol/sdk/unstable';
import { findEndpoints, KNOWN_SERVERS, type FoundEndpoint } from './endpoint-search.ts';
import type { ModelSettings } from './launch.ts';
import { listModels, ModelTrouble, modelPlace, type ModelInfo } from './model-endpoint.ts';

/** Beginning a conversation waits no longer for the list of models, in ms. */
const LIST_MS = 3000;
/** Models that can be chosen: a router offers hundreds. */
const MODELS_MAX = 100;
/** These answer with numbers. */
const NO_CHAT = /embed|rerank|whisper|tts/i;

export type ModelChoice = Awaited<ReturnType<typeof openModelChoice>>;

export async function openModelChoice(settings: ModelSettings) {
  let now: ModelSettings = settings;
  let models: readonly ModelInfo[] = [];
  let found: readonly FoundEndpoint[] = [];

  async function load(): Promise<void> {
    models = [];
    models = await listModels(modelPlace(now), AbortSignal.timeout(LIST_MS));
  }
  /** An endpoint that does not answer yet is told of when it is asked something. */
  const tryLoad = (): Promise<void> => load().catch(() => undefined);
  await tryLoad();

  function offered(): readonly ModelInfo[] {
    const able = models.filter(({ id }) => !NO_CHAT.test(id)).slice(0, MODELS_MAX);
    const named = now.name;
    if (named === undefined || able.some(({ id }) => id === named)) return able;
    return [{ id: named, window: null }, ...able];
  }

  function model(): ModelInfo {
    const all = offered();
    const chosen = all.find(({ id }) => id === now.name) ?? all[0];
    if (chosen === undefined) throw new ModelTrouble({ fault: 'noModels' });
    return chosen;
  }

  function options(): SessionConfigOption[] {
    const all = offered();
    const endpoints = found.map(({ name, url }) => ({ value: url, name }));
    const choices: SessionConfigOption[] = [];
    if (all.length > 0) {
      const ids = all.map(({ id }) => ({ value: id, name: id }));
      choices.push(select('model', 'Model', model().id, ids));
    }
    if (endpoints.length > 1 && now.url !== undefined) {
      choices.push(select('endpoint', 'Server', now.url, endpoints));
    }
    return choices;
  }

  async function choose(option: string, value: string): Promise<boolean> {
    if (option === 'model' && offered().some(({ id }) => id === value)) {
      now = { ...now, name: value };
      return true;
    }
    if (option !== 'endpoint' || !found.some(({ url }) => url === value)) return false;
    now = { url: value };
    await tryLoad();
    return true;
  }

  /** Looks, takes the first where there is none yet, and says what came of it. */
  async function find(signal: AbortSignal): Promise<string> {
    found = await findEndpoints(signal);
    const [first] = found;
    if (first === undefined) {
      const looked = KNOWN_SERVERS.map(({ name, port }) => `${name} (${port})`).join(', ');
      return `There is none on this computer. I looked for ${looked}.\n`;
    }
    if (now.url === undefined) {
      now = { url: first.url };
      ({ models } = first);
    }
    const lines = found.map(({ name, url, models: its }) => `- ${name}: \`${url}\`, ${count(its)}`);
    return `${lines.join('\n')}\n\nThis conversation speaks to \`${now.url}\`. To keep it, put \`"local_model": {"url": "${now.url}"}\` into the settings.\n`;
  }

  return {
    options,
    choose,
    find,
    place: () => modelPlace(now),
    /** Where the endpoint has named no model yet, it is asked once more. Throws ModelTrouble. */
    ready: async (): Promise<void> => {
      if (offered().length === 0) await load();
    },
    model,
    shown: (): string => {
      try {
        return modelPlace(now).shown;
      } catch {
        return '';
      }
    },
  };
}

function count(models: readonly ModelInfo[]): string {
  return models.length === 1 ? '1 model' : `${models.length} models`;
}

function select(
  id: string,
  name: string,
  currentValue: string,
  options: { value: string; name: string }[],
): SessionConfigOption {
  return { type: 'select', id, category: id, name, currentValue, options };
}
