/** The columns of a queue's rows: what stands in them, and which of them a narrow place has room for. */
import { HEADER, THROTTLE_WHYS, WAITER, type FrameView } from '../engine/frame.ts';
import { figure, spanOf } from './figures.ts';

/** The text of a waiting request. */
export interface RowText {
  readonly place: string;
  readonly name: string;
  /** KiB, the unit said once above. */
  readonly size: string;
  /** Which threshold the use was above; for one that starves, that it does. */
  readonly why: string;
  readonly wait: string;
  readonly starved: boolean;
}

const KIB = 1024;

function sizeText(bytes: number): string {
  const kib = bytes / KIB;
  return kib >= 10 || Number.isInteger(kib) ? figure(Math.round(kib)) : kib.toFixed(1);
}

/** What a row of the frame's waiter table says. */
export function rowText(frame: FrameView, waiter: number, names: readonly string[]): RowText {
  const device = frame.waiter(waiter, WAITER.device);
  const waitNs = Math.max(0, frame.head(HEADER.timeNs) - frame.waiter(waiter, WAITER.sinceNs));
  const starved = waitNs > frame.head(HEADER.starvedNs);
  return {
    place: String(waiter + 1),
    name: names[device] ?? `device ${device}`,
    size: sizeText(frame.waiter(waiter, WAITER.bytes)),
    why: starved ? 'starved' : (THROTTLE_WHYS[frame.waiter(waiter, WAITER.why)] ?? ''),
    wait: spanOf(waitNs),
    starved,
  };
}

/** Widths of what the columns hold, px; the widest of all rows each. */
export interface ColumnWidths {
  readonly name: number;
  readonly size: number;
  readonly why: number;
  readonly wait: number;
}

/** Right edges of the columns, counted from the row's left edge; null for one that is left out. */
export interface QueueColumns {
  /** Where names begin, and the room they have. */
  readonly name: number;
  readonly nameRoom: number;
  readonly size: number | null;
  readonly why: number | null;
  readonly wait: number;
}

/**
 * Fits the columns into `width`: where it is short the size goes first, then the threshold. `lead` is
 * what place and swatch take, `gap` stands between columns.
 */
export function fitColumns(
  widths: ColumnWidths,
  width: number,
  lead: number,
  gap: number,
): QueueColumns {
  const base = lead + widths.name + gap + widths.wait;
  const withWhy = base + gap + widths.why <= width;
  const withSize = withWhy && base + 2 * gap + widths.why + widths.size <= width;
  const why = withWhy ? width - widths.wait - gap : null;
  const size = withSize ? width - widths.wait - widths.why - 2 * gap : null;
  const right = withSize
    ? (size ?? 0) - widths.size
    : withWhy
      ? (why ?? 0) - widths.why
      : width - widths.wait;
  return { name: lead, nameRoom: Math.max(0, right - gap - lead), size, why, wait: width };
}
