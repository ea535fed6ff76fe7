/**
 * What was published of the benchmark besides its table, and whether the model shows it. Every
 * verdict is computed from the rows, by the rule that stands beside it.
 */
import { mean, type StudyCell, type StudyRow } from './run-study.ts';
import { listed, mebibytes, milliseconds, minus, percent, signedPercent } from './study-words.ts';

export type Verdict = 'shown' | 'partly' | 'not shown';

/** One published effect. */
export interface Effect {
  readonly id: string;
  /** What was published, in one sentence. */
  readonly claim: string;
  readonly verdict: Verdict;
  /** What the verdict rests on, modelled figures all. */
  readonly numbers: string;
}

/** A first run is slower only if it is so by more than this times what later runs differ by. */
const CLEARLY = 2;
/** Bandwidth shares below this are none: the letter, too, prints nothing below 0.1 %. */
const NOTICEABLE = 0.001;
/** One variation is larger than another only if it is so by more than this factor. */
const VARIES_MORE = 1.1;
/** The pool `growing` boots with, and a "few MiB", in slots. */
const BOOT_SLOTS = 512;
const FEW_MIB_SLOTS = 8 * 512;

/** The effects of the rows of one study. */
export function effectsOf(rows: readonly StudyRow[]): readonly Effect[] {
  return [
    firstRunPays(rows),
    laterRunsDoNot(rows),
    growingVariesMost(rows),
    fewerAreas(rows),
    growsAndStays(rows),
    nothingFails(rows),
    noRegression(rows),
    mostKeepUp(rows),
    moreThanBase(rows),
  ];
}

const cocoOf = (rows: readonly StudyRow[]) => rows.filter(({ machine }) => machine === 'coco');
/** What the machines are called in a list. */
const SHORT: Readonly<Record<string, string>> = { vm: 'VM', pi: 'Pi', coco: 'CoCo' };
const nameOf = ({ machine, load }: StudyRow) => `${SHORT[machine] ?? machine}\u{a0}${load}`;
/** Figures of successive runs; a line does not break between them. */
const series = (values: readonly (string | number)[]) => values.join('\u{a0}');

/**
 * Run by run, the growing kernel's bandwidth against that of the default one, as shares. Both met the
 * same requests, so that chance has no part in it.
 */
function paired({ cells }: StudyRow): readonly number[] {
  return cells.growing.runs.map(({ mibPerSecond }, run) => {
    const other = cells.default.runs[run]?.mibPerSecond ?? mibPerSecond;
    return mibPerSecond / other - 1;
  });
}

/** All, some or none. */
function share(hits: number, of: number): Verdict {
  if (of > 0 && hits === of) return 'shown';
  return hits > 0 ? 'partly' : 'not shown';
}

function sum(cell: StudyCell, field: keyof StudyCell['runs'][number], from = 0): number {
  return cell.runs.slice(from).reduce((total, run) => total + run[field], 0);
}

function firstRunPays(rows: readonly StudyRow[]): Effect {
  const coco = cocoOf(rows);
  const paying = coco.filter((row) => {
    const [first = 0, ...later] = paired(row);
    return first < -CLEARLY * Math.max(...later.map(Math.abs));
  });
  const parts = coco.map((row) => {
    const [first = 0, ...later] = paired(row);
    return `${row.load} ${signedPercent(first)} (later ${signedPercent(mean(later))})`;
  });
  const firsts = coco.map(({ cells }) => cells.growing.runs[0]);
  const pages = Math.max(...firsts.map((run) => run?.convertedPages ?? 0));
  const worst = Math.max(...firsts.map((run) => run?.growthNs ?? 0));
  return {
    id: 'first-run',
    claim: 'In the CoCo VM the first run pays for allocating and sharing more buffers.',
    verdict: share(paying.length, coco.length),
    numbers: `Run 1 against the same run with 64 MiB: ${listed(parts)}. It converts up to ${pages} pages; all attempts to grow in it take up to ${milliseconds(worst)} of CPU. How large the loss is follows from the costs assumed and the short runs. The published variance of 10.33% and 16.84% asks for a first run slower by a fifth to a third, and so for conversions far dearer than these.`,
  };
}

function laterRunsDoNot(rows: readonly StudyRow[]): Effect {
  const coco = cocoOf(rows);
  const calls = coco.map(({ cells }) =>
    cells.growing.runs.map(({ conversionCalls }) => conversionCalls),
  );
  // Growth may end in run 2: these runs are short.
  const quiet = calls.filter(([first = 0, ...later]) => first > 0 && sumOf(later.slice(1)) === 0);
  return {
    id: 'later-runs',
    claim: 'Later runs pay nothing more: the system was not rebooted.',
    verdict: share(quiet.length, coco.length),
    numbers: `Calls that convert pages, run 1 to 5: ${listed(coco.map(({ load }, at) => `${load}\u{a0}${series(calls[at] ?? [])}`))}.`,
  };
}

function growingVariesMost(rows: readonly StudyRow[]): Effect {
  const coco = cocoOf(rows);
  const more = coco.filter(
    ({ cells }) => cells.growing.variation > VARIES_MORE * cells.base.variation,
  );
  const isHidden = more.length < coco.length;
  const parts = coco.map(
    ({ load, cells }) =>
      `${load} ${percent(cells.growing.variation)} against ${percent(cells.base.variation)}`,
  );
  return {
    id: 'variance',
    claim: 'Growing CoCo runs vary more than those of the base kernel.',
    verdict: share(more.length, coco.length),
    numbers: `Coefficient of variance, growing against base: ${listed(parts)}.${isHidden ? ' Where it is not larger by a tenth, what the first run loses is lost among what runs differ by anyhow.' : ''}`,
  };
}

