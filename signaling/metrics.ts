// The register's sizes and counts as Prometheus text (exposition format 0.0.4). Counts only.
import { COUNTED, roomsKept, type Counted, type Register } from './register.ts';

const HELP: { readonly [C in Counted]: string } = {
  connected: 'Sockets taken.',
  turnedAway: 'Sockets closed at once because a limit was reached.',
  claimed: 'Rooms taken by proof of their key.',
  notProven: 'Proofs that were wrong.',
  opened: 'Lines opened.',
  refused: 'Requests refused.',
  relayed: 'Messages passed on.',
  relayedChars: 'Body characters passed on.',
  malformed: 'Messages that could not be read.',
  closed: 'Sockets closed by the service.',
};

export function signalingMetrics(register: Register): string {
  const kept = roomsKept(register);
  const lines = [
    ...gauge('rooms_held', 'Rooms whose sharer is here.', register.rooms.size - kept),
    ...gauge('rooms_kept', 'Rooms whose sharer may come back.', kept),
    ...gauge('sockets', 'Sockets open.', register.sockets.size),
    ...gauge('lines', 'Lines open.', register.lines.size),
    ...gauge('nameplates', 'Nameplates taken.', register.nameplates.size),
    ...COUNTED.flatMap((counted) => {
      const name = `${snake(counted)}_total`;
      return sample(name, HELP[counted], 'counter', register.counts[counted]);
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function gauge(name: string, help: string, value: number): readonly string[] {
  return sample(name, help, 'gauge', value);
}

function sample(name: string, help: string, kind: string, value: number): readonly string[] {
  const full = `meshell_signal_${name}`;
  return [`# HELP ${full} ${help}`, `# TYPE ${full} ${kind}`, `${full} ${value}`];
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
