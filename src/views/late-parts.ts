/** What is loaded after the first picture, as one piece. */
export { timelineLayers } from '../draw/timeline-more.ts';
export { AgeingDial } from './ageing-dial.tsx';
export { Announcer } from './announcer.tsx';
export { ComparisonTable } from './comparison-table.tsx';
export { ThrottledGauge } from './gauge.tsx';
export { GrowthPanel } from './growth-panel.tsx';
export { Help } from './help.tsx';
export { KernelLog } from './kernel-log.tsx';
export { MemoryPanel } from './memory-panel.tsx';
export { narrate } from './narrator.ts';
export { PolicyRows } from './policy-rows.tsx';
export { PoolsTable } from './pools-table.tsx';
export { ReplayPanel } from './replay-panel.tsx';
export { SlotStoryRows } from './slot-story-rows.tsx';
export { StudyDialog } from './study-dialog.tsx';
export { WaitHistogram } from './wait-histogram.tsx';
export { TimelineReader } from './timeline-reader.tsx';
