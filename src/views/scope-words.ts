/** A search in words: its sentence, its rule, its steps, and what came of it. */
import { lookOf, steppedOver, tallyOf, type ScopeStep } from '../draw/scope-steps.ts';
import type { Look } from '../model/area-walk.ts';
import { PAGE_BYTES, SLOT_BYTES } from '../model/geometry.ts';
import type { ExplainedSearch, SeenArea, Tenure } from '../store/reports.ts';
import { DIRECTIONS } from './slot-words.ts';
import { bytes, clock, count, duration, hex, plural } from './words.ts';

/** "1st", "92nd", "11th". */
export function ordinal(value: number): string {
  const tens = value % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${count(value)}${ending}`;
}

const row = (slots: number) =>
  slots === 1 ? 'a free slot' : `${count(slots)} free slots in a row`;

/** The whole search in one sentence. */
export function headline(search: ExplainedSearch): string {
  const { request, slot, when, probes, seen } = search;
  const wants = when === 'now' ? 'would look for' : 'looks for';
  const begin = `CPU ${request.cpu} ${wants} ${row(request.slots)}`;
  if (search.cause === 'out-of-reach') return `${begin}, and finds them out of the device’s reach.`;
  if (slot < 0) {
    if (seen.length === 0) return `${begin}, and no area is searched.`;
    return `${begin} and finds none in ${plural(search.areas, 'area')}.`;
  }
  if (search.transientSlots > 0) return `${begin}, finds none, and gets a pool made for it alone.`;
  const finds = when === 'now' ? 'would find' : 'finds';
  const them = request.slots === 1 ? 'it' : 'them';
  return `${begin} and ${finds} ${them} at the ${ordinal(probes)} try.`;
}

/** Which slots may begin a run, and why. */
export function rules(search: ExplainedSearch): readonly string[] {
  const { request, minAlignMask, segBoundary, seen } = search;
  const residue = seen[0]?.residue ?? 0;
  const lines: string[] = [];
  if (request.every > 1)
    lines.push(`${alignedFor(search)}, so only ${slotsOf(request.every, residue)}`);
  else if (minAlignMask > 0) lines.push('the address keeps its place in a slot; any slot will do');
  if (segBoundary !== Infinity) {
    lines.push(`the run does not cross a multiple of ${bytes(segBoundary + 1)} of address`);
  }
  lines.push(
    request.slots === 1
      ? 'it is free: list is 1 or more'
      : `it and those behind it are free, within its row: list is ${count(request.slots)} or more`,
  );
  return lines;
}

function alignedFor({ minAlignMask, request }: ExplainedSearch): string {
  if (minAlignMask > SLOT_BYTES - 1 && request.orig !== 0) {
    return 'it keeps the buffer’s place in its page, as the device demands';
  }
  return request.total >= PAGE_BYTES
    ? 'a request of a page or more begins a page'
    : 'it is aligned';
}

function slotsOf(every: number, residue: number): string {
  if (every === 2) return residue === 1 ? 'odd slots' : 'even slots';
  return residue === 0 ? `every ${ordinal(every)} slot` : `slot ${residue} of every ${every}`;
}

/** How far the search goes on after a slot that does not do. */
export function strideWords({ request }: ExplainedSearch): string {
  return request.stride === 1
    ? 'After a slot that does not do it looks at the next one.'
    : `After a misaligned slot it looks at the next one; after an aligned one that does not do it goes on by ${request.stride}.`;
}

/** What a slot that was looked at had, in a clause. */
export function stepWords(search: ExplainedSearch, step: ScopeStep): string {
  const area = search.seen[step.seen];
  if (area === undefined) return '';
  const look = lookOf(search, step);
  const { walk } = area;
  if (look === null) return areaWords(search, area);
  const number = step.before + 1;
  const last = look.count - 1;
  const tries =
    last > 0 ? `Tries ${count(number)} to ${count(number + last)}` : `Try ${count(number)}`;
  const where =
    last > 0
      ? `slots ${count(look.slot)} to ${count(look.slot + last)}`
      : `slot ${count(look.slot)}`;
  const wrapped = step.look === walk.wrapAt ? ' Past the end the index became 0.' : '';
  return `${tries}, ${where}: ${verdictWords(look, search.request.slots)}.${wrapped}`;
}

function verdictWords({ verdict, run }: Look, slots: number): string {
  if (verdict === 'misaligned') return 'misaligned';
  if (verdict === 'boundary') return 'a run from here would cross the segment boundary';
  if (verdict === 'fits') return `list ${run}, it fits`;
  return `list ${run}, ${run === 0 ? 'in use' : 'too small'}; ${count(slots)} needed`;
}

/** An area in the order of the search, and what became of it. */
export function areaWords({ request }: ExplainedSearch, { walk, poolKind }: SeenArea): string {
  const free = walk.areaSlots - walk.used;
  const name = `${poolKind} pool ${walk.pool}, area ${walk.area}`;
  if (walk.isLeft) {
    return `${name}: left at once, ${count(free)} free of ${count(walk.areaSlots)}, ${count(request.slots)} needed.`;
  }
  const looked = `${plural(walk.probes, 'slot')} looked at`;
  if (walk.found >= 0) return `${name}: ${looked}, found at slot ${count(walk.found)}.`;
  return `${name}: ${looked} in vain; ${count(free)} free, the longest run is ${count(walk.longestRun)}.`;
}

/** The verdicts with their counts, those that never came left out. */
export function tallyRows(search: ExplainedSearch) {
  const tally = tallyOf(search);
  const on = search.request.stride;
  const rows = [
    { verdict: 'misaligned', words: 'misaligned, go on by 1', value: tally.misaligned },
    {
      verdict: 'boundary',
      words: `would cross the boundary, go on by ${on}`,
      value: tally.boundary,
    },
    { verdict: 'short', words: `list too small, go on by ${on}`, value: tally.short },
    { verdict: 'fits', words: 'fits', value: tally.fits },
  ] as const;
  return rows.filter(({ value, verdict }) => value > 0 || verdict === 'fits');
}

const CAUSES: Readonly<Record<ExplainedSearch['cause'], string>> = {
  none: '',
  'too-large': 'It is larger than a row of 128 slots: no pool can ever serve it.',
  'no-pool': 'The allocator has no pool.',
  'no-room': 'No area has that many free slots.',
  fragmented: 'Slots enough are free, but no run that the search can reach.',
  'out-of-reach': 'Slots were found and given back: the device does not reach their addresses.',
};

/** What came of the search, a sentence each. */
export function consequences(search: ExplainedSearch): readonly string[] {
  const { slot, request, seen, tenure, when } = search;
  if (slot < 0) return failureWords(search);
  if (search.transientSlots > 0) {
    return [
      `a transient pool of ${plural(search.transientSlots, 'slot')} serves this request alone`,
    ];
  }
  const walk = seen.at(-1)?.walk;
  if (walk === undefined) return [];
  const { slots } = request;
  const next = slot - walk.areaStart + slots;
  const hint = next < walk.areaSlots ? next : 0;
  const list =
    slots === 1
      ? `slot ${count(slot)}: list 0`
      : `slots ${count(slot)} to ${count(slot + slots - 1)}: list 0`;
  return [
    list,
    `area used ${count(walk.used)} → ${count(walk.used + slots)}`,
    `hint ${count(walk.index)} → ${count(hint)}: the next search of this area starts behind this run`,
    ...(request.padSlots > 0 ? [`${plural(request.padSlots, 'slot')} of it padding`] : []),
    ...(when === 'then' && tenure !== null ? tenureWords(tenure) : []),
  ];
}

function failureWords(search: ExplainedSearch): readonly string[] {
  const words = [CAUSES[search.cause]];
  if (search.kicked)
    words.push('The growth worker is asked for another pool, too late for this map.');
  return words.filter(Boolean);
}

function tenureWords(tenure: Tenure): readonly string[] {
  const { askedNs, copiedIn, copiedNs, mappedNs, direction } = tenure;
  const waited = `its slots came ${duration(mappedNs - askedNs)} after the map was asked for`;
  if (direction === 3) return [waited, 'memory itself: nothing is copied'];
  const copied = `${bytes(copiedIn)} are copied in, whatever the direction`;
  return [waited, `${copied}, in ${duration(copiedNs - mappedNs)}`];
}

/** What the search went past though the run was long enough, in a sentence. */
export function steppedOverWords(search: ExplainedSearch, area: SeenArea): string {
  const { request } = search;
  const over = steppedOver(search, area);
  if (area.walk.isLeft) return 'Nothing: the area was left before any slot was looked at.';
  if (area.list === null) return 'Not told: this search went through too many slots.';
  if (over === null) {
    return `Nothing: no run of ${count(request.slots)} starts at any slot that the search went past.`;
  }
  const begin = `A run of ${count(over.run)} starts at slot ${count(over.slot)}, but`;
  if (over.why === 'misaligned') {
    const which = slotsOf(request.every, area.residue);
    return `${begin} the search takes only ${which}: ${alignedFor(search)}.`;
  }
  if (over.why === 'boundary') return `${begin} from there it would cross the segment boundary.`;
  return `${begin} the search never looks there: its stride goes over it, and after the wrap it ends before the slots it began at are all seen again. It would have done.`;
}

/** What the request read at the throttle's gate, a sentence each. */
export function gateWords({ gate }: ExplainedSearch): readonly string[] {
  return gate.map(({ timeNs, used, high, low, why, again, letIn, queued }) => {
    const limit = `${count(used)} used read; high ${count(high)}, low ${count(low)}`;
    const at = clock(timeNs);
    if (again) return `${at}: woken, ${limit}; ${letIn ? 'it goes on' : 'it sleeps again'}.`;
    if (why === 'none') return `${at}: ${limit}; not throttled.`;
    const over = why === 'high' ? 'above the high threshold' : 'above the low threshold';
    const then = letIn
      ? 'it is the one that may go on'
      : `it sleeps, ${count(queued)} in the queue`;
    return `${at}: ${limit}; ${over}: throttled, ${then}.`;
  });
}

/** The blocks of memory that were tried for a new pool, a sentence each. */
export function orderWords({ attempts }: ExplainedSearch): readonly string[] {
  return attempts.flatMap(({ tries }) =>
    tries.map(({ what, order, from, unshared }) => {
      const size = bytes(PAGE_BYTES * 2 ** order);
      const got = from === null ? 'refused' : `got, from ${from}`;
      return `${what}: order ${order} (${size}) ${unshared ? 'got, but not shared by the host' : got}`;
    }),
  );
}

/** Rows of the request: name and value. */
export function requestRows(
  search: ExplainedSearch,
  deviceName: string,
): readonly (readonly [name: string, value: string, more: string])[] {
  const { request, minAlignMask, segBoundary, tenure } = search;
  const direction = tenure === null ? '' : ` · ${DIRECTIONS[tenure.direction]}`;
  return [
    ['device', `${deviceName} · CPU ${request.cpu}`, direction],
    ['size', `${count(request.size)} B`, `→ ${plural(request.slots, 'slot')}`],
    ['original', request.orig === 0 ? 'none' : hex(request.orig), offsetWords(search)],
    ['min_align_mask', hex(minAlignMask, 0), ''],
    ['segment', segBoundary === Infinity ? 'no boundary' : `boundary ${hex(segBoundary, 0)}`, ''],
    ['device reaches', search.reach === Infinity ? 'every address' : hex(search.reach, 0), ''],
  ];
}

function offsetWords({ request }: ExplainedSearch): string {
  const { offset, padSlots } = request;
  if (offset === 0) return '';
  const pad = padSlots > 0 ? `, ${plural(padSlots, 'slot')} of padding` : '';
  return `offset ${count(offset)} B kept${pad}`;
}
