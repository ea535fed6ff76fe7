/** Where the semaphore is held: the run of slots of its holder, growing as it is taken. */
import { HEADER, PASSAGE, RUN_STATES, type FrameView } from '../engine/frame.ts';
import type { SlotSpan } from '../engine/run.ts';
import { eased, moveNsIn } from './motion-pace.ts';

/** What a picture shows of the semaphore's holder. */
export interface HolderRun {
  readonly span: SlotSpan;
  /** Whether it has held for long enough to be named. */
  readonly isNamed: boolean;
}

/** How fast time is shown. */
export interface HolderPace {
  /** As `moveNsOf` gives it. */
  readonly moveNs: number;
  /** Virtual ns that pass in a wall second. */
  readonly paceNs: number;
}

/** Wall seconds from which on a holder is named: a name that comes and goes cannot be read. */
const NAMED_SECONDS = 0.42;

function rowOfHolder(frame: FrameView): number {
  if (frame.head(HEADER.semCount) !== 0) return -1;
  for (let row = 0; row < frame.counts.passages; row++) {
    const isInside = frame.passage(row, PASSAGE.releasedNs) < 0;
    if (isInside && frame.passage(row, PASSAGE.placedNs) >= 0) return row;
  }
  return -1;
}

/** Null while nobody holds the semaphore, or its holder still searches. */
export function holderRun(frame: FrameView, { moveNs, paceNs }: HolderPace): HolderRun | null {
  const row = rowOfHolder(frame);
  if (row < 0) return null;
  const nslots = frame.passage(row, PASSAGE.nslots);
  const heldNs = frame.head(HEADER.timeNs) - frame.passage(row, PASSAGE.placedNs);
  const growNs = moveNsIn(frame, moveNs);
  const share = growNs > 0 ? eased(heldNs / growNs) : 1;
  const span = {
    pool: frame.passage(row, PASSAGE.pool),
    slot: frame.passage(row, PASSAGE.slot),
    nslots: Math.max(1, Math.ceil(nslots * share)),
  };
  const isMoving = RUN_STATES[frame.head(HEADER.runState)] === 'playing';
  return { span, isNamed: !isMoving || heldNs >= NAMED_SECONDS * paceNs };
}
