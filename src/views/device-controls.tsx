import { useId } from 'react';
import type { DeviceSpec } from '../engine/scenario.ts';
import type { DeviceControl } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { count, duration, rate } from './words.ts';

interface Control {
  readonly control: DeviceControl;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** Whole values only. */
  readonly whole: boolean;
  readonly words: (value: number) => string;
}

/** Every slider is logarithmic: loads differ by powers of ten. */
const CONTROLS: readonly Control[] = [
  { control: 'ratePerSecond', label: 'asks for', min: 10, max: 2e6, whole: true, words: rate },
  { control: 'depth', label: 'depth', min: 1, max: 4096, whole: true, words: count },
  {
    control: 'latencyUs',
    label: 'latency',
    min: 1,
    max: 1e6,
    whole: false,
    words: (us) => duration(us * 1000),
  },
  {
    control: 'burst',
    label: 'burst',
    min: 1,
    max: 100,
    whole: false,
    words: (burst) => (burst < 1.05 ? 'steady' : `×${burst.toFixed(1).replace(/\.0$/, '')}`),
  },
];

/** Positions on a slider's logarithmic scale. */
const STEPS = 100;

function toStep({ min, max }: Control, value: number): number {
  const clamped = Math.min(max, Math.max(min, value));
  return Math.round((STEPS * Math.log(clamped / min)) / Math.log(max / min));
}

function toValue({ min, max, whole }: Control, step: number): number {
  const value = min * (max / min) ** (step / STEPS);
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  const round = Math.round(value / digits) * digits;
  return whole ? Math.max(min, Math.round(round)) : Math.max(min, Number(value.toPrecision(2)));
}

interface SliderProps {
  readonly control: Control;
  readonly spec: DeviceSpec;
  readonly row: number;
}

function Slider({ control, spec, row }: SliderProps) {
  const id = useId();
  const value = spec[control.control];
  const words = control.words(value);
  return (
    <div className="slider">
      <label htmlFor={id}>{control.label}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={STEPS}
        value={toStep(control, value)}
        aria-label={`${spec.name} ${control.label}`}
        aria-valuetext={words}
        onChange={(event) =>
          page.opener.setDevice(row, control.control, toValue(control, event.target.valueAsNumber))
        }
      />
      <output htmlFor={id}>{words}</output>
    </div>
  );
}

/** The load of a device: acts on the running machine at once. */
export function DeviceControls({ spec, row }: { readonly spec: DeviceSpec; readonly row: number }) {
  return (
    <div className="controls">
      {CONTROLS.map((control) => (
        <Slider key={control.control} control={control} spec={spec} row={row} />
      ))}
    </div>
  );
}
