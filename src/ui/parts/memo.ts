// A component drawn again only when one of its properties is another value than before.
import { Component, type ComponentChildren, type FunctionComponent } from 'preact';
import { h } from 'preact';

export function memo<P extends object>(View: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return !isShallowEqual(this.props, next);
    }
    override render(): ComponentChildren {
      return h(View, this.props);
    }
  }
  return (props: P) => h(Memo, props);
}

function isShallowEqual(a: object, b: object): boolean {
  const before = new Map<string, unknown>(Object.entries(a));
  const after = Object.entries(b);
  return before.size === after.length && after.every(([key, value]) => before.get(key) === value);
}
