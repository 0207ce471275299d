// A question before something that cannot be taken back.
import { Dialog } from './dialog.tsx';

export interface Question {
  readonly title: string;
  readonly says: string;
  readonly yes: string;
  readonly do: () => void;
}

export function Confirm({ question, close }: { question: Question; close: () => void }) {
  return (
    <Dialog title={question.title} close={close}>
      <p class="muted">{question.says}</p>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          class="button primary"
          onClick={() => {
            close();
            question.do();
          }}
        >
          {question.yes}
        </button>
      </div>
    </Dialog>
  );
}
