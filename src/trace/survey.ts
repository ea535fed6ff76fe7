import { at } from '../model/array.ts';
import type { ReadRecording, Recording } from './recording.ts';
import { unknownBuffers, unknownUnmaps } from './unknown-buffers.ts';

/** Steps looked at between two breaths: a few milliseconds of work. */
const SURVEY_STEPS = 2 ** 16;

/**
 * What has to be known of a whole recording before it is played. It is found once, in slices: each
 * `yield` is a moment at which a worker may look at its port.
 */
export function* survey(recording: ReadRecording): Generator<void, Recording, void> {
  const completion = yield* completionOf(recording);
  const unmaps = yield* unknownUnmaps(recording);
  const unknown = yield* unknownBuffers(recording, unmaps);
  return { ...recording, completion, unknown };
}

/** The rows of the events, in the order of their last steps. */
function* completionOf({
  order,
  steps,
  events,
  count,
}: ReadRecording): Generator<void, Uint32Array, void> {
  const rows = new Uint32Array(count);
  let done = 0;
  for (let position = 0; position < order.length; position++) {
    if (position % SURVEY_STEPS === 0) yield;
    const step = at(order, position);
    const row = at(steps.row, step);
    if (step === at(events.stepStart, row + 1) - 1) rows[done++] = row;
  }
  return rows.subarray(0, done);
}
