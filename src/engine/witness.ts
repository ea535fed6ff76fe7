/**
 * Whoever wants to see each search at its true moment: told just before an area is searched, when a
 * map ends, when a slot is given back, and what a request reads at the throttle's gate. It changes
 * nothing. A run that is only played has none, and pays a comparison with null.
 */
import type { MapCursor } from '../model/map-cursor.ts';
import type { ThrottleWhy } from '../model/throttle.ts';

/** What a request read when it came to the throttle's gate, or when it was woken and looked again. */
export interface GateReading {
  readonly timeNs: number;
  readonly cpu: number;
  /** Index of the device in the run. */
  readonly device: number;
  /** `used` as it was read, and the thresholds of that moment, in slots. */
  readonly used: number;
  readonly high: number;
  readonly low: number;
  /** Requests asleep by then, itself among them if it was told to sleep. */
  readonly queued: number;
  /** Why it was throttled; `none`: it was not, or it was before and looks again now. */
  readonly why: ThrottleWhy;
  /** It had slept and was woken. */
  readonly again: boolean;
  /** It goes on to its search; else it sleeps. */
  readonly letIn: boolean;
}

/** How a map that succeeded went. */
export interface MapEnd {
  /** The ledger's row of the mapping. */
  readonly row: number;
  /** When it was asked for, when its slots were taken, and when its data was copied; virtual ns. */
  readonly askedNs: number;
  readonly timeNs: number;
  readonly copiedNs: number;
}

/** Hooks of one watcher. */
export interface Witness {
  /** The lock is held and the cursor's area is about to be searched. */
  searching(cpu: number, cursor: MapCursor): void;
  /** A map has its slots; the model's `outcome` has more. */
  mapped(cpu: number, cursor: MapCursor, end: MapEnd): void;
  /** A map found no room, or lies out of reach; the model's `outcome` has more. */
  failed(cpu: number, cursor: MapCursor): void;
  /** The mapping in the ledger's row is about to be given back; `copied` bytes went back first. */
  unmapping(row: number, copied: number): void;
  /** @param request the row of the request, its ticket at the gate. */
  gate(request: number, reading: GateReading): void;
}
