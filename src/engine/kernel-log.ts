/**
 * The kernel log: lines in the kernel's own words, limited per call site as the kernel limits them.
 *
 * Follows `___ratelimit()` in lib/ratelimit.c, Linux 6.12: 10 lines per 5 s and call site; the first
 * call after the interval says how many were swallowed.
 */
import type { Keeper } from '../model/keeper.ts';

/** One line of the kernel log. */
export interface LogLine {
  readonly timeNs: number;
  /** The event that printed it. */
  readonly event: number;
  /** In the kernel's words, without the time stamp. */
  readonly text: string;
  readonly level: 'info' | 'warn' | 'err';
}

/** `DEFAULT_RATELIMIT_INTERVAL`, 5 s. */
export const RATELIMIT_INTERVAL_NS = 5e9;
/** `DEFAULT_RATELIMIT_BURST`. */
export const RATELIMIT_BURST = 10;
/** Lines kept; older ones are forgotten. The kernel's own ring holds about as many. */
const KEPT_LINES = 2000;

/** `struct ratelimit_state` of one call site. */
interface Site {
  beginNs: number;
  printed: number;
  missed: number;
}

/** The log of one machine since boot; only the newest lines are kept. */
export class KernelLog {
  #lines: LogLine[] = [];
  /** Lines printed before the first one still kept. */
  #forgotten = 0;
  #suppressed = 0;
  readonly #sites = new Map<string, Site>();
  readonly #once = new Set<string>();

  /** Lines ever printed; the argument for a later `since`. */
  get count(): number {
    return this.#forgotten + this.#lines.length;
  }

  /** Lines swallowed by the rate limit so far. */
  get suppressed(): number {
    return this.#suppressed;
  }

  /** The lines printed after the first `count`, as far as they are still kept. */
  since(count: number): readonly LogLine[] {
    return this.#lines.slice(Math.max(0, count - this.#forgotten));
  }

  keep(k: Keeper): void {
    k.list(this.#lines);
    this.#forgotten = k.value(this.#forgotten);
    this.#suppressed = k.value(this.#suppressed);
    k.copies(this.#sites, (site) => ({ ...site }));
    k.set(this.#once);
  }

  /** Prints a line without a limit. */
  print(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > 2 * KEPT_LINES) {
      this.#forgotten += this.#lines.length - KEPT_LINES;
      this.#lines = this.#lines.slice(-KEPT_LINES);
    }
  }

  /** Prints the first line of a call site only (`dev_warn_once`). */
  printOnce(site: string, line: LogLine): void {
    if (this.#once.has(site)) return;
    this.#once.add(site);
    this.print(line);
  }

  /**
   * Whether the call site may print now; call it once for each line it wants to print.
   *
   * @param site the C function that holds the call, as the kernel names it when it says how many
   *   lines it swallowed.
   */
  admits(site: string, timeNs: number, event: number): boolean {
    let state = this.#sites.get(site);
    if (!state) {
      state = { beginNs: timeNs, printed: 0, missed: 0 };
      this.#sites.set(site, state);
    }
    if (timeNs > state.beginNs + RATELIMIT_INTERVAL_NS) {
      if (state.missed > 0) {
        const text = `${site}: ${state.missed} callbacks suppressed`;
        this.print({ timeNs, event, text, level: 'warn' });
        state.missed = 0;
      }
      state.beginNs = timeNs;
      state.printed = 0;
    }
    if (state.printed < RATELIMIT_BURST) {
      state.printed++;
      return true;
    }
    state.missed++;
    this.#suppressed++;
    return false;
  }
}

/** What `swiotlb_tbl_map_single()` says when it finds no room. `size` includes alignment. */
export function bufferFullText(
  device: string,
  size: number,
  totalSlots: number,
  usedSlots: number,
): string {
  return `${device}: swiotlb buffer is full (sz: ${size} bytes), total ${totalSlots} (slots), used ${usedSlots} (slots)`;
}

/** What `swiotlb_print_info()` says at boot: the pool's physical range and its size in MiB. */
export function mappedText(base: number, bytes: number): string {
  const mebibytes = Math.floor(bytes / 1_048_576);
  const range = `[mem ${addressText(base)}-${addressText(base + bytes)}]`;
  return `software IO TLB: mapped ${range} (${mebibytes}MB)`;
}

/** An address as `%pa` and `%pad` print it. */
export function addressText(address: number): string {
  return `0x${address.toString(16).padStart(16, '0')}`;
}

/** What `swiotlb_adjust_nareas()` says at boot. */
export function areaNumText(areas: number): string {
  return `software IO TLB: area num ${areas}.`;
}
