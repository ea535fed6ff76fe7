/** Everything that can be seen of a simulation, as one text: equal texts, equal states. */
import { writeFrame } from '../engine/frame-writer.ts';
import type { Simulation } from '../engine/simulation.ts';
import { stateHash } from '../engine/state-hash.ts';
import { EventHash } from '../engine/event-hash.ts';

const LABEL = { sequence: 0, serial: 0, runState: 'paused', colourMode: 'device' } as const;

/** The frame's bytes, both hashes, the clock, the log, growth and what the page allocator says. */
export function seen(simulation: Simulation): string {
  const frame = new EventHash();
  const bytes = writeFrame(simulation, LABEL, null);
  const padded = new Uint8Array(Math.ceil(bytes.byteLength / 4) * 4);
  padded.set(new Uint8Array(bytes));
  for (const word of new Int32Array(padded.buffer)) frame.word(word);
  const { streamHash, event, timeNs, log, growth, own, journal } = simulation;
  return JSON.stringify({
    frame: frame.hex,
    state: stateHash(simulation),
    streamHash,
    event,
    timeNs,
    next: simulation.nextTimeNs(),
    log: log.since(0),
    growth: growth.since(0),
    buddyinfo: simulation.buddyinfo(),
    own: own?.report(),
    journal,
  });
}
