# meshell for fish 3.1 and later: says where prompts, commands and their output begin and end.
# Sourced by --init-command, after the person's own files; writes none of them.
#
# A mark is ESC ] 7717 ; NONCE ; KIND ; FIELDS BEL. The one inside the prompt carries no nonce,
# because a prompt's text is easily shown.

status is-interactive; or return
set -q __meshell_nonce; and return
test -r "$MESHELL_NONCE_FILE"; or return

read -g __meshell_nonce <$MESHELL_NONCE_FILE
builtin echo -n >$MESHELL_NONCE_FILE # read once
set -e MESHELL_NONCE_FILE

function __meshell_mark
    builtin printf '\e]7717;%s;%s\a' $__meshell_nonce $argv[1]
end

# Escapes what would end a field or a mark.
function __meshell_escape
    string replace -a '\\' '\\\\' -- $argv[1] |
        string replace -a ';' '\\x3b' |
        string replace -a \r '\\x0d' |
        string replace -a \e '\\x1b' |
        string replace -a \a '\\x07' |
        string join '\\x0a'
end

function __meshell_return
    return $argv[1]
end

# The person's prompt with our mark at its end; again whenever the prompt was defined anew.
function __meshell_wrap_prompt
    functions fish_prompt | string match -q '*7717;ready*'; and return
    functions -e __meshell_user_prompt
    functions -c fish_prompt __meshell_user_prompt
    function fish_prompt
        set -l exit $status
        __meshell_return $exit
        __meshell_user_prompt
        builtin printf '\e]7717;ready\a'
    end
end

function __meshell_mark_prompt
    __meshell_mark "prompt;"(__meshell_escape "$PWD")";$fish_pid"
end

# An event rather than a line of the prompt: fish draws the same prompt many times.
function __meshell_prompt --on-event fish_prompt
    __meshell_wrap_prompt
    __meshell_bind
    # Whatever mode a fresh line begins in is the one to type text in.
    set -g __meshell_mode $fish_bind_mode
    __meshell_mark_prompt
end

function __meshell_start --on-event fish_preexec
    __meshell_mark "command;"(__meshell_escape "$argv[1]")";exact"
    __meshell_mark start
end

function __meshell_done --on-event fish_postexec
    __meshell_mark "done;$status"
end

# Ctrl-C: fish draws another prompt, without the event for it.
function __meshell_cancel --on-event fish_cancel
    __meshell_mark done
    __meshell_mark_prompt
end

# Two private keys for 'command.run', in every mode, so that they mean the same whatever the person
# was doing. 7717 clears the line, leaves search and pager, and is in insert mode.
function __meshell_clear
    commandline --function cancel
    commandline --replace ''
    if test "$fish_bind_mode" != "$__meshell_mode"
        set -g fish_bind_mode $__meshell_mode
        commandline --function repaint-mode
    end
end

# 7718 takes the bracketed paste that follows as it is: fish's own paste drops leading blanks and
# escapes quotes. In a mode where every key but the paste's end stands for itself.
function __meshell_take
    __meshell_clear
    # fish 4 reads pastes below its bindings, and as they are.
    string match -qr '^[4-9]' -- $version; and return
    set -g fish_bind_mode meshell
end

function __meshell_bind
    bind -M meshell \e\[201~ >/dev/null 2>&1; and return
    for mode in default insert replace replace_one visual
        bind -M $mode \e\[7717~ __meshell_clear
        bind -M $mode \e\[7718~ __meshell_take
    end
    bind -M meshell '' self-insert
    bind -M meshell \e\[200~ true
    bind -M meshell \e\[201~ 'set -g fish_bind_mode $__meshell_mode'
    bind -M meshell \r 'commandline --insert \n'
    bind -M meshell \n 'commandline --insert \n'
    bind -M meshell \t 'commandline --insert \t'
end
