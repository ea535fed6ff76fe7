/** What runs: scenarios, reboots with another machine, recordings, and the controls of devices. */
import { machineIn, machineWith, modeOf, type GrowthMode } from '../engine/growth-mode.ts';
import { throttleOf, type Beside, type MachineSpec, type Scenario } from '../engine/scenario.ts';
import type { PolicyId } from '../model/throttle-policies.ts';
import type { DeviceControl } from '../worker/protocol.ts';
import { bytesAt, type BundledRecording } from './bundled.ts';
import type { Page } from './page.ts';
import type { PageState } from './page-state.ts';
import type { Session } from './session.ts';
import { dialFor } from './speed.ts';

/** Largest recording that is read, as it lies on disk. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** What the opener needs of a dropped file. */
export interface RecordingFile {
  readonly name: string;
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Largest session file. */
const MAX_SESSION_BYTES = 4 * 1024 * 1024;
const MIB = 1024 * 1024;

/** What is so under a scenario, and whether that is the one after the change. */
type Words = (scenario: Scenario, isNext: boolean) => string;

const policyWords: Words = (of) => `the throttling policy is ${throttleOf(of).policy}`;
const modeWords: Words = (of) => `the answer to a full pool is ${modeOf(of.machine)}`;

const CONTROL_WORDS: Readonly<Record<DeviceControl, string>> = {
  ratePerSecond: 'the rate a second',
  depth: 'the depth',
  latencyUs: 'the latency in µs',
  burst: 'the burst factor',
  readShare: 'the share of reads',
};

export class Opener {
  readonly #page: Page;
  /** What was there before the first of the scenarios that were asked for and have not come yet. */
  #before: Pick<PageState, 'scenario' | 'dial'> | null = null;

  constructor(page: Page) {
    this.#page = page;
  }

  openScenario(scenario: Scenario): void {
    this.#change(scenario, dialFor(scenario.speed), ({ title }) => `the scenario is “${title}”`);
  }

  /** Back from a recording to the scenario that ran before it. */
  closeReplay(): void {
    const { scenario } = this.#page.state;
    if (scenario) this.openScenario(scenario);
  }

  /** Boots the same devices on another machine. */
  reboot(machine: MachineSpec): void {
    this.#boot(machine, (_, isNext) => `the ${isNext ? 'changed' : 'earlier'} machine is booted`);
  }

  #boot(machine: MachineSpec, words: Words): void {
    const { scenario, dial } = this.#page.state;
    if (!scenario) return;
    // Without pools that grow there is nothing that this policy could make.
    const needsPools = scenario.throttle?.policy === 'timeout-grow' && !machine.dynamic;
    if (needsPools)
      this.#page.news('wait, then grow makes pools: the machine keeps dynamic pools.');
    const dynamic = machine.dynamic || needsPools;
    this.#change({ ...scenario, machine: machineWith(machine, dynamic) }, dial, words);
  }

  /** Runs the same load from its beginning on a kernel with another answer to a full pool. */
  pickMode(mode: GrowthMode): void {
    const { scenario } = this.#page.state;
    if (!scenario) return;
    this.#boot(machineIn(scenario.machine, mode), modeWords);
  }

