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
  title: 'x86 VM, SATA disk',
  publishedAs: 'x86 VM, QEMU virtio SATA driver, RAM-based block device on the host',
  spec: { memoryMiB: 2048, cpus: 4, encrypted: false },
  fullLine: 'swiotlb=force',
  smallLine: 'swiotlb=512,force',
  disk: DISK,
  others: [WRITE_BACK],
  loads: [SMALL, BIG, FOUR_WAY],
  runMs: 500,
  assumptions: [
    '4 CPUs and 2 GiB of memory; swiotlb=force as published.',
    'Disk of the kind ahci: 60 us at the median, 2 GB/s, up to 32 requests at a time, one interrupt.',
  ],
};

const PI: StudyMachine = {
  id: 'pi',
  title: 'Raspberry Pi 4, 8 GiB, microSD card',
  publishedAs: 'Raspberry Pi4, 8G RAM, class 10 A1 microSD card',
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
  assumptions: [
    'The card: one request at a time, 600 us at the median with a wide spread, then 40 MB/s; 1,500 reads a second is what class A1 promises.',
    'No MMC controller is modelled: a 32-bit controller with one interrupt stands in for it.',
    'Memory is laid out as on x86, zone DMA below 16 MiB; on a Pi it reaches to 1 GiB.',
    'The write-back goes to a USB disk of 300 MB/s: a card that takes one request at a time can never fill 1 MiB.',
    'CPU costs are those of a server; beside the card they hardly count.',
  ],
};

const COCO: StudyMachine = {
  id: 'coco',
  title: 'CoCo VM, encrypted, 32 CPUs',
  publishedAs: 'CoCo VM, a bigger system',
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
  assumptions: [
    '32 CPUs and 16 GiB; the disk is virtio-blk with a queue a CPU: 60 us at the median, 4 GB/s.',
    'Linux 6.12 would reserve 6 % of this memory. swiotlb=32640, rounded up by the kernel to 64 MiB in 32 areas, keeps it at the published size.',
    'swiotlb=512 alone would be rounded up to 8 MiB for 32 areas. swiotlb=512,4 keeps it at 1 MiB in 4 areas, the most that fit, and gives every later pool 4.',
    'The coherent pools have 2 MiB each, by the kernel’s own rule for this memory.',
    'What a page conversion takes is an assumption of the cost table: 20 us a call and 1.5 us a page.',
  ],
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
  title: 'Dynamic bounce buffers: the published benchmark, rerun in the model',
  source:
    'Petr Tesarik, “[PATCH v7 0/9] Allow dynamic allocation of software IO TLB bounce buffers”, cover letter, 1 August 2023',
  runs: 5,
  machines: [VM, PI, COCO],
  published: PUBLISHED,
  assumptions: [
    'A thread has one block under way and asks for the next when it is done; half of the blocks are read, half written. Waking the thread is part of the disk’s latency.',
    'Such threads never need 1 MiB. What else ran is not published; here a second disk takes 4 MiB of write-back at once, in requests of 128 KiB, 20 times a second at random, submitted on the first thread’s CPU as its own fsync would be. It is not measured, but shares pool and CPUs.',
    'A run is 0.5 to 2 virtual seconds, far shorter than a real one: what is paid once weighs more.',
    'Nothing but the loads’ own seeded chance differs from run to run; no noise is added.',
    'The same seed for all three kernels: run by run they meet the same requests, the same latencies and the same bursts.',
  ],
};
