# meshell for bash 4.4 and later: says where prompts, commands and their output begin and end.
# Started as the rc file (--rcfile); reads the person's own files, and writes none.
#
# Everything is defined before the person's files are read, so that no alias of theirs can
# change what it means. A mark is ESC ] 7717 ; NONCE ; KIND ; FIELDS BEL. Those inside a
# prompt carry no nonce, because a prompt's text is easily shown.

[[ $- == *i* ]] || return 0

__meshell_nonce=
if [[ -r ${MESHELL_NONCE_FILE-} ]]; then
  IFS= read -r __meshell_nonce <"$MESHELL_NONCE_FILE"
  : >|"$MESHELL_NONCE_FILE" # read once; emptied rather than deleted, which would cost a process
fi
unset MESHELL_NONCE_FILE

__meshell_running= # whether a command ran since the last prompt
__meshell_history= # the newest history entry at the last prompt
__meshell_escaped= # what __meshell_escape returns
__meshell_nothing= # always empty: PS0 hides an assignment behind it

# To stderr, where bash draws its prompts: stdout may be redirected for the whole shell.
__meshell_mark() {
  builtin printf '\e]7717;%s;%s\a' "$__meshell_nonce" "$1" >&2
}

# Escapes what would end a field or a mark. Byte by byte, whatever the locale.
__meshell_escape() {
  local LC_ALL=C
  __meshell_escaped=${1//\\/\\\\}
  __meshell_escaped=${__meshell_escaped//;/\\x3b}
  __meshell_escaped=${__meshell_escaped//$'\n'/\\x0a}
  __meshell_escaped=${__meshell_escaped//$'\r'/\\x0d}
  __meshell_escaped=${__meshell_escaped//$'\e'/\\x1b}
  __meshell_escaped=${__meshell_escaped//$'\a'/\\x07}
}

# First in PROMPT_COMMAND: the command is over, and what the person's own hooks print is not its
# output. Returns the command's status, which those hooks may want to show.
__meshell_done() {
  local status=$?
  if [[ $__meshell_running ]]; then __meshell_mark "done;$status"; else __meshell_mark done; fi
  __meshell_running=
  return "$status"
}

# Ours first and last in PROMPT_COMMAND, whatever the person's files have made of it since: they set
# it anew, or put theirs before it, when they are read again.
__meshell_hooks() {
  local at
  [[ ${PROMPT_COMMAND-} == $'__meshell_done\n'*__meshell_prompt ]] && return
  [[ ${PROMPT_COMMAND-} == __meshell_done && ${PROMPT_COMMAND[-1]} == __meshell_prompt ]] && return
  if [[ $(builtin declare -p PROMPT_COMMAND 2>/dev/null) == 'declare -a'* ]]; then
    for at in "${!PROMPT_COMMAND[@]}"; do
      __meshell_others "${PROMPT_COMMAND[at]}"
      if [[ $__meshell_escaped ]]; then PROMPT_COMMAND[at]=$__meshell_escaped
      else builtin unset "PROMPT_COMMAND[$at]"
      fi
    done
    PROMPT_COMMAND=(__meshell_done "${PROMPT_COMMAND[@]}" __meshell_prompt)
  else
    __meshell_others "${PROMPT_COMMAND-}"
    PROMPT_COMMAND=$'__meshell_done\n'${__meshell_escaped:+$__meshell_escaped$'\n'}__meshell_prompt
  fi
}

# What of a prompt command is not ours, as __meshell_escape returns it.
__meshell_others() {
  __meshell_escaped=${1//$'__meshell_done\n'/}
  __meshell_escaped=${__meshell_escaped//$'\n__meshell_prompt'/}
  __meshell_escaped=${__meshell_escaped//__meshell_done/}
  __meshell_escaped=${__meshell_escaped//__meshell_prompt/}
}

# In PS1, and run only where nothing came between a command and the prompt. Of several lines that
# were pasted at once nothing comes before the second; else PROMPT_COMMAND was set anew at the
# prompt, and ours are said here.
__meshell_late() {
  local status=$?
  [[ ${PROMPT_COMMAND[*]-} == *__meshell_prompt* ]] && return
  __meshell_mark "done;$status"
  __meshell_escape "$PWD"
  __meshell_mark "prompt;$__meshell_escaped;$$"
}

# Last in PROMPT_COMMAND: themes have set their prompts by now, some of them anew each time.
__meshell_prompt() {
  local status=$?
  __meshell_hooks
  __meshell_escape "$PWD"
  __meshell_mark "prompt;$__meshell_escaped;$BASHPID"
  __meshell_history=$(HISTTIMEFORMAT= builtin history 1)
  [[ ${PS1-} == *'7717;ready'* ]] || PS1=${PS1-}'\[${__meshell_running:+$(__meshell_late)}\e]7717;ready\a\]'
  [[ ${PS2-} == *'7717;more'* ]] || PS2='\[\e]7717;more\a\]'${PS2-}'\[\e]7717;more-ready\a\]'
  # PS0 runs in a subshell, where an assignment would be lost; this one is made by the shell itself.
  [[ ${PS0-} == *__meshell_start* ]] ||
    PS0=${PS0-}'$(__meshell_start)${__meshell_nothing:$((__meshell_running=1)):0}'
  return "$status"
}

# In PS0: the line was read and is about to run. An unchanged history means that the line repeats
# the last one or that bash was told not to keep it: meshell then looks at what stands on the screen.
__meshell_start() {
  local entry text source=history
  entry=$(HISTTIMEFORMAT= builtin history 1)
  [[ $entry == "$__meshell_history" ]] && source=stale
  text=${entry#"${entry%%[0-9]*}"} # blanks before the entry's number
  text=${text#"${text%%[!0-9]*}"}  # the number
  __meshell_escape "${text:2}"     # a star or blank, and a blank
  __meshell_mark "command;$__meshell_escaped;$source"
  __meshell_mark start
}

# Two private keys for 'command.run', in every keymap, so that they mean the same whatever the
# person was doing: 7717 clears the line and is in insert mode; 7718 is the same in bash, where the
# paste that follows needs no help. 7716 is only a step on the way.
__meshell_bind() {
  local keymap key
  for keymap in emacs-standard vi-insert vi-command; do
    for key in 7717 7718; do
      if [[ $keymap == vi-command ]]; then
        builtin bind -m "$keymap" "\"\\e[$key~\": \"\\e[7716~\\e[7717~\""
      else
        builtin bind -m "$keymap" "\"\\e[$key~\": kill-whole-line"
      fi
    done
    builtin bind -m "$keymap" '"\e[200~": bracketed-paste-begin'
  done
  builtin bind -m vi-command '"\e[7716~": vi-insertion-mode'
}

# PS0 came with 4.4, and its marks need promptvars. Without them there are none, and meshell
# says that this shell is a plain one.
__meshell_install() {
  [[ -n $__meshell_nonce ]] || return
  ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) && shopt -q promptvars || return
  __meshell_bind 2>/dev/null
  __meshell_hooks
  # A file that is read with '.' may set PROMPT_COMMAND anew. A trap of the person's own stays.
  [[ $(builtin trap -p RETURN) ]] || builtin trap __meshell_hooks RETURN
}

if [[ -n ${MESHELL_LOGIN-} ]]; then
  # bash takes no --rcfile for a login shell: read what a login shell reads.
  unset MESHELL_LOGIN
  [[ -r /etc/profile ]] && . /etc/profile
  if [[ -r ~/.bash_profile ]]; then . ~/.bash_profile
  elif [[ -r ~/.bash_login ]]; then . ~/.bash_login
  elif [[ -r ~/.profile ]]; then . ~/.profile
  fi
elif [[ -r ~/.bashrc ]]; then
  . ~/.bashrc
fi

__meshell_install # nothing but functions from here on: aliases of theirs are in force now