function contendedShare(cell: StudyCell): number {
  return sum(cell, 'locksContended', 1) / Math.max(1, sum(cell, 'locksTaken', 1));
}

function poolWords(cell: StudyCell): string {
  const { areasAfter = 0, poolsAfter = 0 } = cell.runs.at(-1) ?? {};
  return `${poolsAfter} pool${poolsAfter === 1 ? '' : 's'} of ${areasAfter / Math.max(1, poolsAfter)} areas`;
}

function fewerAreas(rows: readonly StudyRow[]): Effect {
  const row = rows.find(({ load }) => load === '24way');
  const claim = 'Parallel loads suffer from the fewer areas of small pools.';
  if (!row) return { id: 'areas', claim, verdict: 'not shown', numbers: 'No 24-thread load ran.' };
  const { growing, default: full } = row.cells;
  const waits = contendedShare(growing);
  const fullWaits = contendedShare(full);
  const loss = mean(paired(row).slice(1));
  const isContended = waits > CLEARLY * fullWaits && waits > 0;
  const inBandwidth = loss < -NOTICEABLE;
  return {
    id: 'areas',
    claim,
    verdict: !isContended ? 'not shown' : inBandwidth ? 'shown' : 'partly',
    numbers: `24 threads, runs 2 to 5: with ${poolWords(growing)} ${percent(waits)} of lock takings wait, ${milliseconds(sum(growing, 'spunNs', 1))} in all; with ${poolWords(full)} ${percent(fullWaits, 4)}, ${milliseconds(sum(full, 'spunNs', 1))}. Bandwidth ${signedPercent(loss)}; published ${minus(row.published.growingDiff)}.${isContended && !inBandwidth ? ' The waiting is there; with the hand-over assumed, 80 ns, it costs next to no bandwidth.' : ''}`,
  };
}

function growsAndStays(rows: readonly StudyRow[]): Effect {
  const good = rows.filter(({ cells }) => {
    const sizes = cells.growing.runs.map(({ slotsAfter }) => slotsAfter);
    const last = sizes.at(-1) ?? 0;
    return last > BOOT_SLOTS && last <= FEW_MIB_SLOTS && sizes.at(-2) === last;
  });
  const parts = rows.map((row) => {
    const sizes = row.cells.growing.runs.map(({ slotsAfter }) => mebibytes(slotsAfter));
    return `${nameOf(row)}\u{a0}${series(sizes.map((size) => size.replace(' MiB', '')))}`;
  });
  return {
    id: 'growth',
    claim: 'A pool of 1 MiB grows to a few MiB and stays there; published were 5 MiB.',
    verdict: share(good.length, rows.length),
    numbers: `MiB after run 1 to 5, from 1: ${listed(parts)}.`,
  };
}

function nothingFails(rows: readonly StudyRow[]): Effect {
  const growing = rows.map(({ cells }) => cells.growing);
  const all = rows.flatMap(({ cells }) => [cells.base, cells.default, cells.growing]);
  const failed = sumOf(all.map((cell) => sum(cell, 'failedMaps')));
  const first = sumOf(growing.map(({ runs }) => runs[0]?.transients ?? 0));
  const later = sumOf(growing.map((cell) => sum(cell, 'transients', 1)));
  return {
    id: 'no-failures',
    claim: 'Nothing fails: what finds no room gets a transient pool.',
    verdict: failed === 0 && first > 0 ? 'shown' : failed === 0 ? 'partly' : 'not shown',
    numbers: `Failed maps in all runs: ${failed}. Transient pools of the growing kernel: ${first} in first runs, ${later} in all later ones.`,
  };
}

function noRegression(rows: readonly StudyRow[]): Effect {
  const worst = Math.max(...rows.map(({ defaultDiff }) => Math.abs(defaultDiff)));
  return {
    id: 'no-regression',
    claim: 'With 64 MiB, a kernel that can grow is no slower than one that cannot.',
    verdict: worst < NOTICEABLE ? 'shown' : 'not shown',
    numbers: `Largest difference between default and base: ${percent(worst)}. While there is room, the model does the same in both.`,
  };
}

function mostKeepUp(rows: readonly StudyRow[]): Effect {
  const diffs = rows.map(({ growingDiff }) => growingDiff);
  const kept = diffs.filter((diff) => diff > -0.01);
  const last = rows.map(({ cells }) => cells.growing.runs.at(-1)?.slotsAfter ?? 0);
  return {
    id: 'keep-up',
    claim: 'Most workloads keep their bandwidth with far less memory.',
    verdict: share(kept.length, rows.length),
    numbers: `Growing against base: ${signedPercent(Math.min(...diffs))} to ${signedPercent(Math.max(...diffs))}, with ${mebibytes(Math.min(...last))} to ${mebibytes(Math.max(...last))} in place of 64 MiB.`,
  };
}

function moreThanBase(rows: readonly StudyRow[]): Effect {
  const row = rows.find(({ load }) => load === '24way');
  const diff = row?.defaultDiff ?? 0;
  return {
    id: 'faster-default',
    claim: '24 threads are 4.4 % faster with the default pool; the author has no explanation.',
    verdict: diff > NOTICEABLE ? 'shown' : 'not shown',
    numbers: `Modelled ${signedPercent(diff)}. Nothing in the model would make it faster.`,
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
