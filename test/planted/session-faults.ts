// What the sharer’s machine decides, broken on purpose: actions, grants, the door; and what
// either end believes of a message.
import type { Planted } from './planted.ts';

export const sessionFaults: readonly Planted[] = [
  {
    rule: 'AC1',
    what: 'an action counts in whosever name it is signed',
    edits: [
      {
        file: 'src/session/sharer-actions.ts',
        find: "  if (!isOwn(state, link, signed))\n    return [state, [{ do: 'close', link: input.link, fault: 'link.protocol' }]];\n",
        replace: '',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'AC1',
    what: 'documents are handed out before the knock is answered',
    edits: [
      {
        file: 'src/session/sharer-doors.ts',
        find: "return link.phase === 'in' ? [state, []] : broken(state, input.link);",
        replace: 'return [state, []];',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'AC2',
    what: 'an action with a wrong signature is carried out',
    edits: [
      {
        file: 'src/session/sharer-actions.ts',
        find: 'if (!input.verified) {',
        replace: 'if (state.session !== signed.session) {',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'AC3',
    what: 'an action number is accepted again',
    edits: [
      {
        file: 'src/session/action-log.ts',
        find: "if (known === undefined || n > known.highest) return { turn: 'new' };",
        replace: "if (known === undefined || n > 0) return { turn: 'new' };",
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'AC4',
    what: 'an action is carried out before its number is kept',
    edits: [
      {
        file: 'src/session/sharer-actions.ts',
        find: 'return chain(kept, (s) => carryOut(s, actor, action.value, at));',
        replace: 'return chain(carryOut(kept[0], actor, action.value, at), (s) => [s, kept[1]]);',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'AC5',
    what: 'nobody is held to a rate',
    edits: [
      { file: 'src/session/action-log.ts', find: '  if (tokens < 1) return null;\n', replace: '' },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'AC6',
    what: 'the grant is not asked',
    edits: [
      {
        file: 'src/session/sharer-actions.ts',
        find: "if (needed === 'owner' || !may(held, 'view') || !may(held, needed)) return 'action.notAllowed';",
        replace: "if (!may(held, 'view')) return 'action.notAllowed';",
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'AC6',
    what: 'keys at a prompt need no right to run',
    edits: [
      {
        file: 'src/session/sharer-actions.ts',
        find: "const runs = action.type === 'keys.type' && input.atPrompt;",
        replace: "const runs = action.type === 'keys.type' && input.atPrompt && input.at < 0;",
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'TR7',
    what: 'an agent that acts without asking is anyone’s to prompt',
    edits: [
      {
        file: 'src/session/agent-rights.ts',
        find: "return !isAlone || mayRun(held) ? null : 'thread.actsAlone';",
        replace: "return !isAlone || may(held, 'prompt') ? null : 'thread.actsAlone';",
      },
    ],
    tests: ['test/unit/session/agent-rights.test.ts'],
  },
  {
    rule: 'TR7',
    what: 'one who may approve may approve for always',
    edits: [
      {
        file: 'src/session/agent-rights.ts',
        find: "return kind === 'allow_always' || kind === 'reject_always' ? 'permission.always' : null;",
        replace: "return kind === 'reject_always' ? 'permission.always' : null;",
      },
    ],
    tests: ['test/unit/session/agent-rights.test.ts'],
  },
  {
    rule: 'TR7',
    what: 'another’s queued prompt can be taken out',
    edits: [
      {
        file: 'src/session/agent-rights.ts',
        find: "return author === undefined || author === key ? null : 'thread.notYours';",
        replace: "return author === key || key.length > 0 ? null : 'thread.notYours';",
      },
    ],
    tests: ['test/unit/session/agent-rights.test.ts'],
  },
  {
    rule: 'AC9',
    what: 'keys of before are typed again after a lost link',
    edits: [
      {
        file: 'src/protocol/action.ts',
        find: "['keys.type', 'terminal.resize', 'view.look']",
        replace: "['terminal.resize', 'view.look']",
      },
    ],
    tests: ['test/unit/session/pending-actions.test.ts'],
  },
  {
    rule: 'TR17',
    what: 'a viewer is led to a conversation that it may not have',
    edits: [
      {
        file: 'src/ui/model/following.ts',
        find: 'at === undefined || at === null || ports.has(at) ? at : null',
        replace: 'at',
      },
    ],
    tests: ['test/unit/ui/following.test.ts'],
  },
  {
    rule: 'TR17',
    what: 'a viewer says where the sharer looks',
    edits: [
      {
        file: 'src/protocol/action.ts',
        find: "'view.look': 'owner'",
        replace: "'view.look': 'view'",
      },
    ],
    tests: ['test/unit/session/sharer-looks.test.ts'],
  },
  {
    rule: 'CP2',
    what: 'a grant shows before it is on disk',
    edits: [
      {
        file: 'src/session/sharer-grants.ts',
        find: "    [{ do: 'persist', record: { type: 'grant', grant } }],",
        replace: '    [],',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'CP3',
    what: 'one who was removed stays',
    edits: [
      {
        file: 'src/session/sharer-grants.ts',
        find: "      effects.push({ do: 'close', link, fault: 'grant.removed' });\n",
        replace: '',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'CP4',
    what: 'a capability that has ended still counts',
    edits: [
      {
        file: 'src/session/grants.ts',
        find: '(until !== undefined && until > now)',
        replace: 'until !== undefined',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'CP5',
    what: 'what has ended stays in the grant that everyone sees',
    edits: [
      {
        file: 'src/session/grants.ts',
        find: 'Object.keys(left).length < Object.keys(grant.capabilities).length',
        replace: 'Object.keys(left).length < 0',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'CP6',
    what: 'a co-host makes co-hosts',
    edits: [
      {
        file: 'src/session/grants.ts',
        find: "  if (may(by.given, 'manage') || may(by.toHolds, 'manage')) return false;\n",
        replace: '',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'CP6',
    what: 'a co-host grants what it does not hold',
    edits: [
      {
        file: 'src/session/grants.ts',
        find: 'if (own === undefined) return false;',
        replace: 'if (own === undefined) return true;',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'CP7',
    what: 'the end of a share leaves its viewers in',
    edits: [
      {
        file: 'src/session/sharer-grants.ts',
        find: "      if (!known.owner) effects.push({ do: 'close', link, fault });\n",
        replace: '',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'CP8',
    what: 'a co-host lets in to what it may not see itself',
    edits: [
      {
        file: 'src/session/grants.ts',
        find: '  if (own === 0) return wished;',
        replace: '  if (own >= 0) return wished;',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'KN1',
    what: 'knocks, invites and requests are shown to every viewer',
    edits: [
      {
        file: 'src/session/sharer-step.ts',
        find: "if (known.phase === 'in' && mayManage(state, known.key, known.owner)) {",
        replace: "if (known.phase === 'in') {",
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'KN3',
    what: 'whoever has a key may knock without an invite',
    edits: [
      {
        file: 'src/session/sharer-doors.ts',
        find: "return link.phase === 'bound' && link.entry.by === 'invite'\n        ? knock(",
        replace: "return link.phase === 'bound'\n        ? knock(",
      },
      {
        file: 'src/session/sharer-doors.ts',
        find: "  if (link.entry.by !== 'invite') return broken(state, id);\n",
        replace: '',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'KN4',
    what: 'a share takes as many as come',
    edits: [
      {
        file: 'src/session/sharer-doors.ts',
        find: 'if (!owner && people >= PARTICIPANTS_MAX) {',
        replace: 'if (!owner && people < 0) {',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'KN5',
    what: 'any key that knows the session comes back in',
    edits: [
      {
        file: 'src/session/sharer-doors.ts',
        find: "verdict: live ? 'accept' : 'grant.none'",
        replace: "verdict: 'accept'",
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'KN9',
    what: 'one who was denied or removed knocks again on a link it had before',
    edits: [
      {
        file: 'src/crypto/invite-book.ts',
        find: "if (invite.phase.phase !== 'held') return err(refusal(invite, by, 0) ?? 'invite.expired');",
        replace: "if (invite.phase.phase !== 'held') return ok(invite);",
      },
    ],
    tests: ['test/unit/session/sharer-doors.test.ts'],
  },
  {
    rule: 'KN9',
    what: 'who holds an invite fills the sharer with links',
    edits: [
      {
        file: 'src/session/sharer-doors.ts',
        find: "const kept = entry.by === 'invite' ? 0 : DEVICES_MAX - 1;",
        replace: 'const kept = alike.length;',
      },
    ],
    tests: ['test/unit/session/sharer-doors.test.ts'],
  },
  {
    rule: 'KN10',
    what: 'a link that says nothing keeps an invite for ever',
    edits: [
      {
        file: 'src/session/sharer.ts',
        find: '    (s) => closeSilent(s, at),\n',
        replace: '',
      },
    ],
    tests: ['test/unit/session/sharer-doors.test.ts'],
  },
  {
    rule: 'CP7',
    what: 'an invite of an earlier process outlives the share',
    edits: [
      {
        file: 'src/session/sharer-grants.ts',
        find: 'for (const id of state.book.invites.keys()) {',
        replace: 'for (const id of state.cards.keys()) {',
      },
    ],
    tests: ['test/unit/session/sharer-doors.test.ts'],
  },
  {
    rule: 'AC7',
    what: 'one whose request was denied is not told',
    edits: [
      {
        file: 'src/session/sharer-people-actions.ts',
        find: "[{ do: 'roster' }, ...tellRequest(state, action.from, 'denied')],",
        replace: "[{ do: 'roster' }],",
      },
    ],
    tests: ['test/unit/session/sharer-doors.test.ts'],
  },
  {
    rule: 'KN2',
    what: 'one who is in takes another’s name',
    edits: [
      {
        file: 'src/session/sharer-people-actions.ts',
        find: 'name: distinctName(state, key, action.name)',
        replace: 'name: action.name',
      },
    ],
    tests: ['test/unit/session/sharer-doors.test.ts'],
  },
  {
    rule: 'SF1',
    what: 'a slow viewer is queued for without end',
    edits: [
      {
        file: 'src/session/screen-feed.ts',
        find: 'if (backlog + bytes > allowance(state.rate) ||',
        replace: 'if (backlog + bytes < 0 ||',
      },
    ],
    tests: ['test/unit/session/screen-feed.test.ts'],
  },
  {
    rule: 'SF2',
    what: 'bytes follow on a screen that lacks what came since',
    edits: [
      {
        file: 'src/session/screen-feed.ts',
        find: 'if (state.since === 0) return',
        replace: 'if (state.since >= 0) return',
      },
    ],
    tests: ['test/unit/session/screen-feed.test.ts'],
  },
  {
    rule: 'VW2',
    what: 'a viewer takes a grant that is for someone else',
    edits: [
      {
        file: 'src/session/viewer-inbox.ts',
        find: 'if (!grant.ok || !mine || grant.value.session !== reached.session) {',
        replace: 'if (!grant.ok) {',
      },
    ],
    tests: ['test/unit/session/view.test.ts'],
  },
  {
    rule: 'MS3',
    what: 'a link whose messages are not understood goes on',
    edits: [
      {
        file: 'src/session/viewer-inbox.ts',
        find: '    if (!message.ok) {\n      reached.link.close();',
        replace: '    if (!message.ok) {',
      },
    ],
    tests: ['test/unit/session/view.test.ts'],
  },
  {
    rule: 'MS1',
    what: 'a message is decoded whatever its size',
    edits: [
      {
        file: 'src/protocol/message.ts',
        find: "  if (bytes.length > bytesMax) return err('message.tooLarge');\n",
        replace: '',
      },
    ],
    tests: ['test/unit/protocol/message.test.ts'],
  },
  {
    rule: 'MS2',
    what: 'a key may stand twice in a message',
    edits: [
      {
        file: 'src/protocol/codec.ts',
        find: 'rejectDuplicateMapKeys: true',
        replace: 'rejectDuplicateMapKeys: false',
      },
    ],
    tests: ['test/unit/protocol/message.test.ts'],
  },
  {
    rule: 'ID6',
    what: 'an id may be written in several ways',
    edits: [
      {
        file: 'src/protocol/ids.ts',
        find: 'const BYTES_32 = /^[\\w-]{42}[AEIMQUYcgkosw048]$/;',
        replace: 'const BYTES_32 = /^[\\w-]{43}$/;',
      },
    ],
    tests: ['test/unit/protocol/message.test.ts'],
  },
  {
    rule: 'MS5',
    what: 'a message counts on whatever lane it comes',
    edits: [
      {
        file: 'src/host/inbox.ts',
        find: '!message.ok || LANE_TO_SHARER[message.value.type] !== lane',
        replace: '!message.ok || lane.length === 0',
      },
    ],
    tests: ['test/integration/host/hostile.test.ts'],
  },
  {
    rule: 'MS4',
    what: 'a name may hold control characters and turn the text',
    edits: [
      {
        file: 'src/protocol/action.ts',
        find: '  v.regex(/^[^\\u0000-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]*$/u),\n',
        replace: '',
      },
    ],
    tests: ['test/unit/protocol/message.test.ts'],
  },
  {
    rule: 'CP1',
    what: 'a later grant has the number of the first',
    edits: [
      {
        file: 'src/session/grants.ts',
        find: 'number: (table.get(of.to)?.number ?? 0) + 1',
        replace: 'number: 1',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'CP1',
    what: 'an older grant takes back the newer one at a viewer’s',
    edits: [
      {
        file: 'src/session/view.ts',
        find: '  if (state.grant !== null && grant.number <= state.grant.number) return state;\n',
        replace: '',
      },
    ],
    tests: ['test/unit/session/view.test.ts'],
  },
  {
    rule: 'KN2',
    what: 'whoever knocks goes by the name of someone who is in',
    edits: [
      {
        file: 'src/session/distinct-name.ts',
        find: '  if (!taken.has(name)) return name;',
        replace: '  if (taken.has(name)) return name;',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'KN6',
    what: 'one who was denied stays on the line',
    edits: [
      {
        file: 'src/session/sharer-entry-actions.ts',
        find: "(link) => link.key === key && (link.phase === 'knocking' || waitsBy(link) !== null),",
        replace: '(link) => link.key !== key && waitsBy(link) === undefined,',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'AC7',
    what: 'what was denied or granted may be granted once more, long after',
    edits: [
      {
        file: 'src/session/sharer-people-actions.ts',
        find: '  requests.delete(key);\n',
        replace: '',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'AC8',
    what: 'what the sharer’s own page does is done by nobody anyone knows',
    edits: [
      {
        file: 'src/session/sharer-action.ts',
        find: 'return isSharers(actor) ? state.sharer : actor.key;',
        replace: "return actor.kind === 'process' ? state.sharer : actor.key;",
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
  {
    rule: 'TR8',
    what: 'a prompt leaves the queue whatever its author may by then',
    edits: [
      {
        file: 'src/session/agent-rights.ts',
        find: "return may(held, 'view') && may(held, 'prompt') && (!isAlone || mayRun(held));",
        replace: "return may(held, 'prompt') || !isAlone || mayRun(held);",
      },
    ],
    tests: ['test/unit/session/agent-rights.test.ts'],
  },
  {
    rule: 'TR3',
    what: 'a block takes a number that a thread has',
    edits: [
      {
        file: 'src/terminal/shell-state.ts',
        find: 'nextBlock: Math.max(state.nextBlock, input.next)',
        replace: 'nextBlock: Math.max(state.nextBlock, 0 * input.next)',
      },
    ],
    tests: ['test/unit/terminal/shell-state.test.ts'],
  },
  {
    rule: 'TR10',
    what: 'conversations, each with its process, are opened without end',
    edits: [
      {
        file: 'src/host/agents.ts',
        find: '    if (threads.size >= THREADS_MAX) {',
        replace: '    if (threads.size < 0) {',
      },
    ],
    tests: ['test/integration/host/threads.test.ts'],
  },
  {
    rule: 'TR11',
    what: 'a new process of an agent begins beside the one before it',
    edits: [
      {
        file: 'src/host/thread-life.ts',
        find: '    void gone.then(() => {\n      if (isClosed',
        replace: '    void Promise.resolve().then(() => {\n      if (isClosed',
      },
    ],
    tests: ['test/unit/host/thread-life.test.ts'],
  },
  {
    rule: 'TR11',
    what: 'a question of before the restart can still be answered',
    edits: [
      {
        file: 'src/agent/restored-thread.ts',
        find: "  return turnEnded(said, { reason: 'interrupted', by: null, tokens: null }, at);",
        replace: '  return said;',
      },
    ],
    tests: ['test/integration/host/threads.test.ts'],
  },
  {
    rule: 'TR12',
    what: 'keys that were typed, passwords too, are kept',
    edits: [
      {
        file: 'src/session/sharer-actions.ts',
        find: '  if (!isRepeated(action.type)) return [];\n',
        replace: "  if (action.type === 'terminal.resize') return [];\n",
      },
    ],
    tests: ['test/unit/host/audit.test.ts'],
  },
  {
    rule: 'TR12',
    what: 'nothing is kept of who did what',
    edits: [
      {
        file: 'src/session/sharer-actions.ts',
        find: '  if (!isRepeated(action.type)) return [];\n',
        replace: '  if (isRepeated(action.type)) return [];\n',
      },
    ],
    tests: ['test/unit/host/audit.test.ts'],
  },
  {
    rule: 'TR14',
    what: 'whoever asks for wholes gets all at once, however often',
    edits: [
      {
        file: 'src/host/whole-answers.ts',
        find: '    if (dueMs > 0) return wake.wait(asker, dueMs);\n',
        replace: '    if (dueMs === Infinity) return;\n',
      },
    ],
    tests: ['test/unit/host/whole-answers.test.ts'],
  },
  {
    rule: 'TR14',
    what: 'wholes pile up before a link that takes nothing',
    edits: [
      {
        file: 'src/host/whole-answers.ts',
        find: '    if (queuedBytes + unackedBytes > BACKLOG_BYTES_MAX) return wake.wait(asker, WHOLE_EVERY_MS);\n',
        replace: '    if (queuedBytes + unackedBytes < 0) return;\n',
      },
    ],
    tests: ['test/unit/host/whole-answers.test.ts'],
  },
  {
    rule: 'SF3',
    what: 'the end of a flood is shown late, or never',
    edits: [
      {
        file: 'src/session/screen-feed.ts',
        find: "over ? [{ do: 'wake', afterMs: 0 }] : []",
        replace: "over ? [] : [{ do: 'wake', afterMs: 0 }]",
      },
    ],
    tests: ['test/unit/session/screen-feed.test.ts'],
  },
  {
    rule: 'SF4',
    what: 'where things are is told before what is there',
    edits: [
      {
        file: 'src/host/audience.ts',
        find: "        if (member.feed.state().phase === 'live') sendPlace(member);\n        else member.isMisplaced = true;",
        replace: '        sendPlace(member);',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'SF5',
    what: 'a viewer has the sharer draw as many screens as it likes',
    edits: [
      {
        file: 'src/host/audience.ts',
        find: '      if (afterMs <= 0) redrawNow(member);',
        replace: '      if (afterMs !== Infinity) redrawNow(member);',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'VW1',
    what: 'what is still on its way changes why it is over',
    edits: [
      {
        file: 'src/session/view.ts',
        find: "  if (state.connection.phase === 'over') return state;\n",
        replace: '',
      },
    ],
    tests: ['test/unit/session/view.test.ts'],
  },
  {
    rule: 'VW3',
    what: 'the page loads its largest thing before it shows anything',
    edits: [
      {
        file: 'src/session/viewer-inbox.ts',
        find: '    await firstScreen;\n',
        replace: '',
      },
    ],
    tests: ['test/unit/session/view.test.ts'],
  },
  {
    rule: 'KN7',
    what: 'a link that had ended before anyone listened is there for ever',
    edits: [
      {
        file: 'src/host/session-links.ts',
        find: '    link.onClosed(() => gone(id));\n',
        replace: '',
      },
    ],
    tests: ['test/unit/host/session-links.test.ts'],
  },
  {
    rule: 'AC10',
    what: 'keys that come too fast are sent one by one, and refused',
    edits: [
      {
        file: 'src/session/typed-keys.ts',
        find: 'if (waiting.length === 0 && dueMs() <= 0) return',
        replace: 'if (waiting.length === 0 || dueMs() <= 0) return',
      },
    ],
    tests: ['test/unit/session/viewer.test.ts'],
  },
  {
    rule: 'CT6',
    what: 'one who holds much says more than a sharer takes',
    edits: [
      {
        file: 'src/session/viewer-inbox.ts',
        find: 'return held.slice(0, HAVE_MAX);',
        replace: 'return held.slice(0, 10 * HAVE_MAX);',
      },
    ],
    tests: ['test/unit/session/viewer.test.ts'],
  },
  {
    rule: 'SF6',
    what: 'parts of a screen are kept without end',
    edits: [
      {
        file: 'src/session/screen-parts.ts',
        find: ' || bytes + data.length > SCREEN_DEFLATED_BYTES_MAX',
        replace: '',
      },
    ],
    tests: ['test/unit/host/large-screens.test.ts'],
  },
  {
    rule: 'SF6',
    what: 'a part of another screen is taken for the next',
    edits: [
      {
        file: 'src/session/screen-parts.ts',
        find: 'if (from !== bytes || ',
        replace: 'if (',
      },
    ],
    tests: ['test/unit/host/large-screens.test.ts'],
  },
  {
    rule: 'AC12',
    what: 'whoever makes an invite holds up what all others do',
    edits: [
      {
        file: 'src/host/sharer-effects.ts',
        find: '    turn = turn.then(work).catch(failed);',
        replace:
          '    turn = turn.then(work).then(() => Promise.all(beside)).then(() => undefined, failed);',
      },
    ],
    tests: ['test/unit/host/sharer-effects.test.ts'],
  },
  {
    rule: 'CP10',
    what: 'a share has an end that nobody is told of',
    edits: [
      {
        file: 'src/session/sharer.ts',
        find: "return noticed({ ...state, endIsTold: true }, 'share.endsSoon', at);",
        replace: 'return [{ ...state, endIsTold: true }, []];',
      },
    ],
    tests: ['test/unit/session/sharer.test.ts'],
  },
];
