// The live part: the running block's rows that have scrolled off, and the cut of the grid that
// shows what is still on screen. Fits the grid to a viewer's page; measures the sharer's.
import { useSignal, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Theme } from '../model/theme.ts';
import { cropOf, rowsAbove } from '../model/crop.ts';
import { FONT_PX, fittedFont, gridIn } from '../model/fit.ts';
import type { SessionModel } from '../model/session-model.ts';
import type { Place } from '../../session/viewer-state.ts';
import { visibleText } from '../model/words.ts';
import { BlockHead } from './block.tsx';
import { Keyboard } from './keyboard.tsx';
import type { LiveTerminal } from './live-terminal.ts';
import { Rows } from './rows.tsx';
import { toEnd } from './stick-to-end.ts';
import { Ticking } from './ticking.tsx';

/** A drag of the window's edge asks for many sizes; the shell is told the one it ends at. */
const RESIZE_MS = 50;

export function Live({
  session,
  theme,
  viewport,
  keyboard,
  leave,
  now,
}: {
  session: SessionModel;
  theme: Theme;
  /** The scrolling timeline: what the sharer's grid is measured against. */
  viewport: RefObject<HTMLElement | null>;
  keyboard: RefObject<HTMLTextAreaElement | null>;
  leave: () => void;
  now: ReadonlySignal<number>;
}) {
  const host = useRef<HTMLDivElement>(null);
  const terminal = useSignal<LiveTerminal | null>(null);
  const drawn = useSignal({ lastUsed: 0, rows: 24, cell: 0, left: 0, top: 0 });

  useEffect(() => openInto(host, session, keyboard, terminal, drawn), [session]);
  useEffect(() => terminal.value?.setTheme(), [theme, terminal.value]);
  useSizing(session, terminal, viewport, drawn);

  const place = useParsedPlace(session, terminal);
  const held = session.held.value;
  const running = session.running.value;
  const { lastUsed, rows, cell, left, top } = drawn.value;
  const crop = cropOf(held, place, lastUsed, rows);
  const full = place?.alternate === true;
  const busy = session.shell.value === 'running' || session.shell.value === 'plain';
  const above =
    running === undefined || full || place === null ? null : rowsAbove(running, place.top);
  const mayType = session.can('type');
  const shift = crop.first * cell;

  return (
    <div
      class={`live-part ${full ? 'full' : ''} ${busy && !full ? 'busy' : ''}`}
      role="group"
      aria-label="Live terminal"
      onClick={(event) => {
        if (mayType && takesKeys(event)) keyboard.current?.focus({ preventScroll: true });
      }}
    >
      {running !== undefined && !full && (
        <div class="live-head">
          <Ticking now={now}>
            {(nowMs) => <BlockHead block={running} session={session} nowMs={nowMs} />}
          </Ticking>
          <pre class="command">{visibleText(running.command)}</pre>
        </div>
      )}
      {above !== null && (
        <div class="live-rows">
          <Rows head={above.head} omitted={above.omitted} tail={above.tail} />
        </div>
      )}
      <div class="live-scroll">
        <div class="live-crop" style={{ height: `${crop.count * cell}px` }}>
          <div
            ref={host}
            class={`live-grid ${mayType ? 'typeable' : ''}`}
            style={{ transform: `translateY(${-shift}px)` }}
          />
          {mayType && (
            <Keyboard
              field={keyboard}
              place={{ left, top: top - shift }}
              modes={() =>
                terminal.value?.modes() ?? { applicationCursor: false, bracketedPaste: false }
              }
              send={(keys) => {
                toEnd(viewport.current); // what is typed shows there
                terminal.value?.expectEcho();
                session.type(keys);
              }}
              selection={() => terminal.value?.selection() ?? ''}
              leave={leave}
              focused={(focused) => terminal.value?.setFocused(focused)}
            />
          )}
        </div>
      </div>
    </div>
  );
}

/** A click on output that has scrolled off is as one into the grid; one that marks text is not. */
function takesKeys({ target }: MouseEvent): boolean {
  if (target instanceof Element && target.closest('button, a') !== null) return false;
  return document.getSelection()?.isCollapsed !== false;
}

