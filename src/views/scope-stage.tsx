import { useLayoutEffect, useRef, useState } from 'react';
import { barsDrawing } from '../draw/scope-bars.ts';
import { laneCells, lanesDrawing, lanesOf } from '../draw/scope-lanes.ts';
import { svgText, type Drawing } from '../draw/scope-marks.ts';
import { overviewOf } from '../draw/scope-overview.ts';
import type { ScopeStep } from '../draw/scope-steps.ts';
import type { ExplainedSearch, SeenArea } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { currentPalette } from './palette.ts';
import { ScopeControls } from './scope-controls.tsx';
import { ScopeDrawing } from './scope-drawing.tsx';
import { ScopeText } from './scope-text.tsx';
import { headline, stepWords } from './scope-words.ts';
import type { ScopeSteps } from './use-scope-steps.ts';
import { count } from './words.ts';

const PROJECTOR_SCALE = 1.4;
const PHONE_PX = 700;
/** Of the bars and of the area's rows; less in a low window, where the lanes need the room. */
const BARS_PX = 132;
const ROWS_PX = 160;
const LOW_PX = 800;

interface Drawings {
  readonly overview: Drawing;
  readonly lanes: Drawing;
  readonly bars: Drawing;
}

/** The width the drawings have, followed as it changes. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, width };
}

/** What the microscope draws of one area, at one step. */
function drawingsOf(
  search: ExplainedSearch,
  area: SeenArea,
  step: ScopeStep,
  width: number,
  names: readonly string[],
): Drawings {
  const isPhone = width < PHONE_PX;
  const scale = page.state.theme === 'projector' && !isPhone ? PROJECTOR_SCALE : 1;
  const leftPx = Math.round((isPhone ? 70 : 84) * scale);
  const rightPx = Math.round((isPhone ? 62 : 76) * scale);
  const box = { width, leftPx, rightPx, scale };
  const share = window.innerHeight < LOW_PX ? 0.55 : 1;
  const before = step.before - (area.walk.looks[step.look]?.probe ?? 0);
  const lanes = area.walk.isLeft ? [] : lanesOf(area, step.look, laneCells({ ...box, names }));
  return {
    overview: overviewOf(search, area, step.look, lanes, { ...box, rowsPx: ROWS_PX * share }),
    lanes: lanesDrawing(search, area, lanes, { upTo: step.look, before }, { ...box, names }),
    bars: barsDrawing(search, area, step.look, before, { ...box, height: BARS_PX * share * scale }),
  };
}

function AreaHead({ area }: { readonly area: SeenArea }) {
  const { walk, poolKind } = area;
  return (
    <p className="scope-area">
      <b>Area {walk.area}</b> {poolKind} pool {walk.pool} · {count(walk.areaSlots)} slots ·{' '}
      {count(walk.used)} used · {count(walk.areaSlots - walk.used)} free
      {walk.longestRun > 0 && `, but no run longer than ${count(walk.longestRun)}`}
    </p>
  );
}

/** Saves drawings as one file. */
function save(drawings: Drawings, title: string): void {
  const { overview, lanes, bars } = drawings;
  const text = svgText([overview, lanes, bars], currentPalette(), title);
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'search.svg';
  link.click();
  URL.revokeObjectURL(url);
}

/** The drawings above the controls, and the same in words. */
function Upper(props: {
  readonly search: ExplainedSearch;
  readonly area: SeenArea;
  readonly drawings: Drawings;
}) {
  const { search, area, drawings } = props;
  const palette = currentPalette();
  return (
    <div className="scope-scroll">
      <ScopeDrawing drawing={drawings.overview} palette={palette} />
      {area.walk.isLeft ? (
        <p className="scope-left">
          Left at once: {count(area.walk.areaSlots - area.walk.used)} slots are free in all of the
          area, {count(search.request.slots)} are needed in a row. No slot is looked at.
        </p>
      ) : (
        <>
          <p className="scope-key">
            The number in a free slot is its <code>list</code>: free slots from here on, itself
            included, up to the row’s end.
          </p>
          <ScopeDrawing drawing={drawings.lanes} palette={palette} />
        </>
      )}
      <ScopeText search={search} />
    </div>
  );
}

/** The area and the drawings of one step; null both before the width is known, or without an area. */
function useDrawings(search: ExplainedSearch, step: ScopeStep | undefined, width: number) {
  // Colours are the theme's.
  page.use((state) => state.theme);
  const machine = page.use((state) => state.machine);
  const area = search.seen[step?.seen ?? -1] ?? null;
  if (step === undefined || area === null || width === 0) return { area, drawings: null };
  const names = machine?.devices.map(({ name }) => name) ?? [];
  return { area, drawings: drawingsOf(search, area, step, width, names) };
}

/** The drawings of one search, and its controls. */
export function ScopeStage(props: {
  readonly search: ExplainedSearch;
  readonly steps: ScopeSteps;
}) {
  const { search, steps } = props;
  const { box, width } = useWidth();
  const step = steps.steps[steps.at];
  const { area, drawings } = useDrawings(search, step, width);
  return (
    <div className="scope-stage" ref={box}>
      {area && <AreaHead area={area} />}
      {area && drawings && <Upper search={search} area={area} drawings={drawings} />}
      <ScopeControls
        search={search}
        steps={steps}
        words={step ? stepWords(search, step) : 'No area was searched.'}
        save={() => {
          if (drawings !== null) save(drawings, headline(search));
        }}
      />
      {drawings && !area?.walk.isLeft && (
        <ScopeDrawing className="scope-bars" drawing={drawings.bars} palette={currentPalette()} />
      )}
    </div>
  );
}
