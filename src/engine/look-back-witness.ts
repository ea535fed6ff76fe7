/** Sees a run that is repeated, and keeps what is asked about: one search, or the life of one slot. */
import { MAX_TENURES, type Explained, type ExplainAsk, type Tenure } from './explained.ts';
import { searchOf } from './explain-now.ts';
import { SearchRecord } from './search-record.ts';
import type { Simulation } from './simulation.ts';
import type { GateReading, MapEnd, Witness } from './witness.ts';
import { ALLOCATED } from './mapping-rows.ts';
import type { MapCursor } from '../model/map-cursor.ts';

/** Readings kept of one request: it may be woken in vain again and again. */
const READINGS = 12;

type PastAsk = Exclude<ExplainAsk, { readonly kind: 'request' }>;
type OpenTenure = { -readonly [key in keyof Tenure]: Tenure[key] };

export class LookBackWitness implements Witness {
  /** The search asked about, once it has ended. */
  answer: Explained | null = null;
  /** It had begun before searches were noted: only a repetition that notes all of them can tell. */
  isCutShort = false;
  readonly #run: Simulation;
  readonly #ask: PastAsk;
  /** Searches are noted from this virtual ns on. */
  readonly #fromNs: number;
  /** The searches under way, by CPU; null: it had begun before. */
  readonly #records = new Map<number, SearchRecord | null>();
  /** What requests read at the gate, by request, and of the one that was let in last, by CPU. */
  readonly #readings = new Map<number, GateReading[]>();
  readonly #letIn = new Map<number, readonly GateReading[]>();
  readonly #tenures: OpenTenure[] = [];
  #count = 0;
  #endedNs = 0;

  constructor(run: Simulation, ask: PastAsk, fromNs: number) {
    this.#run = run;
    this.#ask = ask;
    this.#fromNs = fromNs;
  }

