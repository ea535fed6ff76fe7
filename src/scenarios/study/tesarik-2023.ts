/** The benchmark in the cover letter of dynamic swiotlb, version 7, 1 August 2023. */
import type { DeviceSpec } from '../../engine/scenario.ts';
import type { PublishedRow, Study, StudyLoad, StudyMachine } from './study.ts';

const SMALL: StudyLoad = { id: 'small', threads: 1, blockBytes: 4096 };
const BIG: StudyLoad = { id: 'big', threads: 1, blockBytes: 65_536 };
const FOUR_WAY: StudyLoad = { id: '4way', threads: 4, blockBytes: 4096 };
const TWENTY_FOUR_WAY: StudyLoad = { id: '24way', threads: 24, blockBytes: 4096 };

/** Half of the blocks are read and half written: "read-write I/O bandwidth". */
const DISK: DeviceSpec = {
  name: 'sda',
  kind: 'ahci',
  note: 'measured disk',
  ratePerSecond: 1,
  depth: 32,
  sizes: [{ bytes: 4096, weight: 1 }],
  readShare: 0.5,
  latencyUs: 60,
  latencySpread: 0.2,
  bytesPerUs: 2000,
  parallel: 32,
  highMemoryShare: 0,
  contiguity: 1,
  startMs: 0,
  burst: 1,
};

/** Now and then the page cache writes 4 MiB back in one go, on the CPU of the first thread. */
const WRITE_BACK: DeviceSpec = {
  ...DISK,
  name: 'sdb',
  note: 'write-back of the system',
  ratePerSecond: 20,
  sizes: [{ bytes: 131_072, weight: 1 }],
  batch: 32,
  tasks: 1,
  readShare: 0,
  latencyUs: 200,
};

const VM: StudyMachine = {
  id: 'vm',
  spec: { memoryMiB: 2048, cpus: 4, encrypted: false },
  fullLine: 'swiotlb=force',
  smallLine: 'swiotlb=512,force',
  disk: DISK,
  others: [WRITE_BACK],
  loads: [SMALL, BIG, FOUR_WAY],
  runMs: 500,
};

const PI: StudyMachine = {
  id: 'pi',
  spec: { memoryMiB: 8192, cpus: 4, encrypted: false },
  fullLine: 'swiotlb=force',
  smallLine: 'swiotlb=512,force',
  disk: {
    ...DISK,
    name: 'mmc0',
    kind: 'legacy32',
    depth: 1,
    parallel: 1,
    latencyUs: 600,
    latencySpread: 0.5,
    bytesPerUs: 40,
  },
  others: [{ ...WRITE_BACK, kind: 'uas', bytesPerUs: 300 }],
  loads: [SMALL, BIG, FOUR_WAY],
  runMs: 2000,
};

const COCO: StudyMachine = {
  id: 'coco',
  spec: { memoryMiB: 16_384, cpus: 32, encrypted: true },
  fullLine: 'swiotlb=32640',
  smallLine: 'swiotlb=512,4',
  disk: {
    ...DISK,
    name: 'vda',
    kind: 'virtio-blk',
    depth: 128,
    parallel: 128,
    bytesPerUs: 4000,
  },
  others: [
    { ...WRITE_BACK, name: 'vdb', kind: 'virtio-blk', depth: 128, parallel: 128, bytesPerUs: 4000 },
  ],
  loads: [SMALL, BIG, FOUR_WAY, TWENTY_FOUR_WAY],
  runMs: 500,
};

const row = (machine: string, load: string, figures: readonly string[]): PublishedRow => {
  const [baseVar = '', defaultVar = '', defaultDiff = '', growingVar = '', growingDiff = ''] =
    figures;
  return { machine, load, baseVar, defaultVar, defaultDiff, growingVar, growingDiff };
};

/** As printed in the letter. */
const PUBLISHED: readonly PublishedRow[] = [
  row('vm', 'small', ['1.96%', '0.47%', '-1.5%', '0.52%', '-2.2%']),
  row('vm', 'big', ['2.03%', '1.35%', '+0.9%', '2.22%', '+2.9%']),
  row('vm', '4way', ['0.80%', '0.45%', '-0.7%', '1.22%', '<0.1%']),
  row('pi', 'small', ['1.09%', '1.69%', '+0.5%', '2.14%', '-0.2%']),
  row('pi', 'big', ['0.03%', '0.28%', '-0.5%', '0.03%', '-0.1%']),
  row('pi', '4way', ['5.15%', '2.39%', '+0.2%', '0.66%', '<0.1%']),
  row('coco', 'small', ['2.41%', '6.02%', '+1.1%', '10.33%', '+6.7%']),
  row('coco', 'big', ['9.20%', '2.81%', '-0.6%', '16.84%', '-0.2%']),
  row('coco', '4way', ['0.86%', '2.66%', '-0.1%', '2.22%', '-4.9%']),
  row('coco', '24way', ['3.19%', '6.19%', '+4.4%', '4.08%', '-5.9%']),
];

/** Fixed 64 MiB against 64 MiB that may grow against 1 MiB that grows. */
export const tesarik2023: Study = {
  id: 'tesarik-2023',
  runs: 5,
  machines: [VM, PI, COCO],
  published: PUBLISHED,
};
