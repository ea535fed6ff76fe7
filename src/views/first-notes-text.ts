/** What stands in the free rows of the first second, and in the help for good. */
import { DEVICE, HEADER, type FrameView } from '../engine/frame.ts';
import type { MachineSummary } from '../store/reports.ts';

export interface FirstNote {
  readonly head: string;
  readonly rest: string;
}

export const FIRST_NOTES: readonly FirstNote[] = [
  {
    head: 'One row is one segment',
    rest: ': 128 slots of 2 KiB. A buffer never crosses a row’s end, so 256 KiB is the largest.',
  },
  {
    head: 'Each bar is one buffer',
    rest: ', copied here so that its device may reach it. Its colour says which device.',
  },
  {
    head: 'The small triangle and tick are the hint',
    rest: ': the next search in this area starts there. It moves on after every success.',
  },
  {
    head: 'An area has a lock of its own',
    rest: ': each CPU begins in its area, so that they need not wait for each other.',
  },
];

/** Instead of the note on bars while there is none. */
const NO_BARS: FirstNote = {
  head: 'Nothing here is taken',
  rest: ': no buffer holds a slot now. One that does shows as a bar in its device’s colour.',
};
const BARS = 1;

/** A note about what a device does now, if one does it. */
function deviceNote(machine: MachineSummary | null, frame: FrameView): FirstNote | null {
  const busy = (kind: string) =>
    machine?.devices.find(
      (device, row) => device.kind === kind && frame.device(row, DEVICE.slots) > 0,
    );
  const network = busy('virtio-net');
  if (network) {
    return {
      head: `${network.name} keeps its receive ring mapped`,
      rest: ' for as long as it is up: one slot for each packet to come.',
    };
  }
  return null;
}

/** The notes for this machine at this moment, the most needed first. */
export function notesFor(machine: MachineSummary | null, frame: FrameView): readonly FirstNote[] {
  const own = deviceNote(machine, frame);
  const notes = own ? [...FIRST_NOTES.slice(0, 3), own] : FIRST_NOTES;
  const isEmpty = frame.head(HEADER.used) === 0 && frame.head(HEADER.directMaps) > 0;
  return isEmpty ? notes.with(BARS, NO_BARS) : notes;
}
