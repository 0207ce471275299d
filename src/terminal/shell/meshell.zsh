# meshell for zsh 5.1 and later: says where prompts, commands and their output begin and end.
# Stands as .zshenv in a folder of meshell's own, named by ZDOTDIR; gives the person's ZDOTDIR back
# at once, so that all their files are read from the right place. Writes none of them.
#
# Everything is defined before the person's files are read, so that no alias of theirs can
# change what it means. A mark is ESC ] 7717 ; NONCE ; KIND ; FIELDS BEL. Those inside a
# prompt carry no nonce, because a prompt's text is easily shown.

if [[ -n ${MESHELL_USER_ZDOTDIR+x} ]]; then
  export ZDOTDIR=$MESHELL_USER_ZDOTDIR
  unset MESHELL_USER_ZDOTDIR
else
  unset ZDOTDIR
fi

if [[ -o interactive && -r ${MESHELL_NONCE_FILE-} ]]; then
  typeset -g __meshell_nonce __meshell_escaped
  typeset -gi __meshell_running=0
  IFS= read -r __meshell_nonce <$MESHELL_NONCE_FILE
  : >|$MESHELL_NONCE_FILE # read once
  unset MESHELL_NONCE_FILE

  __meshell_mark() { builtin print -rn -- $'\e]7717;'"$__meshell_nonce;$1"$'\a' }

  # Escapes what would end a field or a mark. Byte by byte, whatever the locale.
  __meshell_escape() {
    emulate -L zsh
    setopt no_multibyte
    __meshell_escaped=${1//\\/\\\\}
    __meshell_escaped=${__meshell_escaped//;/\\x3b}
    __meshell_escaped=${__meshell_escaped//$'\n'/\\x0a}
    __meshell_escaped=${__meshell_escaped//$'\r'/\\x0d}
    __meshell_escaped=${__meshell_escaped//$'\e'/\\x1b}
    __meshell_escaped=${__meshell_escaped//$'\a'/\\x07}
  }

  # First of the precmd functions: the command is over, and what the person's own hooks print is
  # not its output. Returns the command's status, which those hooks may want to show.
  __meshell_done() {
    local -i exit=$?
    emulate -L zsh
    if (( __meshell_running )); then __meshell_mark "done;$exit"; else __meshell_mark done; fi
    __meshell_running=0
    # A hook added since then runs after ours: go to the end again, from the next prompt on.
    if [[ ${precmd_functions[-1]} != __meshell_prompt ]]; then
      precmd_functions=(${precmd_functions:#__meshell_prompt} __meshell_prompt)
    fi
    return $exit
  }

  # Last of the precmd functions: themes have set their prompts by now, some anew each time.
  __meshell_prompt() {
    local -i exit=$?
    emulate -L zsh
    __meshell_escape "$PWD"
    __meshell_mark "prompt;$__meshell_escaped;$$"
    [[ $PS1 == *'7717;ready'* ]] || PS1+=$'%{\e]7717;ready\a%}'
    [[ $PS2 == *'7717;more'* ]] || PS2=$'%{\e]7717;more\a%}'$PS2$'%{\e]7717;more-ready\a%}'
    return $exit
  }

  __meshell_start() {
    __meshell_running=1
    __meshell_escape "$1"
    __meshell_mark "command;$__meshell_escaped;exact"
    __meshell_mark start
  }

  # Two private keys for 'command.run', in every keymap, so that they mean the same whatever the
  # person was doing. 7717 clears the line and is in insert mode.
  __meshell_clear() {
    emulate -L zsh
    BUFFER=
    REGION_ACTIVE=0
    zle -K main
  }

  # 7718 takes the bracketed paste that follows as it is: whether or not the person turned
  # bracketed paste off, and past any widget of theirs that would quote or rewrite it.
  __meshell_take() {
    emulate -L zsh
    local text
    zle .bracketed-paste text
    BUFFER=${text#$'\e[200~'}
    CURSOR=$#BUFFER
  }

  __meshell_bind() {
    emulate -L zsh
    local keymap
    zle -N __meshell_clear
    zle -N __meshell_take
    # An operator that waits for its motion must not meet a function: zsh 5.9 crashes.
    bindkey -M viopp '\e[7717~' vi-cmd-mode
    for keymap in main emacs viins vicmd isearch menuselect; do
      bindkey -M $keymap '\e[7717~' __meshell_clear
      bindkey -M $keymap '\e[7718~' __meshell_take
    done 2>/dev/null
  }

  # The list of the first prompt is running when it is changed, and a theme that is in it sets the
  # prompt after us. What is done from time to time comes after the list, and is due at first.
  __meshell_first() {
    emulate -L zsh
    periodic_functions=(${periodic_functions:#__meshell_first})
    if (( PERIOD < 0 )) unset PERIOD # or else it is the person's own
    unfunction __meshell_first
    __meshell_prompt
  }

  # At the first prompt, when the person's files have all been read.
  __meshell_install() {
    local -i exit=$?
    emulate -L zsh
    setopt no_aliases # a function moved is parsed again: as it was, not through its aliases
    __meshell_bind
    # A function named precmd or preexec runs before the lists of them: put it in the list.
    if (( $+functions[precmd] )); then
      functions[__meshell_user_precmd]=$functions[precmd]
      unfunction precmd
      precmd_functions=(__meshell_user_precmd $precmd_functions)
    fi
    if (( $+functions[preexec] )); then
      functions[__meshell_user_preexec]=$functions[preexec]
      unfunction preexec
      preexec_functions=(__meshell_user_preexec $preexec_functions)
    fi
    precmd_functions=(__meshell_done ${precmd_functions:#__meshell_install} __meshell_prompt)
    preexec_functions+=(__meshell_start)
    # Zsh marks output without a line break by an inverse %, which would count as the command's.
    (( $+PROMPT_EOL_MARK )) || PROMPT_EOL_MARK=
    unfunction __meshell_install
    __meshell_done
    # Unless the person has nothing done from time to time.
    if (( ! ${PERIOD:-0} || ! ${periodic_functions[(I)__meshell_first]} )) __meshell_first
    return $exit
  }

  typeset -ga precmd_functions preexec_functions periodic_functions
  precmd_functions+=(__meshell_install)
  periodic_functions+=(__meshell_first)
  typeset -g PERIOD=-1
fi

if [[ -r ${ZDOTDIR-$HOME}/.zshenv ]]; then
  source -- "${ZDOTDIR-$HOME}/.zshenv"
fi
