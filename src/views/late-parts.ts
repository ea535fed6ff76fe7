/** What is loaded after the first picture, as one piece. */
export { paintGrowth } from '../draw/timeline-growth.ts';
export { AgeingDial } from './ageing-dial.tsx';
export { GrowthPanel } from './growth-panel.tsx';
export { Help } from './help.tsx';
export { PoolsTable } from './pools-table.tsx';
export { ReplayPanel } from './replay-panel.tsx';
