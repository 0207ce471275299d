// Markdown (CommonMark with GFM) read into a tree and drawn node by node. HTML in it stays text,
// images become links, and links lead to http and https only.
import type { ComponentChildren } from 'preact';
import { h } from 'preact';
import { Copy, Image } from 'lucide';
import type { Definition, Nodes, RootContent, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import remend from 'remend';
import { safeUrl } from '../model/markdown-pieces.ts';
import { Code } from './code.tsx';
import { Icon } from './icon.tsx';

type CopyText = (text: string, what: string) => void;

interface Reading {
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly copy: CopyText;
}

/** Deeper nesting than this is drawn as text: nobody writes it, but somebody may send it. */
const DEPTH_MAX = 40;

export function markdownNodes(text: string, live: boolean, copy: CopyText): ComponentChildren {
  const tree = fromMarkdown(live ? remend(text) : text, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  const definitions = new Map(
    tree.children.flatMap((node) =>
      node.type === 'definition' ? [[node.identifier, node] as const] : [],
    ),
  );
  return drawnAll(tree.children, { definitions, copy }, 0);
}

function drawnAll(
  nodes: readonly RootContent[],
  reading: Reading,
  depth: number,
): ComponentChildren {
  if (depth > DEPTH_MAX) return nodes.map(textOf).join('');
  return nodes.map((node) => drawn(node, reading, depth + 1));
}

function drawn(node: RootContent, reading: Reading, depth: number): ComponentChildren {
  const inner = (): ComponentChildren =>
    'children' in node ? drawnAll(node.children, reading, depth) : null;
  switch (node.type) {
    case 'text':
      return node.value;
    case 'html':
      return <span class="md-html">{node.value}</span>;
    case 'paragraph':
      return <p>{inner()}</p>;
    case 'heading':
      return <h4 class={`md-h${node.depth}`}>{inner()}</h4>;
    case 'emphasis':
      return <em>{inner()}</em>;
    case 'strong':
      return <strong>{inner()}</strong>;
    case 'delete':
      return <del>{inner()}</del>;
    case 'inlineCode':
      return <code>{node.value}</code>;
    case 'break':
      return <br />;
    case 'thematicBreak':
      return <hr />;
    case 'blockquote':
      return <blockquote>{inner()}</blockquote>;
    case 'code':
      return <CodeBlock text={node.value} language={node.lang ?? ''} copy={reading.copy} />;
    case 'list':
      return node.ordered === true ? (
        <ol start={node.start ?? 1}>{inner()}</ol>
      ) : (
        <ul>{inner()}</ul>
      );
    case 'listItem':
      return (
        <li class={typeof node.checked === 'boolean' ? 'md-task' : undefined}>
          {typeof node.checked === 'boolean' && (
            <span class={`md-box ${node.checked ? 'checked' : ''}`}>
              <span class="unseen">{node.checked ? 'done:' : 'to do:'}</span>
            </span>
          )}
          <div>{inner()}</div>
        </li>
      );
    case 'table':
      return <TableView table={node} reading={reading} depth={depth} />;
    case 'link':
      return linkTo(node.url, inner());
    case 'linkReference':
      return linkTo(reading.definitions.get(node.identifier)?.url ?? '', inner());
    case 'image':
      return imageLink(node.url, node.alt ?? '');
    case 'imageReference':
      return imageLink(reading.definitions.get(node.identifier)?.url ?? '', node.alt ?? '');
    case 'definition':
      return null;
    case 'footnoteReference':
      return <sup>{node.label ?? node.identifier}</sup>;
    case 'footnoteDefinition':
      return (
        <div class="md-footnote">
          <sup>{node.label ?? node.identifier}</sup> <div>{inner()}</div>
        </div>
      );
    default:
      return inner() ?? textOf(node);
  }
}

function linkTo(url: string, words: ComponentChildren): ComponentChildren {
  const href = safeUrl(url);
  if (href === null) return <span>{words}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
      {words}
    </a>
  );
}

function imageLink(url: string, alt: string): ComponentChildren {
  return linkTo(
    url,
    <span class="md-image">
      <Icon node={Image} size={14} /> {alt === '' ? 'Image' : alt}
    </span>,
  );
}

function TableView({ table, reading, depth }: { table: Table; reading: Reading; depth: number }) {
  const rows = table.children.map((row, at) => (
    <tr key={at}>
      {row.children.map((cell, column) =>
        h(
          at === 0 ? 'th' : 'td',
          { key: column, class: `md-${table.align?.[column] ?? 'left'}` },
          drawnAll(cell.children, reading, depth),
        ),
      )}
    </tr>
  ));
  return (
    <div class="md-table" role="region" aria-label="Table" tabIndex={0}>
      <table>
        <thead>{rows.slice(0, 1)}</thead>
        <tbody>{rows.slice(1)}</tbody>
      </table>
    </div>
  );
}

function CodeBlock({ text, language, copy }: { text: string; language: string; copy: CopyText }) {
  const name = language.split(/[\s{,:]/)[0] ?? '';
  return (
    <figure class="md-code">
      <figcaption>
        <span class="grow">{name}</span>
        <button
          type="button"
          class="button small icon-only"
          aria-label="Copy code"
          title="Copy code"
          onClick={() => copy(text, 'Code')}
        >
          <Icon node={Copy} size={14} />
        </button>
      </figcaption>
      <pre tabIndex={0} role="region" aria-label={name === '' ? 'Code' : `Code in ${name}`}>
        <Code text={text} language={name} />
      </pre>
    </figure>
  );
}

function textOf(node: Nodes): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
}
