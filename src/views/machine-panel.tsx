import { useState } from 'react';
import { bootOutcome, explainLine, rewriteLine, type BootChoice } from '../store/boot-draft.ts';
import { page } from '../store/the-page.ts';
import { BootLine } from './boot-line.tsx';
import { outcomeSentence } from './boot-words.ts';
import { Choice } from './choice.tsx';
import { Costs } from './costs.tsx';
import { AgeingDial } from './later.tsx';
import { sameAge } from './same-age.ts';
import { bytes, count } from './words.ts';
import { machineWith } from '../engine/growth-mode.ts';
import { NO_AGEING, type DeviceSpec, type MachineSpec } from '../engine/scenario.ts';

const MIB = 1024 ** 2;
const MEMORY_MIB = [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536];
const CPUS = [1, 2, 4, 8, 16, 32];
const POOL_SLOTS = [128, 512, 1024, 4096, 16_384, 32_768, 65_536, 131_072, 524_288];
const AREAS = [1, 2, 4, 8, 16, 32];
const MODES: readonly BootChoice['mode'][] = ['as needed', 'force', 'noforce'];

interface Editing {
  readonly draft: MachineSpec;
  readonly replace: (draft: MachineSpec) => void;
  readonly edit: (part: Partial<MachineSpec>) => void;
}

/** What is not on the command line. */
function Hardware({ draft, edit, replace }: Editing) {
  return (
    <div className="facts">
      <Choice
        label="RAM"
        value={draft.memoryMiB}
        options={MEMORY_MIB}
        name={(mib) => bytes(mib * MIB)}
        pick={(memoryMiB) => edit({ memoryMiB })}
      />
      <Choice
        label="CPUs"
        value={draft.cpus}
        options={CPUS}
        name={count}
        pick={(cpus) => edit({ cpus })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={draft.encrypted}
          onChange={(event) => edit({ encrypted: event.target.checked })}
        />
        encrypted
      </label>
      <label className="check" title="CONFIG_SWIOTLB_DYNAMIC: a full pool gets others beside it">
        <input
          type="checkbox"
          checked={draft.dynamic}
          onChange={(event) => replace(machineWith(draft, event.target.checked))}
        />
        dynamic
      </label>
    </div>
  );
}

/** What is on the command line, as controls that rewrite it. */
function Wishes({ draft, edit }: Omit<Editing, 'replace'>) {
  const { choice } = explainLine(draft.commandLine);
  const wish = (part: Partial<BootChoice>) =>
    edit({ commandLine: rewriteLine(draft.commandLine, { ...choice, ...part }) });
  return (
    <div className="facts">
      <Choice
        label="slots"
        value={choice.slots}
        options={[null, ...POOL_SLOTS]}
        name={(slots) => (slots === null ? 'auto' : count(slots))}
        pick={(slots) => wish({ slots })}
      />
      <Choice
        label="areas"
        value={choice.areas}
        options={[null, ...AREAS]}
        name={(areas) => (areas === null ? 'auto' : count(areas))}
        pick={(areas) => wish({ areas })}
      />
      <Choice
        label=""
        hiddenLabel="Bouncing"
        value={choice.mode}
        options={MODES}
        name={(mode) => (mode === 'as needed' ? 'if needed' : mode)}
        pick={(mode) => wish({ mode })}
      />
    </div>
  );
}

function same(one: MachineSpec, other: MachineSpec): boolean {
  return (
    one.memoryMiB === other.memoryMiB &&
    one.cpus === other.cpus &&
    one.encrypted === other.encrypted &&
    one.dynamic === other.dynamic &&
    sameAge(one.ageing, other.ageing) &&
    one.commandLine === other.commandLine
  );
}

/** Who is confined to a region. */
function usersOf(devices: readonly DeviceSpec[] | undefined, region: string): string {
  const names = (devices ?? [])
    .filter(({ restrictedPool }) => restrictedPool === region)
    .map(({ name }) => name);
  return names.length === 0 ? 'nobody' : `${names.join(' and ')} alone`;
}

function Editor({ spec }: { readonly spec: MachineSpec }) {
  const [draft, setDraft] = useState(spec);
  const devices = page.use((state) => state.scenario?.devices);
  const edit = (part: Partial<MachineSpec>) => setDraft({ ...draft, ...part });
  const changed = !same(draft, spec);
  const apply = () => {
    if (changed) page.opener.reboot(draft);
  };
  return (
    <>
      <Hardware draft={draft} edit={edit} replace={setDraft} />
      <Wishes draft={draft} edit={edit} />
      <BootLine
        line={draft.commandLine}
        change={(commandLine) => edit({ commandLine })}
        apply={apply}
      />
      <p className="boot-outcome">
        <span aria-hidden="true">→ </span>
        <b>{outcomeSentence(bootOutcome(draft), draft.encrypted)}</b>
      </p>
      {draft.restricted?.map(({ name, bytes: size }) => (
        <p key={name} className="boot-outcome">
          <span aria-hidden="true">+ </span>
          region <b>{name}</b> of <b>{bytes(size)}</b>, kept for {usersOf(devices, name)}
        </p>
      ))}
      {draft.dynamic && (
        <AgeingDial
          ageing={draft.ageing ?? NO_AGEING}
          memoryMiB={draft.memoryMiB}
          age={(ageing) => edit({ ageing })}
        />
      )}
      {changed && (
        <p className="boot-actions">
          <button type="button" className="loud" onClick={apply}>
            Reboot with this
          </button>
          <button type="button" className="quiet" onClick={() => setDraft(spec)}>
            Undo
          </button>
        </p>
      )}
    </>
  );
}

/** A recorded machine: told, not chosen. */
function Recorded() {
  const machine = page.use((state) => state.machine);
  if (!machine) return null;
  return (
    <>
      <p className="facts">
        {machine.memoryMiB !== null && (
          <span>
            <b>{bytes(machine.memoryMiB * MIB)}</b> memory
          </span>
        )}
        <span>
          <b>{count(machine.cpus)}</b> {machine.cpus === 1 ? 'CPU' : 'CPUs'}
        </span>
        <span>as recorded</span>
      </p>
      <p className="label">Kernel command line</p>
      <p className="boot-line">
        <code>{machine.commandLine || 'not recorded'}</code>
      </p>
    </>
  );
}

export function MachinePanel() {
  const spec = page.use((state) => state.scenario?.machine);
  const serial = page.use((state) => state.serial);
  const replay = page.use((state) => state.replay !== null);
  return (
    <section aria-labelledby="machine-head">
      <h2 id="machine-head">Machine</h2>
      {replay ? <Recorded /> : spec && <Editor key={serial} spec={spec} />}
      <Costs />
    </section>
  );
}
