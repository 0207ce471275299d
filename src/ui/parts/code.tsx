// Source text in colours: tokens from highlight.js as nodes. The highlighter and each language
// load when they are first needed; until then, and for languages unknown here, it is plain text.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { RootContent } from 'hast';
import type { createLowlight } from 'lowlight';
import { LANGUAGES, languageOf, type Language } from '../model/code-languages.ts';
import { memo } from './memo.ts';

type Colours = ReturnType<typeof createLowlight>;

/** Longer than this is felt while it is coloured. In UTF-16 units. */
const COLOURED_CHARS_MAX = 40_000;

const ready = signal<ReadonlySet<Language>>(new Set());
const asked = new Set<Language>();
let colours: Promise<Colours> | null = null;
let opened: Colours | null = null;

async function load(language: Language): Promise<void> {
  asked.add(language);
  colours ??= import('lowlight').then((lowlight) => lowlight.createLowlight());
  const [loaded, grammar] = await Promise.all([colours, LANGUAGES[language]()]);
  loaded.register(language, grammar.default);
  opened = loaded;
  ready.value = new Set([...ready.value, language]);
}

export const Code = memo(function Code({ text, language }: { text: string; language: string }) {
  const known = text.length > COLOURED_CHARS_MAX ? null : languageOf(language);
  if (known !== null && !asked.has(known)) void load(known);
  if (known === null || opened === null || !ready.value.has(known)) return <code>{text}</code>;
  return <code>{opened.highlight(known, text).children.map(drawn)}</code>;
});

function drawn(node: RootContent): ComponentChildren {
  if (node.type === 'text') return node.value;
  if (node.type !== 'element') return null;
  const { className } = node.properties;
  const names = Array.isArray(className) ? className.join(' ') : '';
  return <span class={names}>{node.children.map(drawn)}</span>;
}
