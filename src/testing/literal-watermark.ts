/**
 * The watermark check once more, counted from plain lists; beside `literal-buddy.ts`, for the same
 * tests.
 *
 * Follows __zone_watermark_ok() and zone_watermark_fast() in mm/page_alloc.c, Linux 6.12.
 */

/** A zone: first and one behind the last page frame, and its marks in pages. */
export interface LiteralZone {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly managed: number;
  readonly min: number;
  readonly low: number;
  readonly high: number;
  readonly reserve: readonly number[];
}

/** A request; `zone` is the highest that will do. */
export interface LiteralRequest {
  readonly order: number;
  readonly kind: 'kernel' | 'nowait' | 'atomic';
  readonly zone: number;
  readonly type: number;
}

/** A zone with its lists. */
export interface ZoneState extends LiteralZone {
  /** By order, then by kind: first frames, head of the list first. */
  readonly lists: number[][][];
  boost: number;
  reserved: number;
}

const [UNMOVABLE, MOVABLE, RECLAIMABLE, ATOMIC, CONTIGUOUS] = [0, 1, 2, 3, 4] as const;

/** Free pages of a zone, or of one kind in it. */
export function freePages(zone: ZoneState, kind?: number): number {
  let sum = 0;
  for (const [order, kinds] of zone.lists.entries()) {
    const lists = kind === undefined ? kinds : [kinds[kind] ?? []];
    sum += lists.flat().length * 2 ** order;
  }
  return sum;
}

/** Whether a zone may serve the request and stay above a mark. */
export function isAbove(zone: ZoneState, request: LiteralRequest, mark: 'low' | 'min'): boolean {
  const { order, kind, type } = request;
  const isUrgent = mark === 'min' && kind !== 'kernel';
  const isAtomic = isUrgent && kind === 'atomic';
  let usable = freePages(zone) - (2 ** order - 1);
  if (!isUrgent) usable -= freePages(zone, ATOMIC);
  if (type !== MOVABLE) usable -= freePages(zone, CONTIGUOUS);
  const reserve = zone.reserve[request.zone] ?? 0;
  const isOver = (value: number) => usable > (isAtomic ? lowered(value) : value) + reserve;
  if (order === 0) return isOver(zone[mark] + zone.boost) || (isAtomic && isOver(zone.min));
  const allowed: number[] = [UNMOVABLE, MOVABLE, RECLAIMABLE];
  if (type === MOVABLE) allowed.push(CONTIGUOUS);
  if (isAtomic) allowed.push(ATOMIC);
  const has = zone.lists.slice(order).some((kinds) => allowed.some((one) => kinds[one]?.length));
  return has && isOver(zone[mark] + zone.boost);
}

/** Three eighths of a mark: half of it, and a quarter of that half less. */
function lowered(value: number): number {
  const half = value - Math.floor(value / 2);
  return half - Math.floor(half / 4);
}
