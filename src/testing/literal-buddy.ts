/**
 * The page allocator once more, slowly: a record for each page, a plain array for each list. Shares
 * no code with the model; what it decides is what the model is held against, list for list.
 *
 * Follows the same functions of mm/page_alloc.c, Linux 6.12, as `model/page-allocator.ts`, without
 * compaction. Watermarks are given to it.
 */
import {
  freePages,
  isAbove,
  type LiteralRequest,
  type LiteralZone,
  type ZoneState,
} from './literal-watermark.ts';

interface Page {
  /** 'hole', inside a block ('tail'), or the first page of a free or used one. */
  what: 'hole' | 'tail' | 'free' | 'used';
  order: number;
  movable: boolean;
}

const BLOCK = 512;
const TOP = 10;
const [UNMOVABLE, MOVABLE, RECLAIMABLE, ATOMIC, CONTIGUOUS] = [0, 1, 2, 3, 4] as const;
/** Where else to look, by the kind wanted. */
const ELSEWHERE = new Map([
  [UNMOVABLE, [RECLAIMABLE, MOVABLE]],
  [MOVABLE, [RECLAIMABLE, UNMOVABLE]],
  [RECLAIMABLE, [UNMOVABLE, MOVABLE]],
] as [number, number[]][]);

export class LiteralBuddy {
  readonly zones: ZoneState[];
  readonly #pages = new Map<number, Page>();
  /** Kind of each pageblock, by its number. */
  readonly #kinds = new Map<number, number>();

  constructor(zones: readonly LiteralZone[]) {
    this.zones = zones.map((zone) => ({
      ...zone,
      lists: Array.from({ length: TOP + 1 }, () => Array.from({ length: 6 }, () => [])),
      boost: 0,
      reserved: 0,
    }));
  }

  /** Sets what a pageblock is for, before its pages come. */
  setKind(pfn: number, kind: number): void {
    this.#kinds.set(Math.floor(pfn / BLOCK), kind);
  }

  /** Hands in a block that boot frees, to the tail unless it is CMA's. */
  boot(pfn: number, order: number, toTail: boolean): void {
    for (let at = pfn; at < pfn + 2 ** order; at++) {
      this.#pages.set(at, { what: 'tail', order: 0, movable: false });
    }
    this.#give(pfn, order, toTail);
  }

  /** First frames of a list, head first. */
  list(zone: ZoneState, order: number, kind: number): readonly number[] {
    return zone.lists[order]?.[kind] ?? [];
  }

  /** @returns the first frame, or -1. */
  alloc(request: LiteralRequest): number {
    const fast = this.#search(request, 'low', request.zone === 2);
    const pfn = fast === -1 ? this.#slow(request) : fast;
    if (pfn === -1) return -1;
    this.#set(pfn, 'used', request.order, request.type === MOVABLE);
    return pfn;
  }

  free(pfn: number, order: number): void {
    if (order <= 9) return this.#give(pfn, order, false);
    this.#give(pfn, 9, false);
    this.#give(pfn + BLOCK, 9, false);
  }

