/**
 * What a device does with a request it was given: one of its parallel services takes it, the data
 * crosses the one link that all services share, and after a latency drawn from the device's
 * distribution it interrupts. Requests that find no service free wait in order.
 */
import type { Chance } from './chance.ts';
import { RequestQueues } from './requests.ts';
import { EVENT, type World } from './world.ts';
import type { DeviceSpec } from './scenario.ts';
import type { Keeper } from '../model/keeper.ts';

const NS_PER_US = 1000;

/** The queue and the services of one device. */
export class DeviceService {
  readonly #world: World;
  readonly #waiting: RequestQueues;
  readonly #chance: Chance;
  #serving = 0;
  /** When the link has passed on everything given to it so far. */
  #linkFreeNs = 0;

  /** @param chance the stream its latencies are drawn from, in the order of service. */
  constructor(world: World, chance: Chance) {
    this.#world = world;
    this.#chance = chance;
    this.#waiting = new RequestQueues(world.requests, 1);
  }

  /** Gives the device a request. */
  take(request: number, spec: DeviceSpec): void {
    if (this.#serving < spec.parallel) this.#start(request, spec);
    else this.#waiting.push(0, request);
  }

  /** One service is over; the next request in the queue gets it. */
  finish(spec: DeviceSpec): void {
    this.#serving--;
    if (!this.#waiting.isEmpty(0)) this.#start(this.#waiting.shift(0), spec);
  }

  keep(k: Keeper): void {
    this.#chance.keep(k);
    this.#waiting.keep(k);
    this.#serving = k.value(this.#serving);
    this.#linkFreeNs = k.value(this.#linkFreeNs);
  }

  #start(request: number, spec: DeviceSpec): void {
    const { nowNs, requests, alarms } = this.#world;
    this.#serving++;
    const bytes = requests.bytes[request] as number;
    const transferNs = (bytes / spec.bytesPerUs) * NS_PER_US;
    this.#linkFreeNs = Math.max(this.#linkFreeNs, nowNs) + transferNs;
    const latencyNs = this.#chance.logNormal(spec.latencyUs * NS_PER_US, spec.latencySpread);
    alarms.set(Math.ceil(this.#linkFreeNs + latencyNs), EVENT.served, request);
  }
}
