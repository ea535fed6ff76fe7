/** A published benchmark as data: machines, loads, kernels, and what was published of them. */
import type { DeviceSpec, MachineSpec, Scenario } from '../../engine/scenario.ts';

/** The kernels compared, in the order of the columns. */
export const VARIANTS = ['base', 'default', 'growing'] as const;
/**
 * - `base`: one pool that cannot grow, 64 MiB.
 * - `default`: a kernel that can grow, booted with the same 64 MiB.
 * - `growing`: that kernel booted with 1 MiB.
 */
export type Variant = (typeof VARIANTS)[number];

/** What the benchmark's threads do: each asks for a block, waits for it, asks for the next. */
export interface StudyLoad {
  readonly id: string;
  readonly threads: number;
  readonly blockBytes: number;
}

/** One machine with the disk that is measured and what else happens on it. */
export interface StudyMachine {
  readonly id: string;
  readonly spec: Omit<MachineSpec, 'dynamic' | 'commandLine'>;
  /** Kernel command lines: of a pool of 64 MiB, and of one of 1 MiB. */
  readonly fullLine: string;
  readonly smallLine: string;
  /** The measured disk; threads and block size come from the load. */
  readonly disk: DeviceSpec;
  /** The rest of the system. */
  readonly others: readonly DeviceSpec[];
  readonly loads: readonly StudyLoad[];
  /** Length of one run, virtual ms. */
  readonly runMs: number;
}

/** A row of the published table, figures as they were printed. */
export interface PublishedRow {
  readonly machine: string;
  readonly load: string;
  readonly baseVar: string;
  readonly defaultVar: string;
  readonly defaultDiff: string;
  readonly growingVar: string;
  readonly growingDiff: string;
}

/** One benchmark. */
export interface Study {
  readonly id: string;
  /** Runs of each load, one after the other without a reboot. */
  readonly runs: number;
  readonly machines: readonly StudyMachine[];
  readonly published: readonly PublishedRow[];
}

/** What is to be said of one machine of a study. */
export interface MachineWords {
  readonly title: string;
  /** As the publication names it. */
  readonly publishedAs: string;
  /** What is assumed of it, a sentence each. */
  readonly assumptions: readonly string[];
}

/** What is to be said of a study. */
export interface StudyWords {
  readonly title: string;
  /** Who published it where and when. */
  readonly source: string;
  /** By the machine's id. */
  readonly machines: Readonly<Record<string, MachineWords>>;
  /** What is assumed of all machines, a sentence each. */
  readonly assumptions: readonly string[];
  /** What the model has no mechanism for, a sentence each. */
  readonly cannotShow: readonly string[];
}

/** Index of the measured disk among a scenario's devices. */
export const MEASURED_DEVICE = 0;

const SEED = 20_230_801;

/**
 * The scenario of one machine under one load with one kernel. Seed and loads are the same for all
 * three kernels: what differs between them is the pool.
 *
 * @param runMs length of one run, virtual ms; the scenario is as long as all of them.
 */
export function studyScenario(
  { id, spec, fullLine, smallLine, disk, others }: StudyMachine,
  load: StudyLoad,
  variant: Variant,
  { runs, runMs }: { readonly runs: number; readonly runMs: number },
): Scenario {
  return {
    id: `study-${id}-${load.id}-${variant}`,
    title: `${id}, ${load.id}, ${variant}`,
    watch: 'A run of a published benchmark.',
    seed: SEED,
    machine: {
      ...spec,
      dynamic: variant !== 'base',
      commandLine: variant === 'growing' ? smallLine : fullLine,
    },
    devices: [
      {
        ...disk,
        tasks: load.threads,
        closed: true,
        sizes: [{ bytes: load.blockBytes, weight: 1 }],
      },
      ...others,
    ],
    lengthMs: runs * runMs,
    speed: 0.01,
    openAtMs: 0,
  };
}
