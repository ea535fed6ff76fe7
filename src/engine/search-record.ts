/** Notes of one search as it goes from area to area, bounded in size. */
import { MAX_ALL_LOOKS, MAX_SLOT_BYTES, MAX_WALKS, type SeenArea } from './explained.ts';
import type { Ledger } from './ledger.ts';
import { walkArea, type AreaWalk } from '../model/area-walk.ts';
import { notePassed, renumberedAt, type PassedPool, type Renumbering } from '../model/explain.ts';
import type { MapCursor } from '../model/map-cursor.ts';
import type { Pool } from '../model/pool.ts';

/** Of one search; see each area before the search takes anything from it. */
export class SearchRecord {
  readonly seen: SeenArea[] = [];
  readonly passed: PassedPool[] = [];
  areas = 0;
  probes = 0;
  /** `list` around the run that was found. */
  renumbered: Renumbering | null = null;
  /** Where the reference search and the fast one differ; null: nowhere so far. */
  disagreement: string | null = null;
  #looks = 0;
  #bytes = 0;
  #pool: Pool | null = null;
  #turn = 0;

  /**
   * Notes what the search of the cursor's area meets; changes nothing.
   *
   * @returns the walk; its `found` is the slot that will be taken, or -1.
   * @throws RangeError when the cursor stands in no area.
   */
  see(cursor: MapCursor, ledger: Ledger, timeNs: number): AreaWalk {
    const { pool, area, terms } = cursor;
    if (pool === null) throw new RangeError('the cursor stands in no area');
    this.#notePassed(cursor);
    terms.aim(pool.base, cursor.device.demands.segBoundary);
    const walk = walkArea(pool, area, terms);
    this.#compare(walk, pool, cursor);
    if (walk.found >= 0) this.renumbered = renumberedAt(pool, walk.found, terms.slots);
    this.areas++;
    this.probes += walk.probes;
    if (this.seen.length < MAX_WALKS) {
      const { residue, boundaryPhase } = terms;
      const { base, kind: poolKind } = pool;
      const place = { timeNs, poolKind, base, residue, boundaryPhase };
      this.seen.push({ walk: this.#bounded(walk), ...place, ...this.#slots(walk, pool, ledger) });
    }
    this.#pool = pool;
    this.#turn = cursor.turn;
    return walk;
  }

  /** The cursor was sent on and has found no further area: pools that were passed over at the end. */
  exhausted(cursor: MapCursor): void {
    if (cursor.pool === null) this.#notePassed(cursor);
  }

  #notePassed(cursor: MapCursor): void {
    if (this.#pool === null) return;
    // One pool has no turns: its areas are counted on.
    if (cursor.pool === this.#pool && cursor.turn === this.#turn) return;
    if (this.passed.length < MAX_WALKS) {
      notePassed(this.passed, cursor, this.#pool, this.#turn, this.areas);
    }
  }

  /** The search that decides is another program than the walk: they must say the same. */
  #compare(walk: AreaWalk, pool: Pool, { terms }: MapCursor): void {
    if (walk.isLeft || this.disagreement !== null) return;
    const { table } = pool;
    const slot = table.find(walk.areaStart, walk.areaSlots, walk.index, terms);
    if (slot === walk.found && table.probes === walk.probes) return;
    this.disagreement =
      `in area ${walk.area} of pool ${walk.pool} the reference search ends at slot ${walk.found} ` +
      `after ${walk.probes} slots, the fast one at ${slot} after ${table.probes}`;
  }

  #bounded(walk: AreaWalk): AreaWalk {
    const { length } = walk.looks;
    if (this.#looks + length > MAX_ALL_LOOKS) return { ...walk, looks: [] };
    this.#looks += length;
    return walk;
  }

  #slots(
    { areaStart, areaSlots }: AreaWalk,
    pool: Pool,
    ledger: Ledger,
  ): Pick<SeenArea, 'list' | 'owner'> {
    if (this.#bytes + 2 * areaSlots > MAX_SLOT_BYTES) return { list: null, owner: null };
    this.#bytes += 2 * areaSlots;
    const list = new Uint8Array(areaSlots);
    for (let slot = 0; slot < areaSlots; slot++) list[slot] = pool.table.list(areaStart + slot);
    const owner = ledger.record(pool).owner.slice(areaStart, areaStart + areaSlots);
    return { list, owner };
  }
}
