// Alice works in real shells, with files of her own that do what such files do; every command she
// runs becomes a block with its text, place, output and exit code.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeInEachShell, type ShellName } from '../../e2e/stage/each-shell.ts';
import { lacks } from '../../e2e/stage/needs.ts';
import { alice, readyRig, startedRig } from './shell-rig.ts';

/** Files that set prompts anew each time, print before prompts, alias what we use, want $?. */
const HOSTILE: readonly { shell: ShellName; what: string; home: Record<string, string> }[] = [
  { shell: 'bash', what: 'no files', home: {} },
  {
    shell: 'bash',
    what: 'PROMPT_COMMAND as a string that prints and sets PS1',
    home: {
      '.bashrc': [
        'shopt -s expand_aliases histappend',
        "alias printf='echo hijacked' local=false ls='ls -1' builtin=true '[['=false",
        'HISTCONTROL=ignoreboth HISTTIMEFORMAT="%F %T "',
        'PROMPT_COMMAND=\'S=$?; echo "hook saw $S"; PS1="\\u:\\w [$S]\\$ "; history -a; PS0="$PS0"\'',
        'set -o vi',
      ].join('\n'),
    },
  },
  {
    shell: 'bash',
    what: 'PROMPT_COMMAND as an array, and set -u',
    home: {
      '.bashrc':
        'PROMPT_COMMAND=(\'S=$?; echo "hook saw $S"\' \'PS1="a$S b \\[\\e[1m\\]> \\[\\e[0m\\]"\')\nPS2="more> "\nset -u\nHISTCONTROL=ignoreboth\n',
    },
  },
  { shell: 'zsh', what: 'no files', home: {} },
  {
    shell: 'zsh',
    what: 'a function precmd that prints, and prompts set anew',
    home: {
      '.zshrc': [
        'setopt prompt_subst no_unset extended_glob ksh_arrays',
        'precmd() { local s=$?; echo "hook saw $s"; PS1="%~ [$s]> " }',
        'preexec() { : "$1" }',
        'alias print="echo hijacked" local=false zle=false',
        'bindkey -v',
      ].join('\n'),
    },
  },
  {
    shell: 'zsh',
    what: 'precmd_functions and a ZDOTDIR of her own',
    home: {
      '.zshenv': 'export ZDOTDIR=$HOME/zsh\n',
      'zsh/.zshrc':
        'show() { local s=$?; echo "hook saw $s"; return $s }\nprecmd_functions+=(show)\nPS1="%B%~%b %# "\nRPS1="right %?"\nsetopt hist_ignore_space\n',
    },
  },
  {
    shell: 'zsh',
    what: 'a theme whose hook sets the prompt, as oh-my-posh does',
    home: {
      '.zshrc': [
        'theme() { local s=$?; echo "hook saw $s"; PS1="%~ [$s]> " PS2="more> "; return $s }',
        'precmd_functions+=(theme)',
        'PERIOD=3600; often() { echo "often" >>~/often }; periodic_functions+=(often)',
      ].join('\n'),
    },
  },
  { shell: 'fish', what: 'no files', home: {} },
  {
    shell: 'fish',
    what: 'a prompt that prints, events of its own, vi keys',
    home: {
      '.config/fish/config.fish': [
        'set -g fish_greeting hello',
        'fish_vi_key_bindings',
        'function fish_prompt; set -l s $status; echo "hook saw $s"; echo -n "> "; end',
        'function fish_right_prompt; echo right; end',
        'function noise --on-event fish_postexec; echo -n; end',
      ].join('\n'),
    },
  },
];

