// 'Join a session…' from the sharer's own page: another share opens in a tab of its own.
import { useState } from 'preact/hooks';
import { CircleAlert } from 'lucide';
import { faultWords } from '../../protocol/faults.ts';
import { joinTarget } from '../model/join-text.ts';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';

export function JoinDialog({
  origin,
  signal,
  go,
  close,
}: {
  origin: string;
  signal: string | null;
  go: (url: string) => void;
  close: () => void;
}) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const join = (): void => {
    const target = joinTarget(text, { origin, looksUpCodes: false, signal });
    if (!target.ok) {
      setFault(faultWords(target.fault).mine);
      return;
    }
    if (target.value.go === 'there') go(target.value.url);
    close();
  };
  return (
    <Dialog title="Join a session" close={close}>
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          join();
        }}
      >
        <label class="field">
          <span>Code with its place, or link</span>
          <input
            type="text"
            class="text-input mono"
            placeholder="4271-apple-tiger@192.168.1.5:4271"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            autofocus
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        {fault !== null && (
          <p class="fault-line" role="alert">
            <Icon node={CircleAlert} /> {fault}
          </p>
        )}
        <div class="dialog-foot">
          <button type="submit" class="button primary large" disabled={text.trim() === ''}>
            Join
          </button>
        </div>
      </form>
    </Dialog>
  );
}
