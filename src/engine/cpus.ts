/**
 * The CPUs: which one works on what. Each has a queue of requests to submit and a queue of
 * interrupts, and does one thing at a time; an interrupt goes before the next step of a submission,
 * never into the middle of one.
 *
 * One alarm is one step: a map, an unmap, or the end of a request's maps. Copies and searches make
 * the CPU busy until the next alarm. Typed arrays are read with `as number`: CPUs lie below `cpus`.
 */
import { BufferSteps, type RequestHooks, type StepHooks } from './buffer-steps.ts';
import { NO_REQUEST, RequestQueues, STAGE } from './requests.ts';
import { GATE, type ThrottleGate } from './throttle-gate.ts';
import { EVENT, type World } from './world.ts';
import type { Keeper } from '../model/keeper.ts';

const NO_JOB = NO_REQUEST;

/** The CPUs of a machine and their two queues each. */
export class Cpus implements StepHooks {
  readonly #world: World;
  readonly #steps: BufferSteps;
  readonly #hooks: RequestHooks;
  /** What the CPU works on, or -1: an interrupt, and the submission it may have pushed aside. */
  readonly #interruptJob: Int32Array;
  readonly #submitJob: Int32Array;
  readonly #interrupts: RequestQueues;
  readonly #submits: RequestQueues;
  readonly #idle: Uint8Array;
  /** When an idle CPU's last step ends. */
  readonly #freeAtNs: Float64Array;

  /** @param hooks what happens to a request before its maps and after its unmaps. */
  constructor(world: World, hooks: RequestHooks, gate: ThrottleGate) {
    const { cpus, requests } = world;
    this.#world = world;
    this.#hooks = hooks;
    this.#steps = new BufferSteps(world, this, hooks, gate);
    this.#interruptJob = new Int32Array(cpus).fill(NO_JOB);
    this.#submitJob = new Int32Array(cpus).fill(NO_JOB);
    this.#interrupts = new RequestQueues(requests, cpus);
    this.#submits = new RequestQueues(requests, cpus);
    this.#idle = new Uint8Array(cpus).fill(1);
    this.#freeAtNs = new Float64Array(cpus);
  }

  /** Has `cpu` map a request's segments. */
  submit(cpu: number, request: number): void {
    this.#submits.push(cpu, request);
    this.#kick(cpu);
  }

  /** Where a woken task runs on: its CPU if that is idle, else the first idle one, else its own. */
  wakeOn(cpu: number): number {
    if (this.#idle[cpu] === 1) return cpu;
    const idle = this.#idle.indexOf(1);
    return idle < 0 ? cpu : idle;
  }

  /** Has `cpu` unmap a request's segments, or run a poll job. */
  interrupt(cpu: number, job: number): void {
    this.#interrupts.push(cpu, job);
    this.#kick(cpu);
  }

  /** The CPU's alarm: it does its next step. */
  run(cpu: number): void {
    if (this.#steps.isMidMap(cpu)) {
      this.#steps.goOnMapping(cpu);
      return;
    }
    const job = this.jobOf(cpu);
    if (this.#interruptJob[cpu] === NO_JOB && !this.#interrupts.isEmpty(cpu)) {
      this.#startInterrupt(cpu, this.#world.nowNs);
      return;
    }
    this.#steps.step(cpu, job);
  }

  /** The lock that the CPU spun for is its own now. */
  wake(cpu: number): void {
    this.#steps.goOnLocked(cpu);
  }

  /** What the CPU works on now. */
  jobOf(cpu: number): number {
    const job = this.#interruptJob[cpu] as number;
    return job === NO_JOB ? (this.#submitJob[cpu] as number) : job;
  }

  /** The job that the CPU worked on is over; it is free for another from `atNs` on. */
  jobDone(cpu: number, atNs: number): void {
    if (this.#interruptJob[cpu] === NO_JOB) this.#submitJob[cpu] = NO_JOB;
    else this.#interruptJob[cpu] = NO_JOB;
    this.#pickNext(cpu, atNs);
  }

  keep(k: Keeper): void {
    this.#steps.keep(k);
    k.array(this.#interruptJob);
    k.array(this.#submitJob);
    this.#interrupts.keep(k);
    this.#submits.keep(k);
    k.array(this.#idle);
    k.array(this.#freeAtNs);
  }

  #kick(cpu: number): void {
    if (this.#idle[cpu] === 0) return;
    this.#pickNext(cpu, Math.max(this.#world.nowNs, this.#freeAtNs[cpu] as number));
  }

  #pickNext(cpu: number, atNs: number): void {
    const { alarms, costs } = this.#world;
    this.#idle[cpu] = 0;
    if (!this.#interrupts.isEmpty(cpu)) {
      this.#startInterrupt(cpu, atNs);
    } else if (this.#submitJob[cpu] !== NO_JOB) {
      alarms.set(atNs, EVENT.cpu, cpu);
    } else {
      const job = this.#nextSubmission(cpu);
      this.#submitJob[cpu] = job;
      if (job === NO_JOB) {
        this.#idle[cpu] = 1;
        this.#freeAtNs[cpu] = atNs;
      } else {
        // Who comes from the throttle is in the middle of its map.
        const isBegun = this.#world.requests.gate[job] !== GATE.outside;
        alarms.set(isBegun ? atNs : atNs + costs.submitNs, EVENT.cpu, cpu);
      }
    }
  }

  /** The next request whose task does not sleep. */
  #nextSubmission(cpu: number): number {
    for (;;) {
      const job = this.#submits.shift(cpu);
      if (job === NO_JOB || !this.#hooks.keptForSleeper(job)) return job;
    }
  }

  #startInterrupt(cpu: number, atNs: number): void {
    const { alarms, costs, requests } = this.#world;
    const job = this.#interrupts.shift(cpu);
    this.#interruptJob[cpu] = job;
    const copyFirst = requests.stage[job] === STAGE.polling ? 0 : this.#steps.payNextCopy(job);
    alarms.set(atNs + costs.completeNs + copyFirst, EVENT.cpu, cpu);
  }
}
