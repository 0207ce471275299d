// The ES modules inside the xterm packages. Their package entry points are CommonJS without
// names that Node can see, so these files are what both Node and a bundler can import.
declare module '@xterm/headless/lib-headless/xterm-headless.mjs' {
  export { Terminal } from '@xterm/headless';
}

declare module '@xterm/addon-unicode11/lib/addon-unicode11.mjs' {
  export { Unicode11Addon } from '@xterm/addon-unicode11';
}
