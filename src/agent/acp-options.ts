// What an agent lets one choose, as one list: ACP's config options, and the modes and models of
// those agents that only have these. Knows how each is set, and sends nothing.
import * as v from 'valibot';
import { AGENT_COMMANDS_MAX, LIST_ITEMS_MAX, type AgentOption } from '../protocol/thread.ts';
import { unreachable } from '../protocol/result.ts';
import { each, text } from './acp-reading.ts';

/** An option, and by which request it is set. */
export interface KnownOption {
  readonly option: AgentOption;
  readonly by: 'config' | 'switch' | 'mode' | 'model';
}

/** The request that sets an option; the session's id is added by whoever sends it. */
export interface OptionRequest {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const Choice = v.object({ value: v.string(), name: text(''), description: text('') });
const Group = v.object({ options: v.array(v.unknown()) });
const Config = v.object({
  id: v.string(),
  name: text(''),
  category: text(''),
  type: text('select'),
  currentValue: v.union([v.string(), v.boolean()]),
  options: v.fallback(v.optional(v.array(v.unknown()), []), []),
});
const Modes = v.object({ currentModeId: v.string(), availableModes: v.array(v.unknown()) });
const Mode = v.object({ id: v.string(), name: text(''), description: text('') });
const Models = v.object({ currentModelId: v.string(), availableModels: v.array(v.unknown()) });
const Model = v.object({ modelId: v.string(), name: text(''), description: text('') });

/**
 * Of the answer to session/new, load or resume. A mode or model that is a config option too is
 * taken as the config option alone.
 */
export function optionsOf(session: {
  readonly configOptions?: unknown;
  readonly modes?: unknown;
  readonly models?: unknown;
}): readonly KnownOption[] {
  const options = [...configOptions(session.configOptions)];
  const has = (category: string): boolean => options.some((o) => o.option.category === category);
  const modes = v.safeParse(Modes, session.modes);
  if (modes.success && !has('mode')) options.push(modeOption(modes.output));
  const models = v.safeParse(Models, session.models);
  if (models.success && !has('model')) options.push(modelOption(models.output));
  return options.slice(0, LIST_ITEMS_MAX);
}

/** Those of config options, as they are sent anew whenever one changes. */
export function configOptions(list: unknown): readonly KnownOption[] {
  return each(Config, list).map((config): KnownOption => {
    const { id, name, category } = config;
    const head = { id, name: name === '' ? id : name, category: category === '' ? id : category };
    if (typeof config.currentValue === 'boolean') {
      const choices = [
        { value: 'true', name: 'On', description: '' },
        { value: 'false', name: 'Off', description: '' },
      ];
      return { by: 'switch', option: { ...head, value: String(config.currentValue), choices } };
    }
    const choices = choicesOf(config.options, config.currentValue);
    return { by: 'config', option: { ...head, value: config.currentValue, choices } };
  });
}

/** New config options in place of the old; modes and models of the old kind stay. */
export function replaceConfig(
  known: readonly KnownOption[],
  list: unknown,
): readonly KnownOption[] {
  const now = configOptions(list);
  const kept = known.filter(
    (k) =>
      (k.by === 'mode' || k.by === 'model') &&
      !now.some((n) => n.option.category === k.option.category),
  );
  return [...now, ...kept].slice(0, LIST_ITEMS_MAX);
}

/**
 * The same with this value chosen. An unknown option changes nothing; a value that was not offered is
 * taken as it is: an agent may be in a mode it lets nobody choose.
 */
export function choose(
  known: readonly KnownOption[],
  isIt: (option: KnownOption) => boolean,
  value: string,
): readonly KnownOption[] {
  return known.map((k) => (isIt(k) ? { ...k, option: { ...k.option, value } } : k));
}

export function optionRequest(known: KnownOption, value: string): OptionRequest {
  switch (known.by) {
    case 'mode':
      return { method: 'session/set_mode', params: { modeId: value } };
    case 'model':
      return { method: 'session/set_model', params: { modelId: value } };
    case 'switch':
      return {
        method: 'session/set_config_option',
        params: { configId: known.option.id, type: 'boolean', value: value === 'true' },
      };
    case 'config':
      return {
        method: 'session/set_config_option',
        params: { configId: known.option.id, value },
      };
    default:
      return unreachable(known.by);
  }
}

function choicesOf(options: readonly unknown[], current: string): AgentOption['choices'] {
  const flat = options.flatMap((option) => {
    const group = v.safeParse(Group, option);
    return group.success ? group.output.options : [option];
  });
  return kept(each(Choice, flat), current);
}

function modeOption(modes: v.InferOutput<typeof Modes>): KnownOption {
  const list = each(Mode, modes.availableModes).map(({ id, ...rest }) => ({ value: id, ...rest }));
  return oldOption('mode', 'Mode', modes.currentModeId, list);
}

function modelOption(models: v.InferOutput<typeof Models>): KnownOption {
  const list = each(Model, models.availableModels).map(({ modelId, ...rest }) => ({
    value: modelId,
    ...rest,
  }));
  return oldOption('model', 'Model', models.currentModelId, list);
}

function oldOption(
  by: 'mode' | 'model',
  name: string,
  value: string,
  choices: AgentOption['choices'],
): KnownOption {
  return { by, option: { id: by, name, category: by, value, choices: kept(choices, value) } };
}

/** Some agents offer hundreds of models: the one in use is kept whatever happens. */
function kept(choices: AgentOption['choices'], current: string): AgentOption['choices'] {
  const named = choices.map((choice) => ({
    ...choice,
    name: choice.name === '' ? choice.value : choice.name,
  }));
  if (named.length <= AGENT_COMMANDS_MAX) return named;
  const first = named.filter((choice) => choice.value === current);
  const others = named.filter((choice) => choice.value !== current);
  return [...first, ...others].slice(0, AGENT_COMMANDS_MAX);
}
