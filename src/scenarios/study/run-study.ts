/** Runs a study: every machine under every load with every kernel, and the rows that come of it. */
import { measuredRuns, type RunFigures } from '../../engine/measured-runs.ts';
import { createSimulation } from '../../engine/create-simulation.ts';
import {
  MEASURED_DEVICE,
  studyScenario,
  VARIANTS,
  type PublishedRow,
  type Study,
  type StudyLoad,
  type StudyMachine,
  type Variant,
} from './study.ts';

/** What one kernel did under one load, run by run. */
export interface StudyCell {
  readonly runs: readonly RunFigures[];
  /** Mean bandwidth of the runs, MiB/s. */
  readonly meanMib: number;
  /** Coefficient of variance of their bandwidth: sample standard deviation by mean. */
  readonly variation: number;
}

/** One line of the table. */
export interface StudyRow {
  /** Ids of the machine and the load. */
  readonly machine: string;
  readonly load: string;
  readonly cells: { readonly [variant in Variant]: StudyCell };
  /** Mean bandwidth against that of `base`, as a share: 0.01 is 1 % more. */
  readonly defaultDiff: number;
  readonly growingDiff: number;
  readonly published: PublishedRow;
}

/** How far a study has come, in runs. */
export interface StudyProgress {
  readonly done: number;
  readonly total: number;
  /** What runs now. */
  readonly machine: string;
  readonly load: string;
  readonly variant: Variant;
}

/** How much of it is run; left out, all of it. */
export interface StudyScale {
  /** Virtual ms of each run in place of the machine's own. */
  readonly runMs?: number;
}

/** A study, run after run. */
export class StudyRunner {
  readonly #study: Study;
  readonly #scale: StudyScale;
  readonly #total: number;
  readonly #rows: StudyRow[] = [];
  #done = 0;

  constructor(study: Study, scale: StudyScale = {}) {
    this.#study = study;
    this.#scale = scale;
    this.#total = runsOf(study);
  }

  /** The rows that are finished. */
  get rows(): readonly StudyRow[] {
    return this.#rows;
  }

  /**
   * Does one run a step, and tells before it what it will be.
   *
   * @returns the rows, in the order of machines and loads.
   * @throws RangeError when nothing was published of one of them.
   */
  *run(): Generator<StudyProgress, readonly StudyRow[]> {
    for (const machine of this.#study.machines) {
      for (const load of machine.loads) {
        const cells: StudyCell[] = [];
        for (const variant of VARIANTS) cells.push(yield* this.#cell(machine, load, variant));
        this.#rows.push(rowOf(this.#study, machine, load, cells));
      }
    }
    return this.#rows;
  }

  *#cell(
    machine: StudyMachine,
    load: StudyLoad,
    variant: Variant,
  ): Generator<StudyProgress, StudyCell> {
    const { runs } = this.#study;
    const { runMs = machine.runMs } = this.#scale;
    const progress = () => ({
      done: this.#done,
      total: this.#total,
      machine: machine.id,
      load: load.id,
      variant,
    });
    yield progress();
    const simulation = createSimulation(studyScenario(machine, load, variant, { runs, runMs }));
    const figures: RunFigures[] = [];
    for (const run of measuredRuns(simulation, MEASURED_DEVICE, runs, runMs)) {
      figures.push(run);
      this.#done++;
      if (figures.length < runs) yield progress();
    }
    return cellOf(figures);
  }
}

/** Runs in all. */
function runsOf({ machines, runs }: Study): number {
  return machines.reduce((sum, { loads }) => sum + loads.length * VARIANTS.length * runs, 0);
}

function cellOf(runs: readonly RunFigures[]): StudyCell {
  const rates = runs.map(({ mibPerSecond }) => mibPerSecond);
  const meanMib = mean(rates);
  const squares = rates.reduce((sum, rate) => sum + (rate - meanMib) ** 2, 0);
  return { runs, meanMib, variation: Math.sqrt(squares / (rates.length - 1)) / meanMib };
}

function rowOf(
  { published }: Study,
  { id }: StudyMachine,
  load: StudyLoad,
  [base, standard, growing]: readonly StudyCell[],
): StudyRow {
  const row = published.find((one) => one.machine === id && one.load === load.id);
  if (!base || !standard || !growing || !row) {
    throw new RangeError(`nothing was published of ${id} under ${load.id}`);
  }
  return {
    machine: id,
    load: load.id,
    cells: { base, default: standard, growing },
    defaultDiff: standard.meanMib / base.meanMib - 1,
    growingDiff: growing.meanMib / base.meanMib - 1,
    published: row,
  };
}

/** The mean of some numbers. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