  searching(cpu: number, cursor: MapCursor): void {
    const { timeNs, ledger } = this.#run;
    if (timeNs < this.#fromNs || this.answer !== null) return;
    if (cursor.areas === 0) this.#records.set(cpu, new SearchRecord());
    else if (!this.#records.has(cpu)) this.#records.set(cpu, null);
    this.#records.get(cpu)?.see(cursor, ledger, timeNs);
  }

  mapped(cpu: number, cursor: MapCursor, end: MapEnd): void {
    const ask = this.#ask;
    const record = this.#take(cpu);
    if (ask.kind === 'life') this.#hold(cursor, end);
    else if (ask.kind === 'mapping' && this.#run.ledger.rows.serial(end.row) === ask.serial) {
      this.#tell(cpu, cursor, record, this.#tenureOf(cursor, end));
    }
  }

  failed(cpu: number, cursor: MapCursor): void {
    const ask = this.#ask;
    const record = this.#take(cpu);
    if (ask.kind !== 'failure' || this.#run.timeNs < ask.atNs || this.answer !== null) return;
    this.#tell(cpu, cursor, record, null);
  }

  unmapping(row: number, copied: number): void {
    if (this.#ask.kind !== 'life') return;
    const last = this.#tenures.at(-1);
    if (last === undefined || last.unmappedNs >= 0) return;
    if (last.serial !== this.#run.ledger.rows.serial(row)) return;
    last.unmappedNs = this.#run.timeNs;
    last.copiedBack = copied;
    this.#endedNs += last.unmappedNs - last.mappedNs;
  }

  gate(request: number, reading: GateReading): void {
    if (this.#ask.kind === 'life') return;
    const before = reading.again ? (this.#readings.get(request) ?? []) : [];
    const readings = [...before.slice(1 - READINGS), reading];
    if (!reading.letIn) {
      this.#readings.set(request, readings);
      return;
    }
    this.#readings.delete(request);
    this.#letIn.set(reading.cpu, readings);
  }

  /** Who held the slot, up to `untilNs`. */
  life(untilNs: number): Explained {
    const { at } = this.#ask as Extract<PastAsk, { kind: 'life' }>;
    const last = this.#tenures.at(-1);
    const openNs = last !== undefined && last.unmappedNs < 0 ? untilNs - last.mappedNs : 0;
    const heldNs = this.#endedNs + openNs;
    return {
      kind: 'life',
      at,
      fromNs: 0,
      untilNs,
      tenures: [...this.#tenures],
      count: this.#count,
      heldNs,
    };
  }

  /** The notes of the CPU's search; undefined for one that searched no area. */
  #take(cpu: number): SearchRecord | null | undefined {
    const record = this.#records.get(cpu);
    this.#records.delete(cpu);
    return record;
  }

  #hold(cursor: MapCursor, end: MapEnd): void {
    const { at } = this.#ask as Extract<PastAsk, { kind: 'life' }>;
    const { pool, slot, nslots } = this.#run.swiotlb.outcome;
    if (pool?.id !== at.pool || at.slot < slot || at.slot >= slot + nslots) return;
    this.#count++;
    this.#tenures.push(this.#tenureOf(cursor, end));
    if (this.#tenures.length > MAX_TENURES) this.#tenures.shift();
  }

  #tenureOf({ size }: MapCursor, { row, askedNs, timeNs, copiedNs }: MapEnd): Tenure {
    const { rows } = this.#run.ledger;
    const { slot: first, nslots } = this.#run.swiotlb.outcome;
    const direction = rows.direction(row);
    return {
      serial: rows.serial(row),
      device: rows.device(row),
      cpu: rows.cpu(row),
      first,
      nslots,
      size,
      direction,
      askedNs,
      mappedNs: timeNs,
      copiedNs,
      unmappedNs: -1,
      copiedIn: direction === ALLOCATED ? 0 : size,
      copiedBack: 0,
    };
  }

  #tell(
    cpu: number,
    cursor: MapCursor,
    record: SearchRecord | null | undefined,
    tenure: Tenure | null,
  ): void {
    // Nothing was noted though areas were searched: it began before.
    if (record === null || (record === undefined && cursor.areas > 0)) {
      this.isCutShort = true;
      return;
    }
    const notes = record ?? new SearchRecord();
    if (tenure === null) notes.exhausted(cursor);
    const { timeNs, event, growth, world } = this.#run;
    const gate = this.#letIn.get(cpu) ?? [];
    const search = searchOf(cursor, notes);
    this.answer = {
      ...search,
      ...this.#outcome(tenure),
      when: 'then',
      timeNs,
      event,
      attempts: growth.since(Math.max(0, growth.count - 4)).filter((one) => one.event === event),
      gate: gate.at(-1)?.device === cursor.device.id ? gate : [],
      tenure,
      slotNs: world.costs.slotNs,
      disagreement: search.disagreement ?? this.#difference(notes, cursor, tenure),
    };
  }

  #outcome(tenure: Tenure | null) {
    const { pool, slot, nslots, cause, kicked, transient } = this.#run.swiotlb.outcome;
    if (tenure === null) return { pool: -1, slot: -1, cause, kicked, transientSlots: 0 };
    return { pool: pool?.id ?? -1, slot, cause, kicked, transientSlots: transient ? nslots : 0 };
  }

  /** The notes must end where the map ended. */
  #difference(
    notes: SearchRecord,
    { probes, areas }: MapCursor,
    tenure: Tenure | null,
  ): string | null {
    const { outcome } = this.#run.swiotlb;
    // A pool that is made for one request is searched too, and not noted.
    const isTried = outcome.kicked && areas === notes.areas + 1;
    if (notes.areas !== areas && !isTried) {
      return `${notes.areas} areas were explained, ${areas} searched`;
    }
    if (notes.probes !== probes && !isTried) {
      return `${notes.probes} slots were explained, ${probes} looked at`;
    }
    if (outcome.transient) return null;
    const last = notes.seen.at(-1)?.walk.found ?? -1;
    const isAll = notes.seen.length === notes.areas;
    if (tenure !== null && isAll && last !== outcome.slot) {
      return `slot ${last} was explained, slot ${outcome.slot} taken`;
    }
    return null;
  }
}
