// What an agent lets one choose and its slash commands, as viewers read them. Ids that are too long
// to be asked for, or hide something, get a name of ours, which is told back to the agent as its own.
import {
  AGENT_COMMANDS_MAX,
  HEAD_BYTES_MAX,
  LIST_ITEMS_MAX,
  type AgentCommand,
  type AgentMenu,
  type AgentOption,
  type PermissionOption,
} from '../protocol/thread.ts';
import { fitted, safeText, utf8Length } from './safe-text.ts';
import { shownLine, shownLines, type Line, type Mask } from './tool-content.ts';

/** As an action may name one. In UTF-16 units. */
const CHOICE_CHARS_MAX = 256;

/** What an agent offered, in its own words. */
export interface Offer {
  readonly options: readonly AgentOption[];
  readonly commands: readonly AgentCommand[];
}

export const NO_OFFER: Offer = { options: [], commands: [] };
export const NO_MENU: AgentMenu = { options: [], commands: [] };

/** [TH7] The id as it may be shown and asked for; `#n` where it may not. */
export function shownId(id: string, index: number, mask: Mask): string {
  const plain = id !== '' && id.length <= CHOICE_CHARS_MAX && !id.startsWith('#');
  return plain && safeText(id) === id && mask(id) === id ? id : `#${index + 1}`;
}

/** The agent's own id for what was asked for by a shown one. */
export function ownId(ids: readonly string[], shown: string, mask: Mask): string | undefined {
  return ids.find((id, index) => shownId(id, index, mask) === shown);
}

/** [TH4] Less and less of long names, then fewer entries, until it fits. */
export function shownMenu(offer: Offer, mask: Mask): AgentMenu {
  const line = shownLines(mask);
  const ids = onceEach(mask);
  for (const most of [AGENT_COMMANDS_MAX, 50, 20, 5]) {
    const menu = fitted(
      (chars) => menuOf(offer, ids, (text) => line(text, Math.min(chars, 512)), most),
      HEAD_BYTES_MAX,
    );
    if (utf8Length(JSON.stringify(menu)) <= HEAD_BYTES_MAX) return menu;
  }
  return NO_MENU;
}

/** Ids are looked at anew for each size that is tried. */
function onceEach(mask: Mask): Mask {
  const masked = new Map<string, string>();
  return (text) => {
    const known = masked.get(text) ?? mask(text);
    masked.set(text, known);
    return known;
  };
}

function menuOf(offer: Offer, mask: Mask, line: (text: string) => string, most: number): AgentMenu {
  return {
    options: offer.options.slice(0, LIST_ITEMS_MAX).map((option, index) => {
      const values = option.choices.map((choice) => choice.value);
      const choices = option.choices.slice(0, most).map((choice, at) => ({
        value: shownId(choice.value, at, mask),
        name: line(choice.name),
        description: line(choice.description),
      }));
      const now = values.indexOf(option.value);
      return {
        id: shownId(option.id, index, mask),
        name: line(option.name),
        category: line(option.category),
        value: now === -1 ? line(option.value) : shownId(option.value, now, mask),
        choices,
      };
    }),
    commands: offer.commands.slice(0, most).map(({ name, description, hint }) => ({
      name: line(name),
      description: line(description),
      hint: line(hint),
    })),
  };
}

/** An option that has another value than before, as people read it. */
export interface ChangedOption {
  readonly id: string;
  readonly value: string;
  /** 'Mode: Ask → Code'. */
  readonly words: string;
}

/** Of a name in a line about it. In UTF-16 units. */
const NAME_CHARS_MAX = 120;

export function changedOptions(
  before: readonly AgentOption[],
  after: readonly AgentOption[],
  mask: Mask,
): readonly ChangedOption[] {
  const line = (text: string): string => shownLine(text, mask, NAME_CHARS_MAX);
  return after.slice(0, LIST_ITEMS_MAX).flatMap((option) => {
    const { id, value, choices } = option;
    const old = before.find((one) => one.id === id);
    if (old === undefined || old.value === value) return [];
    const nameOf = (of: string): string =>
      line([...choices, ...old.choices].find((choice) => choice.value === of)?.name ?? of);
    const words = `${line(option.name)}: ${nameOf(old.value)} → ${nameOf(value)}`;
    return [{ id, value, words }];
  });
}

export function shownOptions(
  options: readonly PermissionOption[],
  mask: Mask,
  line: Line,
  chars: number,
): readonly PermissionOption[] {
  return options.slice(0, LIST_ITEMS_MAX).map(({ id, name, kind }, index) => ({
    id: shownId(id, index, mask),
    name: line(name, chars),
    kind,
  }));
}
