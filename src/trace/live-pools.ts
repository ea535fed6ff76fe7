import { TraceFault } from './fault.ts';
import { SLOT_LIMIT } from './header-check.ts';
import { EVENT } from './recording.ts';

/** Pools alive at one time, beyond those in the header. */
const LIVE_POOLS_LIMIT = 2 ** 16;

/** Pools and slots made and not yet freed, so that a file cannot ask for memory without end. */
export class LivePools {
  #pools = 0;
  #slots: number;

  /** @param slots those of the pools that the recording begins with. */
  constructor(slots: number) {
    this.#slots = slots;
  }

  /** Counts an event of `slots`. @throws TraceFault when more live at once than is replayed. */
  count(kind: number, slots: number, line: number): void {
    if (slots === 0 || (kind !== EVENT.poolAnswer && kind !== EVENT.poolFreed)) return;
    const sign = kind === EVENT.poolAnswer ? 1 : -1;
    this.#pools += sign;
    this.#slots += sign * slots;
    if (this.#pools > LIVE_POOLS_LIMIT || this.#slots > SLOT_LIMIT) {
      throw new TraceFault(
        `Line ${line}: ${this.#pools} grown pools with ${this.#slots} slots live at once, at most ${LIVE_POOLS_LIMIT} with ${SLOT_LIMIT} are replayed.`,
      );
    }
  }
}
