// meshell join: joins a session from a terminal, or for a program that speaks JSON.
import { parseInvite } from '../crypto/invite.ts';
import { nodeClock } from '../host/clock-node.ts';
import { paths } from '../host/paths.ts';
import { defaultName, readSettings } from '../host/settings.ts';
import { FAULTS, faultAbout } from '../protocol/faults.ts';
import { joinFlags } from './flags.ts';
import { giveUpUnreached } from './give-up.ts';
import { runJoinJson } from './join-json.ts';
import { runJoinTerminal } from './join-terminal.ts';
import { sayFault, saySettings, sayUsage, tellLack, type Leaving } from './leaving.ts';
import { isTerminal } from './local-terminal.ts';
import { openNodeViewer } from './node-viewer.ts';

/** Where no colour was chosen: one of these by the process, so that two are told apart, in degrees. */
const HUES = [20, 80, 140, 200, 260, 320] as const;

export async function runJoin(args: readonly string[], leaving: Leaving): Promise<void> {
  const flags = joinFlags(args);
  if (!flags.ok) return leaving.leave(sayUsage(flags.fault));
  const { json, name } = flags.value;
  const invite = parseInvite(flags.value.invite);
  if (!invite.ok) return leaving.leave(sayFault(invite.fault));
  const settings = readSettings(paths(process.env).config);
  if (!settings.ok) return leaving.leave(saySettings(settings.fault));
  if (!json && !isTerminal()) {
    return leaving.leave(sayUsage('meshell join needs a terminal; for a program there is --json.'));
  }
  const signal = flags.value.signal ?? settings.value.signal ?? null;
  const iceServers = settings.value.ice_servers ?? null;
  const opened = await openNodeViewer(invite.value, { signal, iceServers });
  if (!opened.ok) return leaving.leave(sayFault(opened.fault));
  const { viewer, place, lastFault, lacks, close } = opened.value;
  if (lacks !== null) tellLack(lacks, json);
  leaving.owns(close);
  leaving.owns(() => viewer.leave());
  const hue = HUES[process.pid % HUES.length] ?? HUES[0];
  viewer.knock(name ?? settings.value.name ?? defaultName(), hue);
  const giveUp = (say: (sentence: string) => void): void =>
    giveUpUnreached(viewer, nodeClock, () => {
      say(faultAbout(place, 'invite.unreached'));
      leaving.leave(FAULTS['invite.unreached'].exit);
    });
  if (json) runJoinJson({ viewer, clock: nodeClock, leaving, lastFault, giveUp });
  else runJoinTerminal({ viewer, place, clock: nodeClock, leaving, giveUp });
}