  #slow(request: LiteralRequest): number {
    const found = this.#search(request, 'min', false);
    if (found !== -1 || request.kind !== 'kernel') return found;
    return this.#unreserve(request) ? this.#search(request, 'min', false) : -1;
  }

  #search(request: LiteralRequest, mark: 'low' | 'min', keepsKinds: boolean): number {
    const isAtomic = request.kind === 'atomic' && mark === 'min';
    for (const zone of this.zones.toReversed()) {
      if (zone.id > request.zone || !isAbove(zone, request, mark)) continue;
      const pfn = this.#take(zone, request, mark, keepsKinds);
      if (pfn === -1) continue;
      if (isAtomic && request.order > 0) this.#reserve(zone, pfn, request.order);
      return pfn;
    }
    return keepsKinds ? this.#search(request, mark, false) : -1;
  }

  #take(zone: ZoneState, request: LiteralRequest, mark: string, keepsKinds: boolean): number {
    const { order, type, kind } = request;
    const tries: (() => number)[] = [];
    const smallest = (from: number) => () => this.#smallest(zone, order, from);
    const isUrgent = mark === 'min' && kind !== 'kernel';
    if (isUrgent && kind === 'atomic' && order > 0) tries.push(smallest(ATOMIC));
    const inCma = freePages(zone, CONTIGUOUS);
    if (type === MOVABLE && inCma > freePages(zone) / 2) tries.push(smallest(CONTIGUOUS));
    tries.push(smallest(type));
    if (type === MOVABLE) tries.push(smallest(CONTIGUOUS));
    tries.push(() => this.#elsewhere(zone, order, type, keepsKinds));
    if (isUrgent) tries.push(smallest(ATOMIC));
    for (const attempt of tries) {
      const pfn = attempt();
      if (pfn !== -1) return pfn;
    }
    return -1;
  }

  #smallest(zone: ZoneState, order: number, kind: number): number {
    for (let size = order; size <= TOP; size++) {
      const pfn = zone.lists[size]?.[kind]?.[0];
      if (pfn !== undefined) return this.#cut(zone, pfn, size, order, kind);
    }
    return -1;
  }

  /** Takes `order` out of a free block; the rest becomes free blocks of kind `kind`. */
  #cut(zone: ZoneState, pfn: number, size: number, order: number, kind: number): number {
    this.#drop(zone, pfn, size);
    for (let half = size - 1; half >= order; half--) {
      this.#set(pfn + 2 ** half, 'free', half, false);
      zone.lists[half]?.[kind]?.unshift(pfn + 2 ** half);
    }
    this.#set(pfn, 'tail', 0, false);
    return pfn;
  }

  #elsewhere(zone: ZoneState, order: number, type: number, keepsKinds: boolean): number {
    const kinds = ELSEWHERE.get(type) ?? [];
    const at = (size: number) => kinds.find((kind) => (zone.lists[size]?.[kind]?.length ?? 0) > 0);
    const least = keepsKinds ? Math.max(order, 9) : order;
    for (let size = TOP; size >= least; size--) {
      if (at(size) === undefined) continue;
      let chosen = size;
      if (type === MOVABLE && size < 4) for (chosen = order; at(chosen) === undefined;) chosen++;
      return this.#steal(zone, order, type, chosen, at(chosen) ?? 0);
    }
    return -1;
  }

  #steal(zone: ZoneState, order: number, type: number, size: number, from: number): number {
    const pfn = zone.lists[size]?.[from]?.[0] ?? -1;
    const block = Math.floor(pfn / BLOCK);
    if (size >= 9) {
      for (let at = 0; at < 2 ** (size - 9); at++) this.#kinds.set(block + at, type);
      return this.#cut(zone, pfn, size, order, type);
    }
    if (type !== MOVABLE || size >= 4) {
      const most = Math.floor(zone.high * 1.5);
      if (zone.managed >= 4 * BLOCK && most > 0) {
        zone.boost = Math.min(zone.boost + BLOCK, Math.max(most, BLOCK));
      }
      if (this.#wouldSuit(block, from, type)) {
        this.#retype(zone, block, type);
        return this.#smallest(zone, order, type);
      }
    }
    return this.#cut(zone, pfn, size, order, from);
  }

  /** Whether half of a pageblock is free or of the kind already, page by page. */
  #wouldSuit(block: number, from: number, type: number): boolean {
    let free = 0;
    let movable = 0;
    for (let pfn = block * BLOCK; pfn < (block + 1) * BLOCK; pfn++) {
      const holder = this.#blockOf(pfn);
      if (holder?.what === 'free') free++;
      if (holder?.what === 'used' && holder.movable) movable++;
    }
    const other = from === MOVABLE ? BLOCK - free - movable : 0;
    return free + (type === MOVABLE ? movable : other) >= BLOCK / 2;
  }

  /** The first page of the block that page `pfn` is in. */
  #blockOf(pfn: number): Page | null {
    for (let order = 0; order <= TOP; order++) {
      const first = this.#pages.get(pfn - (pfn % 2 ** order));
      const isFirst = first !== undefined && (first.what === 'free' || first.what === 'used');
      if (isFirst && first.order >= order) return first;
    }
    return null;
  }

  /** Moves a pageblock's free blocks to the tails of another kind's lists. */
  #retype(zone: ZoneState, block: number, kind: number): void {
    const chunk = (block - (block % 2)) * BLOCK;
    const pair = this.#pages.get(chunk);
    if (pair?.what === 'free' && pair.order === TOP) {
      const old = this.#kindOf(chunk);
      this.#drop(zone, chunk, TOP);
      for (const half of [chunk + BLOCK, chunk]) {
        this.#set(half, 'free', 9, false);
        zone.lists[9]?.[old]?.unshift(half);
      }
    }
    for (let pfn = block * BLOCK; pfn < (block + 1) * BLOCK; pfn++) {
      const page = this.#pages.get(pfn);
      if (page?.what !== 'free') continue;
      const { order } = page;
      this.#drop(zone, pfn, order);
      this.#set(pfn, 'free', order, false);
      zone.lists[order]?.[kind]?.push(pfn);
    }
    this.#kinds.set(block, kind);
  }

  #reserve(zone: ZoneState, pfn: number, order: number): void {
    const share = Math.floor(zone.managed / 100);
    const most = Math.ceil(share / BLOCK) * BLOCK;
    if (share < BLOCK || zone.reserved >= most || this.#kindOf(pfn) > RECLAIMABLE) return;
    this.#set(pfn, 'used', order, false);
    const block = Math.floor(pfn / BLOCK);
    if (order < 9) this.#retype(zone, block, ATOMIC);
    else for (let at = 0; at < 2 ** (order - 9); at++) this.#kinds.set(block + at, ATOMIC);
    zone.reserved += Math.max(BLOCK, 2 ** order);
  }

  #unreserve(request: LiteralRequest): boolean {
    for (const zone of this.zones.toReversed()) {
      if (zone.id > request.zone || zone.reserved <= BLOCK) continue;
      const order = zone.lists.findIndex((kinds) => (kinds[ATOMIC]?.length ?? 0) > 0);
      if (order === -1) continue;
      const block = Math.floor((zone.lists[order]?.[ATOMIC]?.[0] ?? 0) / BLOCK);
      const blocks = order === TOP ? [block, block + 1] : [block];
      for (const one of blocks) this.#retype(zone, one, request.type);
      zone.reserved -= blocks.length * BLOCK;
      return true;
    }
    return false;
  }

  #give(pfn: number, order: number, toTail: boolean): void {
    const zone = this.zones.find(({ start, end }) => pfn >= start && pfn < end);
    if (zone === undefined) throw new RangeError(`frame ${pfn} is in no zone`);
    const kind = this.#kindOf(pfn);
    let at = pfn;
    let size = order;
    for (; size < TOP && this.#mayJoin(buddyOf(at, size), size, kind); size++) {
      const buddy = buddyOf(at, size);
      this.#drop(zone, buddy, size);
      this.#set(buddy, 'tail', 0, false);
      this.#kinds.set(Math.floor(buddy / BLOCK), kind);
      this.#set(at, 'tail', 0, false);
      at = Math.min(at, buddy);
    }
    this.#set(at, 'free', size, false);
    const list = zone.lists[size]?.[kind];
    if (toTail || this.#growsSoon(at, size)) list?.push(at);
    else list?.unshift(at);
  }

  /** Whether a free block of this size begins at `pfn` whose kind grows together with `kind`. */
  #mayJoin(pfn: number, size: number, kind: number): boolean {
    const page = this.#pages.get(pfn);
    if (page?.what !== 'free' || page.order !== size) return false;
    const other = this.#kindOf(pfn);
    return other === kind || (other <= RECLAIMABLE && kind <= RECLAIMABLE);
  }

  /** Whether the block twice as large beside this one and its buddy is free as a whole. */
  #growsSoon(pfn: number, order: number): boolean {
    if (order >= TOP - 1) return false;
    const parent = pfn - (pfn % 2 ** (order + 1));
    const beside = buddyOf(parent, order + 1);
    const page = this.#pages.get(beside);
    return page?.what === 'free' && page.order === order + 1;
  }

  #kindOf(pfn: number): number {
    return this.#kinds.get(Math.floor(pfn / BLOCK)) ?? MOVABLE;
  }

  #drop(zone: ZoneState, pfn: number, order: number): void {
    for (const list of zone.lists[order] ?? []) {
      const at = list.indexOf(pfn);
      if (at !== -1) list.splice(at, 1);
    }
  }

  #set(pfn: number, what: Page['what'], order: number, movable: boolean): void {
    this.#pages.set(pfn, { what, order, movable });
  }
}

/** The other half of the block twice as large. */
function buddyOf(pfn: number, order: number): number {
  return pfn % 2 ** (order + 1) === 0 ? pfn + 2 ** order : pfn - 2 ** order;
}
