// meshell join in a terminal: the session's screen in this window, a status line, a prefix key.
import type { Viewer } from '../session/viewer-state.ts';
import type { Leaving } from './leaving.ts';

export async function runJoinTerminal(_viewer: Viewer, _leaving: Leaving): Promise<void> {}
