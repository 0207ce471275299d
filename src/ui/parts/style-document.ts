// A document for xterm.js under a Content-Security-Policy without 'unsafe-inline': the style
// elements and style attributes it makes are turned into constructed sheets and CSSOM calls.

/** Hand this to `documentOverride`. `close` takes the sheets out again. */
export interface StyleDocument {
  readonly document: Document;
  /** For what takes the page's own document all the same: one call, made at once. */
  readonly during: (open: () => void) => void;
  readonly close: () => void;
}

export function openStyleDocument(real: Document): StyleDocument {
  const sheets = new Set<CSSStyleSheet>();
  const make = (tag: string): HTMLElement => Document.prototype.createElement.call(real, tag);
  const drop = (sheet: CSSStyleSheet): void => {
    sheets.delete(sheet);
    real.adoptedStyleSheets = real.adoptedStyleSheets.filter((one) => one !== sheet);
  };
  const styleElement = (): HTMLElement => {
    const sheet = new CSSStyleSheet();
    sheets.add(sheet);
    real.adoptedStyleSheets = [...real.adoptedStyleSheets, sheet];
    const stand = make('span');
    stand.hidden = true;
    Object.defineProperty(stand, 'textContent', {
      set(css: string) {
        sheet.replaceSync(css);
      },
      get: () => '',
    });
    const remove = stand.remove.bind(stand);
    stand.remove = () => {
      drop(sheet);
      remove();
    };
    return stand;
  };
  const createElement = (tag: string): HTMLElement => {
    if (tag === 'style') return styleElement();
    const element = make(tag);
    if (tag === 'span') element.setAttribute = setAttributeByCssom;
    return element;
  };
  const document = new Proxy(real, {
    get(target, key) {
      if (key === 'createElement') return createElement;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return {
    document,
    during(open) {
      // xterm.js 6.0 makes its scrollbar's style element with the page's own document.
      Object.defineProperty(real, 'createElement', { value: createElement, configurable: true });
      try {
        open();
      } finally {
        Reflect.deleteProperty(real, 'createElement');
      }
    },
    close() {
      for (const sheet of sheets) drop(sheet);
    },
  };
}

function setAttributeByCssom(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}