describe.each(HOSTILE)('$shell, $what', ({ shell, home }) => {
  const inShell = test.skipIf(lacks(shell));
  inShell('[TM1] commands become blocks: text, place, exit code, rows, author', async () => {
    const rig = await readyRig({ shell, home });
    expect(await rig.typeLine('echo one; false')).toMatchObject({
      command: 'echo one; false',
      exit: 1,
      output: 'one',
      author: alice,
      directory: rig.home,
    });
    // Her own hooks see the status of her command, not of ours.
    if (home['.bashrc'] !== undefined || home['.zshrc'] !== undefined) {
      expect(rig.screenText()).toContain('hook saw 1');
    }
    const quoted = `echo "a;b" 'c\\d' "ünï 界"`;
    expect(await rig.typeLine(quoted)).toMatchObject({
      command: quoted,
      exit: 0,
      output: 'a;b c\\d ünï 界',
    });
    expect(await rig.typeLine('echo twice')).toMatchObject({ command: 'echo twice' });
    expect(await rig.typeLine('echo twice')).toMatchObject({
      command: 'echo twice',
      output: 'twice',
    });
    const long = `echo ${'wrapped '.repeat(20)}end`;
    expect(await rig.typeLine(long)).toMatchObject({ command: long, exit: 0 });
    expect(await rig.typeLine(' echo hidden')).toMatchObject({ output: 'hidden' });
    expect(rig.ended.at(-1)?.command.trim()).toBe('echo hidden');
    await rig.typeLine('mkdir "a b;c" && cd "a b;c"');
    expect(await rig.typeLine('printf x')).toMatchObject({ directory: `${rig.home}/a b;c` });
    expect(rig.unexpected()).toBe(0);
    expect(rig.scanner.dropped()).toBe(0);
  });

  inShell('[TM1] at the first prompt of all a command can be run', async () => {
    const rig = await readyRig({ shell, home });
    // We take the person's period for ourselves, and give it back.
    rig.run(shell === 'zsh' ? 'echo "first ${PERIOD-}"' : 'echo first');
    const period = home['.zshrc']?.includes('PERIOD') === true ? ' 3600' : '';
    expect(await rig.block(1)).toMatchObject({ exit: 0, output: `first${period}` });
  });

  inShell('[TM1] several lines are one command', async () => {
    const rig = await readyRig({ shell, home });
    const lines =
      shell === 'fish'
        ? ['for i in 1 2', 'echo "n$i"', 'end']
        : ['for i in 1 2; do', 'echo "n$i"', 'done'];
    rig.type(lines.map((line) => `${line}\r`).join(''));
    const block = await rig.block(1);
    expect(block.output).toBe('n1\nn2');
    expect(block.command.split('\n').map((line) => line.trim())).toEqual(lines);
    rig.type('echo "first\rsecond"\r');
    expect(await rig.block(2)).toMatchObject({
      command: 'echo "first\nsecond"',
      output: 'first\nsecond',
    });
  });

  inShell('[TM7] an empty Enter and Ctrl-C at the prompt make no block', async () => {
    const rig = await readyRig({ shell, home });
    const prompts = () => rig.phases.filter((p) => p.phase === 'prompt' && p.ready).length;
    rig.type('\r');
    await rig.until('another prompt', () => prompts() === 2);
    rig.type('half');
    await rig.until('the typed text', () => rig.screenText().includes('half'));
    await rig.press('\u0003', () => prompts() > 2);
    expect(rig.begun).toEqual([]);
    expect(rig.unexpected()).toBe(0);
  });
});

