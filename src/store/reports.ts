/** What views name of the worker's reports, so that they need not reach over the store. */
export type {
  Beside,
  CostLine,
  DeviceControl,
  DeviceSummary,
  Difference,
  GrowthAttempt,
  GrowthMode,
  GrowthTry,
  LogLine,
  MachineSummary,
  MappingStory,
  PolicyId,
  ReplaySummary,
  SlotDetail,
  SlotRef,
  SlotStory,
} from '../worker/protocol.ts';
