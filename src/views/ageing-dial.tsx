import { useId } from 'react';
import type { AgeingSpec } from '../engine/scenario.ts';
import { page } from '../store/the-page.ts';
import { positionOf, uptimeAt, UPTIME_MAX, uptimeWords } from './ageing-scale.ts';
import { freeWords, largestWords, zonesOf } from './growth-words.ts';
import { count } from './words.ts';

interface SliderProps {
  readonly label: string;
  readonly title: string;
  readonly value: number;
  readonly max: number;
  readonly words: string;
  readonly pick: (value: number) => void;
}

function Slider({ label, title, value, max, words, pick }: SliderProps) {
  const id = useId();
  return (
    <div className="age-row" title={title}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={max}
        step={1}
        value={value}
        aria-valuetext={words}
        onChange={(event) => pick(event.target.valueAsNumber)}
      />
      <output htmlFor={id}>{words}</output>
    </div>
  );
}

/** The running machine's free blocks in the order of `/proc/buddyinfo`, a zone a column: narrow. */
function Buddyinfo() {
  const buddyinfo = page.use((state) => state.buddyinfo);
  const open = page.use((state) => state.memory.open);
  if (buddyinfo === null) return null;
  const zones = zonesOf(buddyinfo);
  const [first] = zones;
  return (
    <>
      <p className="free-now">
        Free now <b data-testid="free-now">{freeWords(buddyinfo)}</b>, up to order{' '}
        <b data-testid="largest-free">{largestWords(buddyinfo)}</b>
      </p>
      <button
        type="button"
        className="quiet"
        aria-pressed={open}
        onClick={() => page.memory.show(!open)}
      >
        Memory map
      </button>
      <details className="buddyinfo-box">
        <summary>/proc/buddyinfo</summary>
        <table className="buddyinfo">
          <caption>Free blocks by order</caption>
          <thead>
            <tr>
              <th scope="col">order</th>
              {zones.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {first?.blocks.map((_, order) => (
              // oxlint-disable-next-line react/no-array-index-key -- an order is its place
              <tr key={order}>
                <th scope="row">{order}</th>
                {zones.map(({ name, blocks }) => (
                  <td key={name}>{count(blocks[order] ?? 0)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

interface AgeingDialProps {
  readonly ageing: AgeingSpec;
  readonly memoryMiB: number;
  readonly age: (ageing: AgeingSpec) => void;
}

/** From so much memory, aged for so long, on it takes the worker seconds. */
const SLOW_MIB_HOURS = 150_000;
const SLOW_MIB = 4096;

/** How old the memory is; a load that ran before is played while the machine boots. */
export function AgeingSliders({ ageing, memoryMiB, age }: AgeingDialProps) {
  const { uptimeHours, fill, kernelShare } = ageing;
  const isSlow = fill > 0 && (memoryMiB >= SLOW_MIB || memoryMiB * uptimeHours >= SLOW_MIB_HOURS);
  return (
    <fieldset className="ageing">
      <legend className="label">Fragmentation, by a modelled load</legend>
      <Slider
        label="uptime"
        title="How long pages have come and gone"
        value={positionOf(uptimeHours)}
        max={UPTIME_MAX}
        words={uptimeWords(uptimeHours)}
        pick={(position) => age({ ...ageing, uptimeHours: uptimeAt(position) })}
      />
      <Slider
        label="in use"
        title="Share of memory in use at the end; 0 % is as booted"
        value={Math.round(fill * 100)}
        max={98}
        words={`${Math.round(fill * 100)} %`}
        pick={(value) => age({ ...ageing, fill: value / 100 })}
      />
      <Slider
        label="kernel"
        title="Share of requests for kernel objects, which never move"
        value={Math.round(kernelShare * 100)}
        max={100}
        words={`${Math.round(kernelShare * 100)} %`}
        pick={(value) => age({ ...ageing, kernelShare: value / 100 })}
      />
      {fill === 0 && <p className="label">Nothing in use: the memory stays as booted.</p>}
      {isSlow && <p className="label">So much ageing takes some seconds to play at boot.</p>}
    </fieldset>
  );
}

/** The dial among the machine's other controls; while the map is open it stands beside the map. */
export function AgeingDial(props: AgeingDialProps) {
  const open = page.use((state) => state.memory.open);
  return (
    <>
      {open ? (
        <p className="label">The dial of fragmentation stands with the memory map.</p>
      ) : (
        <AgeingSliders {...props} />
      )}
      <Buddyinfo />
    </>
  );
}
