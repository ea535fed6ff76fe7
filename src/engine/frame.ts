/**
 * One picture of the state in one buffer: what the worker posts and the page paints from.
 *
 * The buffer is transferred, read in place through `FrameView`, and handed back to be refilled, so
 * nothing is copied and nothing is allocated per frame. Everything in it is a number; names and
 * sentences travel once, in the worker's `loaded` and `log` reports.
 *
 * Layout, all little-endian and in this order: header (`HEADER_FIELDS` float64), pools, areas,
 * devices, waiters, passages, waits, reports (float64 tables), history (float32 series, and those of
 * the shadow run if there is one), owner bytes (one a slot), shade bytes (one a slot, only in the
 * colour modes that need them).
 */

import {
  FRAME_MAGIC,
  FRAME_VERSION,
  HEADER,
  HEADER_FIELDS,
  POOL_FIELDS,
  AREA_FIELDS,
  DEVICE_FIELDS,
  FIXED_SERIES,
} from './frame-fields.ts';
import {
  PASSAGE_FIELDS,
  REPORT_FIELDS,
  REPORT_ROWS,
  WAIT_BINS,
  WAIT_ROWS,
  WAITER_FIELDS,
} from './throttle-fields.ts';

export * from './frame-fields.ts';
export * from './throttle-fields.ts';

/** How many rows each section has. */
export interface FrameCounts {
  readonly pools: number;
  readonly areas: number;
  readonly devices: number;
  readonly buckets: number;
  readonly slots: number;
  readonly shaded: boolean;
  readonly waiters: number;
  readonly passages: number;
  readonly shadowed: boolean;
}

/** Byte offsets of the sections, and the length of the whole. */
interface Sections {
  readonly pools: number;
  readonly areas: number;
  readonly devices: number;
  readonly waiters: number;
  readonly passages: number;
  readonly waits: number;
  readonly reports: number;
  readonly history: number;
  readonly shadow: number;
  readonly owner: number;
  readonly shade: number;
  readonly end: number;
}

function sectionsOf(counts: FrameCounts): Sections {
  const pools = HEADER_FIELDS * 8;
  const areas = pools + counts.pools * POOL_FIELDS * 8;
  const devices = areas + counts.areas * AREA_FIELDS * 8;
  const waiters = devices + counts.devices * DEVICE_FIELDS * 8;
  const passages = waiters + counts.waiters * WAITER_FIELDS * 8;
  const waits = passages + counts.passages * PASSAGE_FIELDS * 8;
  const reports = waits + WAIT_ROWS * WAIT_BINS * 8;
  const history = reports + REPORT_ROWS * REPORT_FIELDS * 8;
  const shadow = history + (FIXED_SERIES + counts.devices) * counts.buckets * 4;
  const owner = shadow + (counts.shadowed ? FIXED_SERIES * counts.buckets * 4 : 0);
  const shade = owner + counts.slots;
  return {
    pools,
    areas,
    devices,
    waiters,
    passages,
    waits,
    reports,
    history,
    shadow,
    owner,
    shade,
    end: shade + (counts.shaded ? counts.slots : 0),
  };
}

/** Bytes a frame with these counts takes. */
export function frameBytes(counts: FrameCounts): number {
  return sectionsOf(counts).end;
}

/**
 * A frame read or written in place. The arrays are views into `buffer`; after the buffer was handed
 * back they are empty, so a painter must not keep them.
 */
export class FrameView {
  readonly buffer: ArrayBuffer;
  readonly counts: FrameCounts;
  readonly header: Float64Array;
  readonly pools: Float64Array;
  readonly areas: Float64Array;
  readonly devices: Float64Array;
  readonly waiters: Float64Array;
  readonly passages: Float64Array;
  /** `WAITS` rows of `WAIT_BINS`. */
  readonly waits: Float64Array;
  readonly reports: Float64Array;
  readonly owner: Uint8Array;
  readonly shade: Uint8Array;
  readonly #history: Float32Array;
  readonly #shadow: Float32Array;

  private constructor(buffer: ArrayBuffer, counts: FrameCounts) {
    const at = sectionsOf(counts);
    this.buffer = buffer;
    this.counts = counts;
    this.header = new Float64Array(buffer, 0, HEADER_FIELDS);
    this.pools = new Float64Array(buffer, at.pools, counts.pools * POOL_FIELDS);
    this.areas = new Float64Array(buffer, at.areas, counts.areas * AREA_FIELDS);
    this.devices = new Float64Array(buffer, at.devices, counts.devices * DEVICE_FIELDS);
    this.waiters = new Float64Array(buffer, at.waiters, counts.waiters * WAITER_FIELDS);
    this.passages = new Float64Array(buffer, at.passages, counts.passages * PASSAGE_FIELDS);
    this.waits = new Float64Array(buffer, at.waits, WAIT_ROWS * WAIT_BINS);
    this.reports = new Float64Array(buffer, at.reports, REPORT_ROWS * REPORT_FIELDS);
    this.#history = new Float32Array(buffer, at.history, (at.shadow - at.history) / 4);
    this.#shadow = new Float32Array(buffer, at.shadow, (at.owner - at.shadow) / 4);
    this.owner = new Uint8Array(buffer, at.owner, counts.slots);
    this.shade = new Uint8Array(buffer, at.shade, counts.shaded ? counts.slots : 0);
  }

