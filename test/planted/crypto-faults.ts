// Handshake, invites, sealing and signatures, broken on purpose.
import type { Planted } from './planted.ts';

export const cryptoFaults: readonly Planted[] = [
  {
    rule: 'HS1',
    what: 'the welcome leaves before the sharer has decided',
    edits: [
      {
        file: 'src/crypto/handshake-sharer.ts',
        find: '        ? confirmed(state, input.message.box)',
        replace:
          "        ? (([next, effects]: SharerStep): SharerStep =>\n            next.phase === 'judging'\n              ? [accepted(next, secrets)[0], [...effects, ...accepted(next, secrets)[1]]]\n              : [next, effects])(confirmed(state, input.message.box))",
      },
    ],
    tests: ['test/unit/crypto/handshake.test.ts', 'test/unit/crypto/handshake-attacks.test.ts'],
  },
  {
    rule: 'HS4',
    what: 'a key of small order is agreed with',
    edits: [
      {
        file: 'src/crypto/agreement.ts',
        find: "return any === 0 ? err('link.protocol') : ok(shared);",
        replace: 'return ok(shared);',
      },
    ],
    tests: ['test/unit/crypto/transcript.test.ts', 'test/unit/crypto/handshake-attacks.test.ts'],
  },
  {
    rule: 'HS5',
    what: 'CPace goes on with the identity',
    edits: [
      {
        file: 'src/crypto/cpace.ts',
        find: "    if (point.is0()) return err('link.protocol');\n    return ok(point.multiply(scalar).toBytes());",
        replace: '    return ok(point.multiplyUnsafe(scalar).toBytes());',
      },
    ],
    tests: ['test/vectors/crypto/cpace.test.ts', 'test/unit/crypto/handshake-attacks.test.ts'],
  },
  {
    rule: 'HS6',
    what: 'a stranger learns which invites there are',
    edits: [
      {
        file: 'src/crypto/handshake-sharer.ts',
        find: '      return ok({ secret: secrets.link(by.invite) ?? entropy(LINK_SECRET_BYTES), share: null });',
        replace:
          "      if (secrets.link(by.invite) === null) return { ok: false, fault: 'invite.unavailable' };\n      return ok({ secret: secrets.link(by.invite) ?? entropy(LINK_SECRET_BYTES), share: null });",
      },
    ],
    tests: ['test/unit/crypto/handshake-attacks.test.ts', 'test/unit/crypto/handshake.test.ts'],
  },
  {
    rule: 'HS7',
    what: 'a viewer believes whoever knows the invite to be the sharer',
    edits: [
      {
        file: 'src/crypto/handshake-viewer.ts',
        find: '    sessionIdOf(sessionBytes) === state.session &&\n',
        replace: '',
      },
    ],
    tests: ['test/unit/crypto/handshake-attacks.test.ts'],
  },
  {
    rule: 'HS7',
    what: 'a viewer need not sign for the key it names',
    edits: [
      {
        file: 'src/crypto/handshake-sharer.ts',
        find: '  if (!verify(viewerBytes, viewerStatement(opening), plain.value.slice(32))) return wrong(by);\n',
        replace: '',
      },
    ],
    tests: ['test/unit/crypto/handshake-attacks.test.ts', 'test/unit/crypto/handshake.test.ts'],
  },
  {
    rule: 'HS9',
    what: 'negotiation messages are taken again',
    edits: [
      {
        file: 'src/crypto/proven.ts',
        find: 'const box = seal(key, state.sent, encodeNegotiation(negotiation));',
        replace: 'const box = seal(key, 0, encodeNegotiation(negotiation));',
      },
      {
        file: 'src/crypto/proven.ts',
        find: 'const plain = open(key, state.received, message.box);',
        replace: 'const plain = open(key, 0, message.box);',
      },
    ],
    tests: ['test/unit/crypto/handshake.test.ts', 'test/unit/crypto/handshake-attacks.test.ts'],
  },
  {
    rule: 'HS10',
    what: 'the channel’s fingerprints do not matter',
    edits: [
      {
        file: 'src/crypto/proven.ts',
        find: 'encodeCbor(binding === null ? null : [binding.sharer, binding.viewer]);',
        replace: 'encodeCbor(binding === null ? null : null);',
      },
    ],
    tests: ['test/unit/crypto/handshake.test.ts', 'test/unit/crypto/handshake-attacks.test.ts'],
  },
  {
    rule: 'HS11',
    what: 'no try is taken when Yb leaves',
    edits: [
      {
        file: 'src/crypto/handshake-sharer.ts',
        find: "by.door === 'code' ? [{ do: 'tryTaken', nameplate: by.nameplate }] : [];",
        replace: '[];',
      },
    ],
    tests: ['test/unit/crypto/handshake-attacks.test.ts', 'test/unit/crypto/handshake.test.ts'],
  },
  {
    rule: 'HS11',
    what: 'silence after Yb is no wrong guess',
    edits: [
      {
        file: 'src/crypto/handshake-sharer.ts',
        find: "return by.door === 'code' ? [{ do: 'wrong', by }] : [];",
        replace: "return by.door === 'link' ? [{ do: 'wrong', by }] : [];",
      },
    ],
    tests: ['test/unit/crypto/handshake-attacks.test.ts', 'test/unit/crypto/handshake.test.ts'],
  },
  {
    rule: 'IV6',
    what: 'a second person takes a held invite over',
    edits: [
      {
        file: 'src/crypto/invite-book.ts',
        find: "return phase.by === by || isSilent(phase.heardAt, at) ? null : 'invite.held';",
        replace: "return phase.by === by || phase.heardAt <= at ? null : 'invite.held';",
      },
    ],
    tests: ['test/unit/crypto/invite-book.test.ts'],
  },
  {
    rule: 'IV8',
    what: 'a used invite lets in again',
    edits: [
      {
        file: 'src/crypto/invite-book.ts',
        find: "    case 'used':\n      return 'invite.used';",
        replace: "    case 'used':\n      return null;",
      },
    ],
    tests: ['test/unit/crypto/invite-book.test.ts'],
  },
  {
    rule: 'IV8',
    what: 'admitting by the link leaves the code open',
    edits: [
      {
        file: 'src/crypto/invite-book.ts',
        find: '  return closeCode({ ...invite, phase });',
        replace: '  return [{ ...invite, phase }, []];',
      },
    ],
    tests: ['test/unit/crypto/invite-book.test.ts'],
  },
  {
    rule: 'IV9',
    what: 'a code may be guessed for ever',
    edits: [
      {
        file: 'src/crypto/invite-book.ts',
        find: 'const closing = invite.wrongTries >= WRONG_TRIES_PER_CODE && invite.words !== null;',
        replace: 'const closing = invite.wrongTries < 0;',
      },
    ],
    tests: ['test/unit/crypto/invite-book.test.ts'],
  },
  {
    rule: 'IV9',
    what: 'many guess a code at the same time',
    edits: [
      {
        file: 'src/crypto/invite-state.ts',
        find: "invite.exchange.phase === 'running' || book.wrongTries",
        replace: 'book.wrongTries',
      },
    ],
    tests: ['test/unit/crypto/invite-book.test.ts'],
  },
  {
    rule: 'IV11',
    what: 'ten wrong tries leave the codes on',
    edits: [
      {
        file: 'src/crypto/invite-book.ts',
        find: 'if (book.wrongTries - exchangesOf(next) < WRONG_TRIES_PER_SESSION) return [next, effects];',
        replace: 'if (book.wrongTries >= 0) return [next, effects];',
      },
    ],
    tests: ['test/unit/crypto/invite-book.test.ts'],
  },
  {
    rule: 'IV11',
    what: 'as many tries as there are codes are under way at once',
    edits: [
      {
        file: 'src/crypto/invite-state.ts',
        find: ' || book.wrongTries >= WRONG_TRIES_PER_SESSION;',
        replace: ';',
      },
    ],
    tests: ['test/unit/crypto/invite-book.test.ts'],
  },
  {
    rule: 'IV9',
    what: 'a confirmation counts after the book has ended its try',
    edits: [
      {
        file: 'src/peer/arrival.ts',
        find: "      if (state.phase === 'replied') cancelConfirm = clock.after(CONFIRM_MS, end);\n",
        replace: '',
      },
    ],
    tests: ['test/unit/peer/arrival.test.ts'],
  },
  {
    rule: 'IV12',
    what: 'an invite does not expire',
    edits: [
      {
        file: 'src/crypto/invite-book.ts',
        find: "return at >= invite.expiresAt ? 'invite.expired' : null;",
        replace: 'return null;',
      },
      {
        file: 'src/crypto/invite-book.ts',
        find: '  if (at < invite.expiresAt || !isLive(invite)) return [book, []];',
        replace: '  if (at >= 0) return [book, []];',
      },
    ],
    tests: ['test/unit/crypto/invite-book.test.ts'],
  },
  {
    rule: 'GR2',
    what: 'a grant is believed whoever signed it',
    edits: [
      {
        file: 'src/crypto/grant.ts',
        find: 'if (!(await verify(session, tagged(TAGS.grant, signed.grant), signed.signature))) {',
        replace: 'if (signed.signature.length !== 64) {',
      },
    ],
    tests: ['test/unit/crypto/signed.test.ts'],
  },
  {
    rule: 'GR3',
    what: 'a grant for another session counts',
    edits: [
      {
        file: 'src/crypto/grant.ts',
        find: "  return parsed.output.session === sessionIdOf(session)\n    ? ok(parsed.output)\n    : err('frame.malformed');",
        replace: '  return ok(parsed.output);',
      },
    ],
    tests: ['test/unit/crypto/signed.test.ts'],
  },
  {
    rule: 'GR4',
    what: 'an action’s signature does not cover its number',
    edits: [
      {
        file: 'src/crypto/action.ts',
        find: 'encodeCbor([session, author, device, n, type, target, bodyHash])',
        replace: 'encodeCbor([session, author, device, n - n, type, target, bodyHash])',
      },
    ],
    tests: ['test/unit/crypto/signed.test.ts'],
  },
  {
    rule: 'GR4',
    what: 'an action’s signature does not cover its body',
    edits: [
      {
        file: 'src/crypto/action.ts',
        find: 'bodyHash: sha256(body),',
        replace: 'bodyHash: sha256(body.subarray(0, 0)),',
      },
    ],
    tests: ['test/unit/crypto/signed.test.ts'],
  },
  {
    rule: 'ID4',
    what: 'a malleated signature is accepted',
    edits: [
      {
        file: 'src/crypto/ed25519.ts',
        find: 'return isBelowOrder(signature.subarray(32));',
        replace: 'return true;',
      },
    ],
    tests: ['test/contract/crypto/signers.test.ts'],
  },
  {
    rule: 'ID4',
    what: 'a key with torsion is accepted',
    edits: [
      {
        file: 'src/crypto/ed25519.ts',
        find: 'return !SMALL_ORDER.has(bytesToHex(publicKey)) && isTorsionFree(publicKey);',
        replace: 'return !SMALL_ORDER.has(bytesToHex(publicKey));',
      },
    ],
    tests: ['test/contract/crypto/signers.test.ts'],
  },
  {
    rule: 'SE1',
    what: 'every message is sealed under the same nonce',
    edits: [
      {
        file: 'src/crypto/seal.ts',
        find: '  let rest = counter;',
        replace: '  let rest = counter - counter;',
      },
    ],
    tests: ['test/unit/crypto/seal.test.ts'],
  },
  {
    rule: 'SE2',
    what: 'after a box that does not open the next ones do',
    edits: [{ file: 'src/crypto/seal.ts', find: '    else broken = true;\n', replace: '' }],
    tests: ['test/unit/crypto/seal.test.ts'],
  },
  {
    rule: 'HS2',
    what: 'the opening does not say between which ephemerals it was',
    edits: [
      {
        file: 'src/crypto/transcript.ts',
        find: '        hello.ephemeral,\n        reply.ephemeral,\n',
        replace: '',
      },
    ],
    tests: ['test/unit/crypto/transcript.test.ts'],
  },
  {
    rule: 'HS3',
    what: 'who finds the link later reads what was recorded before',
    edits: [
      {
        file: 'src/crypto/transcript.ts',
        find: 'return extract(sha256, concat(secret, shared), opening);',
        replace: 'return extract(sha256, concat(secret, shared.subarray(0, 0)), opening);',
      },
    ],
    tests: ['test/unit/crypto/transcript.test.ts'],
  },
  {
    rule: 'HS8',
    what: 'a second hello is answered under the same try',
    edits: [
      {
        file: 'src/crypto/handshake-sharer.ts',
        find: "      return input.message.type === 'confirm'\n",
        replace:
          "      if (input.message.type === 'hello') return greeted(input.message, secrets, entropy);\n      return input.message.type === 'confirm'\n",
      },
    ],
    tests: ['test/unit/crypto/handshake-attacks.test.ts'],
  },
  {
    rule: 'HS12',
    what: 'the check words say eleven bits',
    edits: [
      {
        file: 'src/crypto/check-words.ts',
        find: "return wordsOf(key, 4).join(' ');",
        replace: "return Array(4).fill(wordsOf(key, 1)[0]).join(' ');",
      },
    ],
    tests: ['test/unit/crypto/invite.test.ts'],
  },
  {
    rule: 'IV5',
    what: 'an invite is proved again for ever',
    edits: [
      {
        file: 'src/crypto/invite-book.ts',
        find: "      if (at >= invite.expiresAt) return 'invite.expired';\n",
        replace: '',
      },
    ],
    tests: ['test/unit/crypto/invite-book.test.ts'],
  },
  {
    rule: 'IV7',
    what: 'a reload of a second is long enough to lose an invite to another',
    edits: [
      {
        file: 'src/crypto/invite-state.ts',
        find: 'return at - heardAt > HOLDER_SILENT_MS;',
        replace: 'return at - heardAt > HOLDER_SILENT_MS / 60;',
      },
    ],
    tests: ['test/unit/crypto/invite-book.test.ts'],
  },
  {
    rule: 'IV10',
    what: 'right words of an invite that was closed count for the next under its nameplate',
    edits: [
      {
        file: 'src/crypto/invite-book.ts',
        find: "return invite.exchange.phase === 'running' ? [closed, []] : endExchange(closed);",
        replace: 'return endExchange(closed);',
      },
    ],
    tests: ['test/unit/crypto/invite-book.test.ts'],
  },
  {
    rule: 'IV13',
    what: 'invites are kept without end',
    edits: [
      {
        file: 'src/crypto/invite-book.ts',
        find: '  if (invites.size >= INVITES_MAX) {',
        replace: '  if (invites.size >= 2 * INVITES_MAX) {',
      },
    ],
    tests: ['test/unit/crypto/invite-book.test.ts'],
  },
  {
    rule: 'IV14',
    what: 'a restart forgets which invites were used',
    edits: [
      {
        file: 'src/crypto/invite-book-record.ts',
        find: 'invites: [...book.invites.values()], wrongTries',
        replace:
          "invites: [...book.invites.values()].map((i) => ({ ...i, phase: { phase: 'open' } })), wrongTries",
      },
    ],
    tests: ['test/unit/crypto/invite-book.test.ts'],
  },
  {
    rule: 'GR1',
    what: 'a grant is signed without its tag',
    edits: [
      {
        file: 'src/crypto/grant.ts',
        find: 'await session.sign(tagged(TAGS.grant, bytes))',
        replace: 'await session.sign(bytes)',
      },
    ],
    tests: ['test/unit/crypto/signed.test.ts'],
  },
  {
    rule: 'GR5',
    what: 'bytes that are no action are someone’s',
    edits: [
      {
        file: 'src/crypto/action.ts',
        find: '  if (!action.ok) return false;\n',
        replace:
          '  if (!action.ok) return await verify(idBytes(signed.author), signed.body, signed.signature);\n',
      },
    ],
    tests: ['test/unit/crypto/signed.test.ts'],
  },
  {
    rule: 'ID3',
    what: 'what was signed in Node is nothing in a page',
    edits: [
      {
        file: 'src/crypto/signer-node.ts',
        find: 'new Uint8Array(sign(null, message, key))',
        replace: 'new Uint8Array(sign(null, concat(message, message), key))',
      },
    ],
    tests: ['test/contract/crypto/signers.test.ts'],
  },
  {
    rule: 'ID5',
    what: 'a WebCrypto that takes any signature is used',
    edits: [
      {
        file: 'src/crypto/signer-browser.ts',
        find: '(await verify(signer.publicKey, PROBE.message, PROBE.signature)) &&\n      !(await verify(signer.publicKey, altered, PROBE.signature))',
        replace:
          '(await verify(signer.publicKey, PROBE.message, PROBE.signature)) &&\n      altered.length > 0',
      },
    ],
    tests: ['test/unit/crypto/signer-browser.test.ts'],
  },
];
