import { describe, expect, test } from 'vitest';
import { joinFlags, shareFlags, signalFlags } from '../../../src/cli/flags.ts';
import { connectionWords, keysHint, statusWords, stepWords } from '../../../src/cli/join-words.ts';
import { cellsOf, fitted, printable, spread } from '../../../src/cli/printable.ts';
import { PRESETS } from '../../../src/protocol/capability.ts';
import { viewerState } from './stage.ts';

describe('flags', () => {
  test('what stands behind -- is the command, flags in it too', () => {
    const flags = shareFlags(['--local', '--start', '12', '--', 'ssh', '--json', 'host']);
    expect(flags).toMatchObject({
      ok: true,
      value: {
        reach: 'local',
        start: { from: 'block', block: 12 },
        json: false,
        command: ['ssh', '--json', 'host'],
      },
    });
  });

  test('where nothing is said: the rows now on screen, no place chosen, nobody let in unasked', () => {
    expect(shareFlags([])).toMatchObject({
      value: { start: { from: 'screen' }, reach: null, autoAdmit: null, port: null, fresh: false },
    });
    expect(shareFlags(['--signal', 'wss://m.example'])).toMatchObject({
      value: { reach: 'signal', signal: 'wss://m.example' },
    });
  });

  test('[CL15] whoever is let in with something may also see', () => {
    expect(shareFlags(['--auto-admit', 'run,type'])).toMatchObject({
      value: { autoAdmit: ['view', 'run', 'type'] },
    });
  });

  test.each([
    [['--start', 'yesterday'], /--start takes/],
    [['--port', '70000'], /--port takes/],
    [['--signal', 'http://x'], /--signal takes/],
    [['--auto-admit', 'everything'], /--auto-admit takes/],
    [['--name', '\u001b[2J'], /--name takes/],
    [['--lan', '--local'], /Either --lan or --local/],
    [['--frash'], /--frash/],
    [['dance'], /“dance”/],
  ])('%j is answered with a sentence', (args, sentence) => {
    expect(shareFlags(args)).toMatchObject({ ok: false, fault: expect.stringMatching(sentence) });
  });

  test('a code read out may have blanks between its words', () => {
    expect(joinFlags(['4271', 'apple', 'tiger', '--json'])).toMatchObject({
      value: { invite: '4271 apple tiger', json: true },
    });
    expect(joinFlags([])).toMatchObject({ ok: false });
    expect(signalFlags(['--port', '80'])).toMatchObject({ value: { port: 80, host: '127.0.0.1' } });
  });
});

describe('text on its way to a terminal', () => {
  test('[CL1] holds nothing that a terminal obeys, nothing that turns it round or hides in it', () => {
    const nasty = 'a\u001b[2Jb\u009b31mc\u202ed\u2066e\u200bf\ufeffg\nh\u{e0041}i\u0007';
    expect(printable(nasty)).toBe('a[2Jb31mcdefghi');
    expect(printable('Zoë 李小龍 👍🏽')).toBe('Zoë 李小龍 👍🏽');
  });

  test('is cut to cells, not to letters', () => {
    expect(cellsOf('李e\u0301x')).toBe(4);
    expect(fitted('李小龍', 5)).toBe('李小…');
    expect(fitted('李小龍', 4)).toBe('李… ');
    expect(fitted('ab', 4)).toBe('ab  ');
    expect(spread('left', 'right', 12)).toBe('left   right');
    expect(spread('a long left side', 'right', 12)).toBe('a long left…');
  });
});

describe('what a terminal viewer reads', () => {
  test('each step on the way in', () => {
    const place = '192.168.1.5:4271';
    expect(stepWords({ phase: 'reaching', attempt: 1 }, place)).toContain(place);
    expect(stepWords({ phase: 'reaching', attempt: 3 }, place)).toMatch(/Trying again \(3\)/);
    const knocking = { phase: 'knocking', words: 'a b c d', sharer: 'Al\u001bice' } as const;
    expect(stepWords(knocking, place)).toBe(
      'Waiting for Alice to let you in… Check words: a b c d',
    );
  });

  test('[CL21] who shares, as what one is here, how one is connected, how many are here', () => {
    const line = statusWords(viewerState(PRESETS.viewer), 80);
    expect(line).toMatch(/^ Alice shares · Viewer · direct 12 ms · 2 here +Ctrl-\] menu $/);
    expect(line).toHaveLength(80);
    expect(statusWords(viewerState(PRESETS.editor), 80)).toContain('Editor');
    expect(statusWords(viewerState(['view', 'type']), 80)).toContain('you may type');
  });

  test('[CL30] while away: why, and that it is tried again', () => {
    const away = { phase: 'away', fault: 'link.silent', attempt: 2 } as const;
    expect(connectionWords(away)).toBe('The sharer stopped answering. Trying again… (2)');
  });

  test('[CL22] why keys go nowhere, or nothing where they go somewhere', () => {
    expect(keysHint(viewerState(PRESETS.viewer))).toMatch(/Ctrl-\] r asks for edit access/);
    expect(keysHint(viewerState(PRESETS.editor))).toBe('');
    const typing = viewerState(['view', 'type']);
    expect(keysHint(typing)).toMatch(/not at the prompt/);
    const place = { top: 0, from: 0, block: 1, alternate: true, title: '' } as const;
    expect(keysHint({ ...typing, place: { ...place, shell: 'running' } })).toBe('');
    const away = { phase: 'away', fault: 'link.silent', attempt: 1 } as const;
    expect(keysHint(viewerState(PRESETS.editor, { connection: away }))).toMatch(/Not connected/);
  });
});
