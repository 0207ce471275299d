// The keys of a pane that hold wherever the keyboard is, but in the terminal's own grid.
import { whyNotAnswer } from '../model/thread-rights.ts';
import { actorOf, type ThreadFrame } from './thread-frame.ts';

/** Whether the key was one of them. */
export function paneKey(event: KeyboardEvent, frame: ThreadFrame): boolean {
  // A key in a dialog is the dialog's, one in an unfinished character the input method's.
  const inDialog = event.target instanceof Element && event.target.closest('dialog') !== null;
  if (inDialog || event.isComposing || event.defaultPrevented) return false;
  const command = event.ctrlKey || event.metaKey;
  if (command && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'i') {
    frame.session.conversations.toggle();
    frame.toInput();
    return true;
  }
  if (event.key === 'Escape' && !command) return stopLooked(frame);
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (digit === undefined || !event.altKey || command) return false;
  return answerOpen(Number(digit) - 1, frame);
}

function stopLooked(frame: ThreadFrame): boolean {
  const thread = frame.session.conversations.looked.peek();
  if (thread === null || !frame.session.can('prompt')) return false;
  if (thread.head.status !== 'running' && thread.head.status !== 'waiting') return false;
  void frame.session.act({ type: 'thread.stop', thread: thread.id });
  return true;
}

/** The request of the conversation looked at, or else the first that is open. */
function answerOpen(at: number, frame: ThreadFrame): boolean {
  const { open, looked } = frame.session.conversations;
  const all = open.peek();
  const id = looked.peek()?.id;
  const asked = id === undefined ? all[0] : all.find(({ thread }) => thread.id === id);
  if (asked?.part.head.kind !== 'permission') return false;
  const option = asked.part.head.options[at];
  if (option === undefined || whyNotAnswer(actorOf(frame.session), option) !== null) return false;
  void frame.session.act({
    type: 'permission.answer',
    thread: asked.thread.id,
    part: asked.part.id,
    option: option.id,
  });
  return true;
}
