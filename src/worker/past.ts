/** How a run came to where it stands, told and repeated: what a link to a moment is made of. */
import { Repetition, type RunRecord } from '../engine/repetition.ts';
import type { Simulation } from '../engine/simulation.ts';
import type { Scheduler } from './port.ts';
import type { Command, Report } from './protocol.ts';
import { sessionHash, type Session } from './session.ts';

/** Longest stretch of repeating without looking at the port, wall ms. */
const SLICE_MS = 12;
/** Events between two looks at the clock. */
const EVENTS_PER_LOOK = 1000;

/** What can be asked about the state of a run, and how it came to it. */
export type Question = Extract<Command, { kind: 'hash' | 'record' }>;

export function isQuestion(command: Command): command is Question {
  return command.kind === 'hash' || command.kind === 'record';
}

/** The answer to a question about the state of a run, or how it came to it. */
export function answerOf(session: Session, { kind, id }: Question): Report {
  if (kind === 'hash') return { kind, id, hash: sessionHash(session) };
  const { simulation } = session;
  if (simulation === null) return { kind: 'recorded', id, past: null };
  const { scenario, journal, event, timeNs } = simulation;
  const record = { journal: [...journal], event, timeNs };
  return { kind: 'recorded', id, past: { scenario, record, hash: sessionHash(session) } };
}

/**
 * Brings a simulation that has just begun to the moment of a record; commands are heard meanwhile.
 *
 * @param progress is told how many of the record's events are through.
 * @param isWanted whether to go on.
 * @throws RangeError when the record is not of this run.
 */
export async function repeatTo(
  simulation: Simulation,
  record: RunRecord,
  scheduler: Scheduler,
  progress: (done: number, total: number) => void,
  isWanted: () => boolean,
): Promise<void> {
  const repetition = new Repetition(simulation, record);
  let isThere = false;
  while (!isThere && isWanted()) {
    const untilMs = scheduler.now() + SLICE_MS;
    do isThere = repetition.advance(EVENTS_PER_LOOK);
    while (!isThere && scheduler.now() < untilMs);
    if (isThere) return;
    progress(simulation.event, record.event);
    await new Promise<void>((resolve) => scheduler.later(resolve, 0));
  }
}