/** The place as of what the grid shows: it comes right behind bytes that take a while to parse. */
function useParsedPlace(
  session: SessionModel,
  terminal: Signal<LiveTerminal | null>,
): Place | null {
  const shown = useSignal(session.place.peek());
  useSignalEffect(() => {
    const place = session.place.value;
    const show = (): void => {
      shown.value = place; // in their order: what was written is parsed in its order
    };
    if (terminal.value === null) show();
    else void terminal.value.parsed().then(show);
  });
  return shown.value;
}

type Drawn = { lastUsed: number; rows: number; cell: number; left: number; top: number };

function openInto(
  host: RefObject<HTMLDivElement | null>,
  session: SessionModel,
  keyboard: RefObject<HTMLTextAreaElement | null>,
  terminal: Signal<LiveTerminal | null>,
  drawn: Signal<Drawn>,
): () => void {
  let closed = false;
  const encoder = new TextEncoder();
  const open = async (): Promise<void> => {
    const { openLiveTerminal } = await import('./live-terminal.ts');
    if (closed || host.current === null) return;
    const opened = openLiveTerminal(host.current, {
      drawn: () => measure(opened, drawn),
      pressed: () => keyboard.current?.focus({ preventScroll: true }),
      mouse: (report) => session.type(encoder.encode(report)),
      mayType: () => session.can('type'),
    });
    terminal.value = opened;
    session.viewer.attach(opened.sink);
  };
  void open();
  return () => {
    closed = true;
    terminal.value?.close();
    terminal.value = null;
  };
}

function measure(terminal: LiveTerminal, drawn: Signal<Drawn>): void {
  const cell = terminal.cell();
  const { column, row } = terminal.cursor();
  const next = {
    lastUsed: terminal.lastUsed(),
    rows: terminal.size().rows,
    cell: cell.height,
    left: column * cell.width,
    top: row * cell.height,
  };
  const before = drawn.peek();
  const same =
    before.lastUsed === next.lastUsed &&
    before.rows === next.rows &&
    before.cell === next.cell &&
    before.left === next.left &&
    before.top === next.top;
  if (!same) drawn.value = next;
}

/** The sharer's page asks for the size it has room for; any other fits its letters to the grid. */
function useSizing(
  session: SessionModel,
  terminal: Signal<LiveTerminal | null>,
  viewport: RefObject<HTMLElement | null>,
  drawn: Signal<Drawn>,
): void {
  const asked = useRef('');
  const resize = (): void => {
    const [at, live] = [viewport.current, terminal.peek()];
    if (at === null || live === null) return;
    const style = getComputedStyle(at);
    const gutter = Number.parseFloat(style.getPropertyValue('--gutter')) * 2;
    const room = { width: at.clientWidth - gutter, height: at.clientHeight - 16 };
    const row = live.cell().height * (FONT_PX / live.fontSize());
    if (row > 0) document.documentElement.style.setProperty('--term-row', `${row}px`);
    if (!session.me.peek().owner) {
      live.setFontSize(
        fittedFont({
          fontPx: live.fontSize(),
          cellWidth: live.cell().width,
          cols: live.size().cols,
          width: room.width,
          full: session.place.peek()?.alternate === true,
        }),
      );
      measure(live, drawn);
      return;
    }
    const grid = gridIn(room, live.cell());
    if (grid === null || !document.hasFocus()) return;
    const name = `${grid.cols}x${grid.rows}`;
    if (name === asked.current) return;
    asked.current = name;
    void session.act({ type: 'terminal.resize', ...grid });
  };
  useEffect(() => {
    let timer = 0;
    const soon = (): void => {
      clearTimeout(timer);
      timer = window.setTimeout(resize, RESIZE_MS);
    };
    const again = (): void => {
      asked.current = ''; // another page may have set the size since
      soon();
    };
    const watching = new ResizeObserver(soon);
    if (viewport.current !== null) watching.observe(viewport.current);
    window.addEventListener('focus', again);
    return () => {
      clearTimeout(timer);
      watching.disconnect();
      window.removeEventListener('focus', again);
    };
  }, [session]);
  useSignalEffect(() => {
    const live = session.connection.value.phase === 'live';
    if (!live) asked.current = ''; // a restarted process knows no size
    else if (terminal.value !== null) resize();
  });
  useSignalEffect(() => {
    const full = session.place.value?.alternate === true;
    if ((drawn.value.rows > 0 || full) && !session.me.peek().owner) resize();
  });
}
