// Key shapes that tell themselves: which of a word's characters are a key, and whose. Each is
// linear in the word: what may repeat cannot begin a second time inside its own run.

export interface Found {
  /** In UTF-16 units of the word. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

interface Shape {
  readonly label: string;
  /** Without groups, flags or anchors: what stands on its left is checked for all. */
  readonly source: string;
}

/** Formats as their makers document them, read generously: new lengths come without notice. */
const SHAPES: readonly Shape[] = [
  { label: 'GitHub token', source: 'gh[pousr]_[A-Za-z0-9]{30,}' },
  { label: 'GitHub token', source: 'github_pat_[A-Za-z0-9_]{40,}' },
  {
    label: 'GitLab token',
    source: 'gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt)-[A-Za-z0-9_.-]{18,}',
  },
  { label: 'Anthropic key', source: 'sk-ant-[A-Za-z0-9_-]{20,}' },
  { label: 'OpenAI key', source: 'sk-(?:proj|svcacct|admin|or-v1)-[A-Za-z0-9_-]{20,}' },
  { label: 'OpenAI key', source: 'sk-[A-Za-z0-9]{20,}' },
  { label: 'AWS key', source: '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])' },
  { label: 'Google key', source: 'AIza[A-Za-z0-9_-]{35}' },
  { label: 'Google token', source: 'ya29\\.[A-Za-z0-9_-]{20,}' },
  { label: 'Google secret', source: 'GOCSPX-[A-Za-z0-9_-]{20,}' },
  { label: 'Slack token', source: 'xox[abeoprs]-[A-Za-z0-9-]{10,}' },
  { label: 'Slack token', source: 'xapp-[A-Za-z0-9-]{20,}' },
  { label: 'Stripe key', source: '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}' },
  { label: 'webhook secret', source: 'whsec_[A-Za-z0-9+/=]{20,}' },
  { label: 'npm token', source: 'npm_[A-Za-z0-9]{30,}' },
  { label: 'PyPI token', source: 'pypi-[A-Za-z0-9_-]{50,}' },
  { label: 'Hugging Face token', source: 'hf_[A-Za-z0-9]{30,}' },
  { label: 'SendGrid key', source: 'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}' },
  { label: 'Twilio key', source: 'SK[0-9a-f]{32}(?![A-Za-z0-9])' },
  { label: 'DigitalOcean token', source: 'do[opr]_v1_[0-9a-f]{40,}' },
  { label: 'Telegram token', source: '[0-9]{8,10}:AA[A-Za-z0-9_-]{33}' },
  {
    label: 'Discord token',
    source: '[MNO][A-Za-z0-9_-]{23,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,}',
  },
  {
    label: 'web token',
    source: 'eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*)*',
  },
  { label: 'Shopify token', source: 'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}' },
  { label: 'Groq key', source: 'gsk_[A-Za-z0-9]{40,}' },
  { label: 'xAI key', source: 'xai-[A-Za-z0-9]{40,}' },
  { label: 'Replicate token', source: 'r8_[A-Za-z0-9]{36,}' },
  { label: 'Linear key', source: 'lin_api_[A-Za-z0-9]{32,}' },
  { label: 'Notion token', source: 'ntn_[A-Za-z0-9]{40,}' },
  { label: 'Docker token', source: 'dckr_pat_[A-Za-z0-9_-]{20,}' },
  { label: 'Vault token', source: 'hv[sbr]\\.[A-Za-z0-9_-]{20,}' },
  { label: 'age key', source: 'AGE-SECRET-KEY-1[A-Z0-9]{50,}' },
];

const ALL = new RegExp(SHAPES.map((shape) => `(?<![A-Za-z0-9_])(${shape.source})`).join('|'), 'g');
/** The shortest shape: shorter words hold none. */
const WORD_CHARS_MIN = 15;
/** user:password@ behind a scheme; the password may hold anything but a slash or another @. */
const USER_INFO =
  /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,19}:\/\/([^\s/@:]{0,256}):([^\s/@]{1,512})@/g;
/** Slack's and Discord's addresses that anyone who has them may post to. */
const WEBHOOK =
  /(?<=hooks\.slack\.com\/(?:services|workflows)\/|discord(?:app)?\.com\/api\/webhooks\/)[A-Za-z0-9/_-]{20,}/g;

/** [MK4] Keys in a word, from the left. `glued`: the word goes on from what was cut before it. */
export function shapesIn(word: string, glued: boolean): readonly Found[] {
  if (word.length < WORD_CHARS_MIN && !word.includes('://')) return [];
  const found: Found[] = [];
  for (const match of word.matchAll(ALL)) {
    if (glued && match.index === 0) continue;
    const at = match.slice(1).findIndex((group) => group !== undefined);
    found.push(foundAt(match.index, match[0], SHAPES[at]?.label ?? 'key'));
  }
  if (!word.includes('://')) return found;
  for (const match of word.matchAll(USER_INFO)) {
    const password = match[2] ?? '';
    if (/^[$<{*%]|^x+$|^password$/i.test(password)) continue;
    found.push(foundAt(match.index + match[0].length - 1 - password.length, password, 'password'));
  }
  for (const match of word.matchAll(WEBHOOK)) {
    found.push(foundAt(match.index, match[0], 'webhook'));
  }
  return found;
}

function foundAt(from: number, text: string, label: string): Found {
  return { from, to: from + text.length, label };
}