  /** Runs the same load from its beginning under another throttling policy. */
  pickPolicy(policy: PolicyId): void {
    const { scenario, dial } = this.#page.state;
    if (!scenario) return;
    const { machine } = scenario;
    const needsGrowth = policy === 'timeout-grow' && !machine.dynamic;
    const next = {
      ...scenario,
      throttle: { ...throttleOf(scenario), policy },
      machine: needsGrowth ? machineWith(machine, true) : machine,
    };
    this.#change(next, dial, policyWords);
    if (needsGrowth) {
      this.#page.news(
        'This policy makes new pools, so the machine was started with CONFIG_SWIOTLB_DYNAMIC.',
      );
    }
  }

  /** Starts what was chosen from its beginning; it can be undone and done again. */
  #change(next: Scenario, dial: number, words: Words): void {
    const { scenario, dial: dialBefore, beside: besideBefore } = this.#page.state;
    this.#begin(next, dial);
    if (scenario === null || scenario === next) return;
    const { beside } = this.#page.state;
    this.#page.undo.note({
      thing: 'run',
      before: words(scenario, false),
      after: words(next, true),
      live: false,
      back: () => this.#begin(scenario, dialBefore, besideBefore),
      forth: () => this.#begin(next, dial, beside),
    });
  }

  /** Brings a session's run to its moment; the run that was there goes on meanwhile. */
  openSession(session: Session): void {
    const { scenario, dial, beside } = this.#page.state;
    const open = () => {
      const { state } = this.#page;
      if (state.phase === 'stopped') this.#page.client.open();
      this.#keep();
      this.#page.set({ dial: session.view.dial });
      this.load(session.scenario, false, session.view.beside, session);
    };
    open();
    if (scenario === null) return;
    this.#page.undo.note({
      thing: 'run',
      before: `the scenario is “${scenario.title}”`,
      after: 'the session that was opened is there',
      live: false,
      back: () => this.#begin(scenario, dial, beside),
      forth: open,
    });
  }

  #begin(scenario: Scenario, dial: number, beside?: Beside | null): void {
    const { state } = this.#page;
    if (state.phase === 'stopped') this.#page.client.open();
    this.#keep();
    this.#page.set({ dial });
    this.load(scenario, !state.reducedMotion, beside);
  }

  /** @param beside what shall run beside it; left out: what ran beside the same before, or its own. */
  load(scenario: Scenario, play: boolean, beside?: Beside | null, session?: Session): void {
    this.#keep();
    this.#page.compare.expect(scenario, beside);
    this.#page.sessions.expect(session ?? null);
    if (session === undefined) {
      this.#page.set({ scenario, opening: null });
      this.#page.client.post({ kind: 'load', scenario, play });
      return;
    }
    const { record } = session;
    const opening = { name: scenario.title, done: 0, total: record.event, unit: 'events' } as const;
    this.#page.set({ scenario, opening });
    this.#page.client.post({ kind: 'load', scenario, play, record });
  }

  #keep(): void {
    const { scenario, dial } = this.#page.state;
    this.#before ??= { scenario, dial };
  }

  /** What was asked for has come. */
  loaded(): void {
    this.#before = null;
  }

  /** It cannot come: what ran before goes on, and is what the page is about. */
  refused(): void {
    const before = this.#before;
    this.#before = null;
    if (before !== null && before.scenario !== null) this.#page.set(before);
    this.#page.compare.refused();
    // A page that was to begin with a session that cannot be had begins as it does without.
    if (this.#page.sessions.refused()) void this.#page.library.open(null);
  }

  /** Sets a device's control on the running simulation, and remembers it for a restart. */
  setDevice(device: number, control: DeviceControl, value: number): void {
    const { scenario } = this.#page.state;
    this.#setControl(device, control, value);
    const spec = scenario?.devices[device];
    if (!spec) return;
    const before = spec[control];
    const words = (of: number) =>
      `${CONTROL_WORDS[control]} of ${spec.name} is ${of.toLocaleString('en')}`;
    this.#page.undo.note({
      thing: `${control} ${device}`,
      before: words(before),
      after: words(value),
      live: true,
      back: () => this.#setControl(device, control, before),
      forth: () => this.#setControl(device, control, value),
    });
  }

  #setControl(device: number, control: DeviceControl, value: number): void {
    const { scenario, machine } = this.#page.state;
    this.#page.client.post({ kind: 'device', device, control, value });
    if (!scenario || !machine) return;
    this.#page.set({
      scenario: {
        ...scenario,
        devices: scenario.devices.map((spec, row) =>
          row === device ? { ...spec, [control]: value } : spec,
        ),
      },
      machine: {
        ...machine,
        devices: machine.devices.map((summary, row) =>
          row === device && summary.spec
            ? { ...summary, spec: { ...summary.spec, [control]: value } }
            : summary,
        ),
      },
    });
  }

  async openFile(file: RecordingFile): Promise<void> {
    if (file.size > MAX_FILE_BYTES) {
      const size = Math.ceil(file.size / MIB);
      this.#page.fault(`“${file.name}” has ${size} MiB; recordings of up to 64 MiB are read.`);
      return;
    }
    if (/\.json$/i.test(file.name) && (await this.#isSession(file))) return;
    await this.#read(file.name, () => file.arrayBuffer(), `“${file.name}” could not be read.`);
  }

  /** Whether it is a session, which is then opened; a file that cannot be read is no session. */
  async #isSession(file: RecordingFile): Promise<boolean> {
    if (file.size > MAX_SESSION_BYTES) return false;
    const text = await file.arrayBuffer().then(
      (bytes) => new TextDecoder().decode(bytes),
      () => '',
    );
    const isNamedSo = file.name.startsWith('bouncescope-');
    if (!isNamedSo && !text.includes('"bouncescope-session"')) return false;
    await this.#page.sessions.openText(file.name, text);
    return true;
  }

  async openBundled({ name, address }: BundledRecording): Promise<void> {
    const fault = `The bundled recording “${name}” could not be fetched.`;
    await this.#read(`${name}.jsonl.gz`, () => bytesAt(address), fault);
  }

  /** Hands a recording to the worker, unless something else was picked while it was read. */
  async #read(name: string, bytes: () => Promise<ArrayBuffer>, fault: string): Promise<void> {
    const opening = { name, done: 0, total: 0 };
    const isWanted = () => this.#page.state.opening === opening;
    this.#page.set({ opening });
    try {
      const read = await bytes();
      if (isWanted()) this.#page.client.post({ kind: 'replay', name, bytes: read });
    } catch {
      if (!isWanted()) return;
      this.#page.set({ opening: null });
      this.#page.fault(fault);
    }
  }

  progress(done: number, total: number): void {
    const { opening } = this.#page.state;
    if (opening) this.#page.set({ opening: { ...opening, done, total } });
  }
}
