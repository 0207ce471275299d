import { expect, test } from 'vitest';
import { entryOf, KEPT, keptWay } from '../../../src/ui/model/entry.ts';

const TOKEN = 't'.repeat(43);
const SESSION = `${'s'.repeat(21)}A`;

function place(rest: { hostname?: string; pathname?: string; hash?: string }) {
  return { hostname: '127.0.0.1', pathname: '/', hash: '', ...rest };
}

function tab(kept: Readonly<Record<string, string>> = {}) {
  return { get: (key: string) => kept[key] ?? null };
}

test('Alice opens the printed link: the app, and the token leaves the address bar', () => {
  expect(entryOf(place({ hash: `#token=${TOKEN}` }), tab())).toEqual({
    entry: { page: 'app', token: TOKEN },
    address: '/',
  });
});

test('Alice reloads: the kept token opens the app, but only on 127.0.0.1', () => {
  const kept = tab({ [KEPT.token]: TOKEN });
  expect(entryOf(place({}), kept).entry).toEqual({ page: 'app', token: TOKEN });
  expect(entryOf(place({ hostname: '192.168.1.5' }), kept).entry).toEqual({ page: 'form' });
  expect(entryOf(place({ hostname: 'localhost' }), kept).entry).toEqual({ page: 'form' });
});

test('Bob opens a link: he joins by it, and the invite leaves the address bar', () => {
  const opening = entryOf(place({ hostname: '192.168.1.5', hash: '#m1.id.secret.key' }), tab());
  expect(opening.entry).toEqual({
    page: 'join',
    way: { by: 'link', invite: 'm1.id.secret.key' },
    resumed: false,
  });
  expect(opening.address).not.toContain('secret');
});

test('a fresh link wins over what an earlier visit left in this tab', () => {
  const kept = tab({ [KEPT.token]: TOKEN, [KEPT.join]: keptWay({ by: 'code', code: '1-a-b' }) });
  expect(entryOf(place({ hash: '#m1.new.x.y' }), kept).entry).toMatchObject({
    way: { by: 'link', invite: 'm1.new.x.y' },
  });
});

test('Bob comes back to /s/<session>: by his key, and the address stays', () => {
  const opening = entryOf(place({ pathname: `/s/${SESSION}` }), tab());
  expect(opening).toEqual({
    entry: { page: 'join', way: { by: 'key', session: SESSION }, resumed: true },
    address: `/s/${SESSION}`,
  });
});

test('Bob reloads while he knocks: the same way, resumed', () => {
  const way = { by: 'link' as const, invite: 'm1.id.secret.key' };
  const opening = entryOf(place({ hostname: 'host' }), tab({ [KEPT.join]: keptWay(way) }));
  expect(opening.entry).toEqual({ page: 'join', way, resumed: true });
});

test('a code handed over by another page is taken from the fragment', () => {
  expect(entryOf(place({ hash: '#code=4271-apple-tiger' }), tab()).entry).toMatchObject({
    way: { by: 'code', code: '4271-apple-tiger' },
  });
});

test.each(['', '#', '#token=short', '#m1.', '#m2.x', '#code=<script>'])(
  'a bare page or a strange fragment %o shows the form',
  (hash) => {
    expect(entryOf(place({ hash }), tab())).toEqual({ entry: { page: 'form' }, address: '/' });
  },
);

test.each(['not json', '{"by":"key","session":"x"}', '{"by":"link"}', 'null'])(
  'what is kept but not ours (%s) is as good as nothing',
  (kept) => {
    expect(entryOf(place({}), tab({ [KEPT.join]: kept })).entry).toEqual({ page: 'form' });
  },
);