  /**
   * Lays a frame out in `buffer`, or in a new one when it is too small, and writes the counts.
   * Every other field keeps whatever the buffer held: the writer sets them all.
   */
  static lay(buffer: ArrayBuffer | null, counts: FrameCounts): FrameView {
    const bytes = frameBytes(counts);
    const room = buffer && buffer.byteLength >= bytes ? buffer : new ArrayBuffer(bytes);
    const frame = new FrameView(room, counts);
    const { header } = frame;
    header[HEADER.magic] = FRAME_MAGIC;
    header[HEADER.version] = FRAME_VERSION;
    header[HEADER.pools] = counts.pools;
    header[HEADER.areas] = counts.areas;
    header[HEADER.devices] = counts.devices;
    header[HEADER.buckets] = counts.buckets;
    header[HEADER.slots] = counts.slots;
    header[HEADER.hasShade] = counts.shaded ? 1 : 0;
    header[HEADER.waiters] = counts.waiters;
    header[HEADER.passages] = counts.passages;
    header[HEADER.hasShadow] = counts.shadowed ? 1 : 0;
    return frame;
  }

  /**
   * Reads a frame that came over the port.
   *
   * @throws RangeError when the buffer is not a frame of this version, or is shorter than it says.
   */
  static read(buffer: ArrayBuffer): FrameView {
    const words =
      buffer.byteLength >= HEADER_FIELDS * 8 ? new Float64Array(buffer, 0, HEADER_FIELDS) : null;
    if (words?.[HEADER.magic] !== FRAME_MAGIC) throw new RangeError('the buffer is not a frame');
    if (words[HEADER.version] !== FRAME_VERSION) {
      throw new RangeError(`frame version ${words[HEADER.version]}, expected ${FRAME_VERSION}`);
    }
    const count = (field: number) => words[field] ?? 0;
    const counts: FrameCounts = {
      pools: count(HEADER.pools),
      areas: count(HEADER.areas),
      devices: count(HEADER.devices),
      buckets: count(HEADER.buckets),
      slots: count(HEADER.slots),
      shaded: count(HEADER.hasShade) === 1,
      waiters: count(HEADER.waiters),
      passages: count(HEADER.passages),
      shadowed: count(HEADER.hasShadow) === 1,
    };
    if (frameBytes(counts) > buffer.byteLength) {
      throw new RangeError(
        `frame of ${frameBytes(counts)} bytes in a buffer of ${buffer.byteLength}`,
      );
    }
    return new FrameView(buffer, counts);
  }

  /** One series of the history (`SERIES`, then one per device), the whole capacity long. */
  series(index: number): Float32Array {
    const { buckets } = this.counts;
    return this.#history.subarray(index * buckets, (index + 1) * buckets);
  }

  /** One of the fixed series of the shadow run's history; empty without a shadow. */
  shadowSeries(index: number): Float32Array {
    const { buckets } = this.counts;
    return this.#shadow.subarray(index * buckets, (index + 1) * buckets);
  }

  /** A header word, a `HEADER` index. */
  head(field: number): number {
    return this.header[field] ?? 0;
  }

  /** Field `field` (`POOL`) of pool row `row`. */
  pool(row: number, field: number): number {
    return this.pools[row * POOL_FIELDS + field] ?? 0;
  }

  /** Field `field` (`AREA`) of area row `row`. */
  area(row: number, field: number): number {
    return this.areas[row * AREA_FIELDS + field] ?? 0;
  }

  /** Field `field` (`DEVICE`) of device row `row`. */
  device(row: number, field: number): number {
    return this.devices[row * DEVICE_FIELDS + field] ?? 0;
  }

  /** Field `field` (`WAITER`) of waiter row `row`. */
  waiter(row: number, field: number): number {
    return this.waiters[row * WAITER_FIELDS + field] ?? 0;
  }

  /** Field `field` (`PASSAGE`) of passage row `row`. */
  passage(row: number, field: number): number {
    return this.passages[row * PASSAGE_FIELDS + field] ?? 0;
  }

  /** Field `field` (`REPORT`) of the run (row 0) or its shadow (row 1). */
  report(row: number, field: number): number {
    return this.reports[row * REPORT_FIELDS + field] ?? 0;
  }
}
