/** What the timeline is given when the first picture is there. */
import type { TimelineLayers } from './timeline-chart.ts';
import { paintGrowth } from './timeline-growth.ts';
import { paintPasts } from './timeline-pasts.ts';
import { paintPoolNames, paintTransient } from './timeline-pools.ts';
import { paintSpan } from './timeline-span.ts';

/** What was played besides the past, transient pools, names of pools, the selection, and attempts to grow. */
export const timelineLayers: TimelineLayers = {
  under: paintTransient,
  over: (chart) => {
    paintPasts(chart);
    paintPoolNames(chart);
    paintSpan(chart);
    paintGrowth(chart);
  },
};
