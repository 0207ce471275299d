// Has modes and models of the old kind and a config option that is a switch.
import { END, speak, update } from './speak.mjs';

const modes = {
  currentModeId: 'ask',
  availableModes: [
    { id: 'ask', name: 'Ask' },
    { id: 'yolo', name: 'YOLO' },
  ],
};
const models = {
  currentModelId: 'small',
  availableModels: [{ modelId: 'small', name: 'Small' }, { modelId: 'large' }],
};
let fast = false;
const configOptions = () => [{ id: 'fast', name: 'Fast', type: 'boolean', currentValue: fast }];
speak({
  'session/new': () => ({ sessionId: 'session-1', modes, models, configOptions: configOptions() }),
  'session/set_mode': (params) => {
    update('current_mode_update', { currentModeId: params.modeId });
    return {};
  },
  'session/set_model': (params) =>
    params.modelId === 'large' ? {} : { error: { code: -32602, message: 'No such model' } },
  'session/set_config_option': (params) => {
    fast = params.value;
    return { configOptions: configOptions() };
  },
  'session/prompt': () => {
    update('current_mode_update', { currentModeId: 'ask' });
    return END;
  },
});
