/**
 * The page behind the drawing half of `bench:page`: paints against the clock and says what a frame
 * costs. The tool drives it through `window.bench`.
 */
import { drawingPainters, type Painter } from './drawing.ts';
import { growthPainters } from './growth-lines.ts';
import { linePainters } from './lines.ts';
import { memoryPainters } from './memory.ts';
import { throttlePainters } from './throttle.ts';

export interface BenchPlan {
  readonly rounds: number;
  /** Frames a round. */
  readonly frames: number;
}

type Figures = Record<string, number>;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The next turn of the page: lets the browser show what was painted. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve, 0));
  });
}

/** Frames painted between two looks at the clock, whose steps are a tenth of a millisecond. */
const BATCH = 50;

/** Milliseconds a frame of a painter, over one batch. */
function timeBatch(painter: Painter): number {
  const startMs = performance.now();
  for (let frame = 0; frame < BATCH; frame++) painter();
  return (performance.now() - startMs) / BATCH;
}

/** Medians of one round: all painters take turns, batch by batch, so that a busy machine is fair. */
function raceRound(painters: readonly Painter[], frames: number): number[] {
  const times = painters.map((): number[] => []);
  for (let batch = 0; batch < frames / BATCH; batch++) {
    for (const [index, painter] of painters.entries()) times[index]?.push(timeBatch(painter));
  }
  return times.map(median);
}

/** Milliseconds a frame of each painter: medians over the rounds. */
async function race(painters: Record<string, Painter>, plan: BenchPlan): Promise<Figures> {
  const list = Object.values(painters);
  for (const painter of list) {
    for (let frame = 0; frame < 4 * BATCH; frame++) painter();
  }
  const rounds: number[][] = [];
  while (rounds.length < plan.rounds) {
    // oxlint-disable-next-line no-await-in-loop -- a turn of the page between the rounds
    await nextTurn();
    rounds.push(raceRound(list, plan.frames));
  }
  return Object.fromEntries(
    Object.keys(painters).map((name, index) => [
      name,
      median(rounds.map((round) => round[index] ?? Number.NaN)),
    ]),
  );
}

/** Gaps between animation frames while `painter` paints in each of them, and long tasks meanwhile. */
function watch(painter: Painter, frames: number): Promise<{ gapsMs: number[]; longTasks: number }> {
  return new Promise((resolve) => {
    let longTasks = 0;
    const observer = new PerformanceObserver((list) => {
      longTasks += list.getEntries().length;
    });
    observer.observe({ type: 'longtask' });
    const gapsMs: number[] = [];
    let lastMs = performance.now();
    const tick = () => {
      const nowMs = performance.now();
      gapsMs.push(nowMs - lastMs);
      lastMs = nowMs;
      painter();
      if (gapsMs.length < frames) {
        requestAnimationFrame(tick);
        return;
      }
      observer.disconnect();
      resolve({ gapsMs, longTasks });
    };
    requestAnimationFrame(tick);
  });
}

function percentile95(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
}

async function animation(painters: Record<string, Painter>, plan: BenchPlan): Promise<Figures> {
  const names = Object.keys(painters);
  const p95s = new Map<string, number[]>(names.map((name) => [name, []]));
  const figures: Figures = {};
  for (let round = 0; round < plan.rounds; round++) {
    for (const [name, painter] of Object.entries(painters)) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      const seen = await watch(painter, plan.frames);
      p95s.get(name)?.push(percentile95(seen.gapsMs));
      figures[`${name}LongTasks`] = (figures[`${name}LongTasks`] ?? 0) + seen.longTasks;
    }
  }
  for (const name of names) figures[`${name}P95Ms`] = median(p95s.get(name) ?? []);
  return figures;
}

const painters = drawingPainters();
const lines = { ...linePainters(), ...growthPainters() };
const { byHand } = painters;

const bench = {
  drawing: (plan: BenchPlan) => race({ ...painters }, plan),
  throttle: (plan: BenchPlan) => race({ ...throttlePainters(), byHand }, plan),
  timeline: (plan: BenchPlan) => race({ ...lines }, plan),
  memory: (plan: BenchPlan) => race({ ...memoryPainters(), byHand }, plan),
  animation: (plan: BenchPlan) =>
    animation({ idle: () => {}, painting: painters.allChanging }, plan),
};

declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;
