// Setting what someone may do: a preset or single capabilities, and until when.
import { useState } from 'preact/hooks';
import { PRESETS, type Capabilities, type Capability } from '../../protocol/capability.ts';
import {
  capabilitiesOf,
  grantable,
  granted,
  LASTING,
  LASTING_WORDS,
  PRESET_NAMES,
  PRESET_WORDS,
  presetOf,
  type Lasting,
} from '../model/access.ts';
import { CAPABILITY_WORDS } from '../model/words.ts';

export function AccessEditor({
  name,
  now,
  mine,
  owner,
  nowMs,
  save,
  cancel,
}: {
  name: string;
  now: Capabilities;
  mine: Capabilities;
  owner: boolean;
  nowMs: number;
  save: (capabilities: Capabilities) => void;
  cancel: () => void;
}) {
  const [chosen, setChosen] = useState<readonly Capability[]>(capabilitiesOf(now));
  const [lasts, setLasts] = useState<Lasting>('1h');
  const may = grantable(mine, owner);
  const preset = presetOf(chosen);
  const beyond = chosen.some((one) => one !== 'view' && one !== 'suggest');
  const toggle = (capability: Capability): void => {
    setChosen(
      chosen.includes(capability)
        ? chosen.filter((one) => one !== capability)
        : [...chosen, capability],
    );
  };
  return (
    <form
      class="access"
      aria-label={`Access of ${name}`}
      onSubmit={(event) => {
        event.preventDefault();
        save(granted(chosen, lasts, nowMs));
      }}
    >
      <fieldset class="choices">
        <legend class="unseen">What {name} may do</legend>
        {PRESET_NAMES.filter((one) => PRESETS[one].every((each) => may.includes(each))).map(
          (one) => (
            <label class="choice" key={one}>
              <input
                type="radio"
                name={`preset ${name}`}
                checked={preset === one}
                onChange={() => setChosen(PRESETS[one])}
              />
              <strong>{PRESET_WORDS[one].name}</strong>
              <small>{PRESET_WORDS[one].says}</small>
            </label>
          ),
        )}
      </fieldset>
      <details open={preset === null}>
        <summary>Single rights</summary>
        {may.map((capability) => (
          <label class="check" key={capability}>
            <input
              type="checkbox"
              checked={chosen.includes(capability)}
              disabled={capability === 'view'}
              onChange={() => toggle(capability)}
            />
            {CAPABILITY_WORDS[capability]}
          </label>
        ))}
      </details>
      {beyond && (
        <label class="field">
          <span>For how long</span>
          <select
            class="select"
            value={lasts}
            onChange={(event) => {
              const found = LASTING.find((one) => one === event.currentTarget.value);
              if (found !== undefined) setLasts(found);
            }}
          >
            {LASTING.map((one) => (
              <option key={one} value={one}>
                {LASTING_WORDS[one]}
              </option>
            ))}
          </select>
        </label>
      )}
      <div class="access-foot">
        <button type="submit" class="button primary">
          Set access
        </button>
        <button type="button" class="button quiet" onClick={cancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
