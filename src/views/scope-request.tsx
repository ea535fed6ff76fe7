import { useId, useState, type FormEvent } from 'react';
import { page } from '../store/the-page.ts';

const MAX_BYTES = 16 * 262_144;

/** A whole number as people type it, 0x for hex; NaN when it is none. */
function wholeOf(text: string): number {
  const trimmed = text.trim().replaceAll(',', '');
  return /^(0x[0-9a-f]{1,13}|\d{1,15})$/i.test(trimmed) ? Number(trimmed) : Number.NaN;
}

/** What is wrong with what was typed, or null. */
function faultOf(cpu: number, orig: number, size: number, cpus: number): string | null {
  if (!(cpu >= 0 && cpu < cpus)) return `CPU is a number from 0 to ${cpus - 1}.`;
  if (!(orig >= 0 && orig <= Number.MAX_SAFE_INTEGER))
    return 'Address is a number, such as 0x12345800.';
  if (!(size >= 1 && size <= MAX_BYTES)) return `Bytes is a number from 1 to ${MAX_BYTES}.`;
  return null;
}

/** Asks what a request of one's own would meet now. */
export function ScopeRequest() {
  const machine = page.use((state) => state.machine);
  const id = useId();
  const [device, setDevice] = useState(0);
  const [cpu, setCpu] = useState('0');
  const [orig, setOrig] = useState('0x1b42a800');
  const [size, setSize] = useState('65,536');
  const [fault, setFault] = useState<string | null>(null);
  if (machine === null) return null;
  const ask = (event: FormEvent) => {
    event.preventDefault();
    const [onCpu, at, long] = [wholeOf(cpu), wholeOf(orig), wholeOf(size)];
    const wrong = faultOf(onCpu, at, long, machine.cpus);
    setFault(wrong);
    if (wrong !== null) return;
    page.microscope.show({
      kind: 'request',
      device,
      cpu: onCpu,
      orig: at,
      size: long,
      pages: false,
    });
  };
  const fields = [
    ['CPU', cpu, setCpu],
    ['Address', orig, setOrig],
    ['Bytes', size, setSize],
  ] as const;
  return (
    <section className="scope-request">
      <h3>What if another request came now?</h3>
      <form onSubmit={ask} aria-label="Another request">
        <label htmlFor={`${id}-device`}>Device</label>
        <select
          id={`${id}-device`}
          value={device}
          onChange={(event) => setDevice(Number(event.target.value))}
        >
          {machine.devices.map(({ name }, index) => (
            <option key={name} value={index}>
              {name}
            </option>
          ))}
        </select>
        {fields.map(([name, value, set]) => (
          <label key={name} className="scope-field">
            <span>{name}</span>
            <input
              type="text"
              value={value}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => set(event.target.value)}
            />
          </label>
        ))}
        <button type="submit" className="quiet">
          Explain it
        </button>
        {fault !== null && <p role="alert">{fault}</p>}
      </form>
    </section>
  );
}