describeInEachShell('what she runs', [], (shell) => {
  test('[TM1] Ctrl-C while a command runs ends its block with 130', async () => {
    const rig = await readyRig({ shell });
    rig.type("sh -c 'echo up; exec sleep 100'\r");
    await rig.until('the command', () => rig.screenText().includes('\nup'));
    rig.pty.writeControl(new Uint8Array([3]));
    expect(await rig.block(1)).toMatchObject({ exit: 130, state: 'done' });
  });

  test('[TM1] Ctrl-Z ends the block, the job lives', async () => {
    const rig = await readyRig({ shell });
    rig.type("sh -c 'echo up; exec sleep 100'\r");
    await rig.until('the command', () => rig.screenText().includes('\nup'));
    rig.pty.writeControl(new Uint8Array([26]));
    expect((await rig.block(1)).exit).toBe(shell === 'fish' ? 0 : 148);
    expect((await rig.typeLine('jobs')).output).toContain('sleep');
    await rig.typeLine('kill %1');
  });

  test.skipIf(lacks('vim'))(
    '[TM1] a full-screen program is one block, and the main screen comes back',
    async () => {
      const rig = await readyRig({ shell });
      await rig.typeLine('echo before');
      rig.type('vim -u NONE -N\r');
      await rig.until('vim', () => rig.screen.buffer.active.type === 'alternate');
      rig.type(':q!\r');
      expect(await rig.block(2)).toMatchObject({ command: 'vim -u NONE -N', exit: 0 });
      expect(rig.screenText()).toContain('before');
    },
  );

  test('[TM2] marks printed by programs are dropped, foreign ones pass untouched', async () => {
    const rig = await readyRig({ shell });
    const forged = String.raw`printf '\033]7717;AAAAAAAAAAAAAAAAAAAAAA;done;0\007\033]7717;ready\007\033]133;A\007\033]7;file:///\007'`;
    const block = await rig.typeLine(forged);
    expect(block.raw).toContain('\u001b]133;A\u0007\u001b]7;file:///\u0007');
    expect(block.raw).not.toContain('\u001b]7717');
    expect(rig.scanner.dropped()).toBe(1);
    expect(rig.unexpected()).toBe(1);
    expect(await rig.typeLine('echo on')).toMatchObject({ number: 2, output: 'on', exit: 0 });
  });

  test('[TM3] the nonce is in no environment, and its file is empty', async () => {
    const rig = await readyRig({ shell });
    const block = await rig.typeLine('env | grep MESHELL');
    expect(block.output).toBe('');
    expect(statSync(join(rig.folder, 'nonce')).size).toBe(0);
    expect(await rig.typeLine('echo "[$ZDOTDIR$XDG_DATA_DIRS$TERM_PROGRAM]"')).toMatchObject({
      output: '[meshell]',
    });
  });

  test('[TM1] a nested shell is one long block', async () => {
    const rig = await readyRig({ shell });
    rig.type('bash --norc\r');
    await rig.until('its prompt', () => /bash-5\S*[#$]/.test(rig.screenText()));
    rig.type('echo inner\r');
    await rig.until('its output', () => rig.screenText().includes('\ninner'));
    expect(rig.begun).toHaveLength(1);
    rig.type('exit 7\r');
    expect(await rig.block(1)).toMatchObject({ command: 'bash --norc', exit: 7 });
  });

  test('[TM1] output without a line break belongs to its block alone', async () => {
    const rig = await readyRig({ shell });
    expect(await rig.typeLine('printf open')).toMatchObject({ output: 'open' });
    expect(await rig.typeLine('true')).toMatchObject({ output: '' });
    expect(await rig.typeLine('seq 1 60')).toMatchObject({
      output: Array.from({ length: 60 }, (_, i) => String(i + 1)).join('\n'),
    });
  });

  test('[TM1] exit ends the last block with its code', async () => {
    const rig = await readyRig({ shell });
    rig.type('exit 3\r');
    await rig.until('the end', () => rig.exit() !== null);
    expect(rig.exit()).toEqual({ code: 3, signal: null });
    expect(rig.ended.at(-1)).toMatchObject({ command: 'exit 3', exit: 3, state: 'done' });
    expect(rig.phase()).toEqual({ phase: 'exited', code: 3 });
  });

  test('[TM6] a killed shell interrupts its block', async () => {
    const rig = await readyRig({ shell });
    rig.type('sleep 100\r');
    await rig.until('the command', () => rig.phase().phase === 'running');
    process.kill(rig.pty.pid, 'SIGKILL');
    await rig.until('the end', () => rig.exit() !== null);
    expect(rig.ended.at(-1)).toMatchObject({ exit: null, state: 'interrupted' });
  });

  test('[TM1] a login shell reads what a login shell reads', async () => {
    const profile = shell === 'zsh' ? '.zprofile' : '.bash_profile';
    const home =
      shell === 'fish'
        ? { '.config/fish/config.fish': 'status is-login; and set -gx FROM login' }
        : { [profile]: 'export FROM=login\n' };
    const rig = await readyRig({ shell, home, login: true });
    expect(await rig.typeLine('echo "from $FROM"')).toMatchObject({ output: 'from login' });
  });

  test.skipIf(lacks('vim'))('[RL7] an editor opened on the line is not typed into', async () => {
    const rig = await readyRig({
      shell,
      env: { EDITOR: 'vim -u NONE -N', VISUAL: 'vim -u NONE -N' },
      home: {
        '.zshrc':
          "autoload -Uz edit-command-line; zle -N edit-command-line; bindkey '^X^E' edit-command-line\n",
      },
    });
    rig.type(shell === 'fish' ? '\u001be' : '\u0018\u0005');
    await rig.until('vim', () => rig.screen.buffer.active.type === 'alternate');
    rig.run('echo waited');
    expect(rig.queue()).toHaveLength(1);
    rig.type(':q!\r');
    await rig.until('the command', () => rig.ended.some((b) => b.output === 'waited'));
    expect(rig.ended.at(-1)).toMatchObject({ command: 'echo waited', exit: 0 });
  });
});

test('[TM5] bash: two lines pasted at once are two blocks, the first without an exit code', async () => {
  const rig = await readyRig({ shell: 'bash' });
  rig.type('\u001b[200~echo one\necho two\u001b[201~\r');
  await rig.block(2);
  expect(rig.ended).toMatchObject([
    { number: 1, command: 'echo one', output: 'one', exit: null, state: 'done' },
    { number: 2, command: 'echo two', output: 'two', exit: 0 },
  ]);
});

test.each([
  ['put before what was there', 'PROMPT_COMMAND="true; $PROMPT_COMMAND"'],
  ['put behind it', 'PROMPT_COMMAND="${PROMPT_COMMAND:+$PROMPT_COMMAND; }true"'],
  ['set anew, and the prompt with it', `PROMPT_COMMAND='true' PS1='> '`],
  ['a list, set anew', `PROMPT_COMMAND=(true 'S=$?') PS1='> '`],
  ['a list that grows at its front', 'PROMPT_COMMAND=(true "${PROMPT_COMMAND[@]}")'],
])(
  '[TM1] bash reads its files again, PROMPT_COMMAND %s: exit codes and prompts stay right',
  async (_, text) => {
    const rig = await readyRig({ shell: 'bash', home: { '.bashrc': `${text}\n` } });
    expect(await rig.typeLine('. ~/.bashrc; false')).toMatchObject({ number: 1, exit: 1 });
    expect(await rig.typeLine('false')).toMatchObject({ number: 2, exit: 1, output: '' });
    await rig.typeLine('. ~/.bashrc');
    rig.run('echo by-bob; (exit 3)');
    expect(await rig.block(4)).toMatchObject({ exit: 3, output: 'by-bob' });
    expect(rig.unexpected()).toBe(0);
  },
);

test('[TM1] bash, PROMPT_COMMAND set anew by hand: exit codes and prompts come all the same', async () => {
  const rig = await readyRig({ shell: 'bash' });
  await rig.typeLine('PROMPT_COMMAND=true');
  expect(await rig.typeLine('(exit 4)')).toMatchObject({ number: 2, exit: 4, output: '' });
  rig.run('echo by-bob');
  expect(await rig.block(3)).toMatchObject({ exit: 0, output: 'by-bob' });
});

test('[TM4] bash with its history off still gives the text, from the screen', async () => {
  const rig = await readyRig({ shell: 'bash', home: { '.bashrc': 'set +o history\n' } });
  expect(await rig.typeLine('echo unkept; true')).toMatchObject({
    command: 'echo unkept; true',
    output: 'unkept',
  });
});

test('[TM1] a shell that sends no marks is a plain one after its time', async () => {
  const rig = await startedRig({ shell: 'bash', home: { '.bashrc': 'shopt -u promptvars\n' } });
  await rig.until('its prompt', () => rig.screenText().length > 0);
  expect(rig.phase()).toEqual({ phase: 'starting' });
  rig.run('echo never');
  rig.overdue();
  expect(rig.phase()).toEqual({ phase: 'plain' });
  expect(rig.refused).toEqual(['command.noMarks']);
});
