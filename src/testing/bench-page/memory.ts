/** Painting the memory map of 64 GiB, 32,768 pageblocks, as it stands at 1440 x 900. */
import { layoutMemory } from '../../draw/memory-layout.ts';
import { paintMemoryMap } from '../../draw/memory-map.ts';
import { readPalette } from '../../draw/palette.ts';
import { MemoryColumns } from '../../engine/memory-news.ts';
import { canvasOf, contextOf, type Painter } from './drawing.ts';
import { lehmer } from './full-pool.ts';

const CELLS = 32_768;
const SEED = 20_251_125;
/** Pageblocks of zone DMA and of DMA32. */
const ZONES = [
  { name: 'DMA', firstCell: 0, cells: 8 },
  { name: 'DMA32', firstCell: 8, cells: 1528 },
  { name: 'Normal', firstCell: 1536, cells: CELLS - 1536 },
];
const ROOM = { widthPx: 886, heightPx: 380, labelPx: 21 };

/** Pageblocks of every kind and fill, anywhere. */
function anyMemory(): MemoryColumns {
  const columns = new MemoryColumns(CELLS);
  const random = lehmer(SEED);
  for (let cell = 0; cell < CELLS; cell++) {
    columns.kind[cell] = Math.floor(random() * 3);
    columns.largest[cell] = Math.floor(random() * 12);
    columns.pooled[cell] = random() < 0.01 ? 512 : 0;
  }
  return columns;
}

/** The map painted anew, as with every reading. */
export function memoryPainters(): { readonly memoryMap: Painter } {
  const columns = anyMemory();
  const layout = layoutMemory(ZONES, ROOM);
  const context = contextOf(canvasOf(layout.widthPx, layout.heightPx));
  const palette = readPalette(getComputedStyle(document.documentElement));
  const picture = {
    layout,
    columns,
    palette,
    labels: ZONES.map(({ name }) => name),
    dpr: 1,
    fontPx: 11,
    targets: [],
    pointed: -1,
    opened: -1,
  };
  return { memoryMap: () => paintMemoryMap(context, picture) };
}
