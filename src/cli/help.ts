// What meshell says of itself.

export const HELP = `meshell: share a live terminal, peer to peer

  meshell                     the app: terminals in the browser
  meshell share [-- COMMAND]  share a shell in this very terminal
  meshell join CODE[@HOST[:PORT]] | LINK
                              join from a terminal
  meshell agents              coding agents that were found, and how to get others
  meshell signal              run a signaling service
  meshell stop                end the running app and its shares

for meshell and meshell share:
  --share                     make an invite at once
  --start all|none|screen|N   where a viewer's sight begins (screen)
  --local | --lan             reachable from this computer | this network
  --signal URL                reachable through the signaling service at URL
  --name NAME                 how others see you
  --auto-admit CAPS           let in whoever has an invite, with these capabilities
  --agent 'COMMAND'           open a conversation with this agent
  --fresh                     do not go on with the session of before
  --headless                  no browser, no local terminal
  --json                      orders on stdin, events on stdout, one object a line
  --port N                    the app's port (4270 or the next free)

for meshell join:
  --name NAME, --signal URL, --json

for meshell agents:
  --check NAME                start it and see whether it needs a sign-in
  --agree NAME                let an agent run that this project names
  --json                      one object a line
  add NAME [--env NAME=VALUE] -- COMMAND
                              put one into the settings; remove NAME takes it out

for meshell signal:
  --host ADDRESS (127.0.0.1), --port N (4272), --behind-proxy

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused, 4 could not connect.
`;
