import { useMemo, useState } from 'react';
import { cellOfBlock } from '../engine/memory-cells.ts';
import { MemoryColumns } from '../engine/memory-news.ts';
import { NO_AGEING, type AgeingSpec, type MachineSpec } from '../engine/scenario.ts';
import type { MemoryNews, WhatIf } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { AgeingSliders } from './ageing-dial.tsx';
import { MemoryFree } from './memory-free.tsx';
import { MemoryLegend } from './memory-legend.tsx';
import { MemoryMapView } from './memory-map-view.tsx';
import { MemoryPagesView } from './memory-pages-view.tsx';
import { MemoryPools, MemoryZones } from './memory-pools.tsx';
import { WhatIfPanel } from './memory-what-if.tsx';
import { sameAge } from './same-age.ts';
import { clock } from './words.ts';

const CMA_KIND = 4;
const BLOCK_PAGES = 512;

/** How old the memory is, and the reboot that makes it so. */
function Age({ machine }: { readonly machine: MachineSpec }) {
  const present = machine.ageing ?? NO_AGEING;
  const [ageing, age] = useState<AgeingSpec>(present);
  const isChanged = !sameAge(ageing, present);
  return (
    <section className="memory-age">
      <AgeingSliders ageing={ageing} memoryMiB={machine.memoryMiB} age={age} />
      <p className="boot-actions">
        <button
          type="button"
          className={isChanged ? 'loud' : 'quiet'}
          aria-disabled={!isChanged}
          onClick={() => {
            if (isChanged) page.opener.reboot({ ...machine, ageing });
          }}
        >
          Reboot, aged so
        </button>
      </p>
    </section>
  );
}

/** Cells where growing would find its memory, by the newest answer if it is of this run. */
function targetsOf(news: MemoryNews, answer: WhatIf | undefined): readonly number[] {
  const got = answer?.tries.findLast(({ what }) => what === 'pool');
  if (answer === undefined || answer.slots === 0 || got === undefined || got.pfn < 0) return [];
  const first = Math.floor(got.pfn / BLOCK_PAGES);
  const blocks = Math.max(1, 2 ** got.order / BLOCK_PAGES);
  return Array.from({ length: blocks }, (_, at) => cellOfBlock(news.stretches, first + at));
}

/** Movable pages that live in the CMA region meanwhile. */
function lentPages({ kind, movable, pinned }: MemoryColumns): number {
  let lent = 0;
  for (const [cell, of] of kind.entries()) {
    if (of === CMA_KIND) lent += (movable[cell] ?? 0) + (pinned[cell] ?? 0);
  }
  return lent;
}

/** When it was read, if it could not be read at one moment. */
function Mixed({ news }: { readonly news: MemoryNews }) {
  if (news.fromNs === news.toNs) return null;
  return (
    <p className="label">
      Read from {clock(news.fromNs)} to {clock(news.toNs)}, while the run went on; a pause shows one
      moment.
    </p>
  );
}

function Told({ news }: { readonly news: MemoryNews }) {
  const columns = useMemo(() => new MemoryColumns(news.cells, news.buffer), [news]);
  const answers = page.use((state) => state.memory.answers);
  const serial = page.use((state) => state.serial);
  const [newest] = answers;
  const answer = newest?.serial === serial ? newest.answer : undefined;
  const targets = useMemo(() => targetsOf(news, answer), [news, answer]);
  return (
    <>
      <MemoryLegend columns={columns} hasTargets={targets.length > 0} />
      <MemoryMapView news={news} columns={columns} targets={targets} />
      <Mixed news={news} />
      <MemoryPagesView news={news} />
      <MemoryZones zones={news.zones} />
      <MemoryPools news={news} lent={lentPages(columns)} />
    </>
  );
}

/** The dial, what it does to free memory, and what growing would come to: one story. */
export function MemoryPanel() {
  const news = page.use((state) => state.memory.news);
  const scenario = page.use((state) => state.scenario);
  return (
    <div className="memory-panel" data-testid="memory-panel">
      <div className="memory-story">
        {scenario && <Age key={scenario.id} machine={scenario.machine} />}
        {news ? <MemoryFree zones={news.zones} /> : <section className="memory-free" />}
        <WhatIfPanel />
      </div>
      {news ? <Told news={news} /> : <p className="label">The memory is being read.</p>}
    </div>
  );
}
