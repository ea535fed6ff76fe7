/** What is to be said about the benchmark of `tesarik-2023.ts`; running it needs none of this. */
import type { StudyWords } from './study.ts';

export const tesarik2023Words: StudyWords = {
  title: 'Dynamic bounce buffers: the published benchmark, rerun in the model',
  source:
    'Petr Tesarik, “[PATCH v7 0/9] Allow dynamic allocation of software IO TLB bounce buffers”, cover letter, 1 August 2023',
  machines: {
    vm: {
      title: 'x86 VM, SATA disk',
      publishedAs: 'x86 VM, QEMU virtio SATA driver, RAM-based block device on the host',
      assumptions: [
        '4 CPUs and 2 GiB of memory; swiotlb=force as published.',
        'Disk of the kind ahci: 60 us at the median, 2 GB/s, up to 32 requests at a time, one interrupt.',
      ],
    },
    pi: {
      title: 'Raspberry Pi 4, 8 GiB, microSD card',
      publishedAs: 'Raspberry Pi4, 8G RAM, class 10 A1 microSD card',
      assumptions: [
        'The card: one request at a time, 600 us at the median with a wide spread, then 40 MB/s; 1,500 reads a second is what class A1 promises.',
        'No MMC controller is modelled: a 32-bit controller with one interrupt stands in for it.',
        'Memory is laid out as on x86, zone DMA below 16 MiB; on a Pi it reaches to 1 GiB.',
        'The write-back goes to a USB disk of 300 MB/s: a card that takes one request at a time can never fill 1 MiB.',
        'CPU costs are those of a server; beside the card they hardly count.',
      ],
    },
    coco: {
      title: 'CoCo VM, encrypted, 32 CPUs',
      publishedAs: 'CoCo VM, a bigger system',
      assumptions: [
        '32 CPUs and 16 GiB; the disk is virtio-blk with a queue a CPU: 60 us at the median, 4 GB/s.',
        'Linux 6.12 would reserve 6 % of this memory. swiotlb=32640, rounded up by the kernel to 64 MiB in 32 areas, keeps it at the published size.',
        'swiotlb=512 alone would be rounded up to 8 MiB for 32 areas. swiotlb=512,4 keeps it at 1 MiB in 4 areas, the most that fit, and gives every later pool 4.',
        'The coherent pools have 2 MiB each, by the kernel’s own rule for this memory.',
        'What a page conversion takes is an assumption of the cost table: 20 us a call and 1.5 us a page.',
      ],
    },
  },
  assumptions: [
    'A thread has one block under way and asks for the next when it is done; half of the blocks are read, half written. Waking the thread is part of the disk’s latency.',
    'Such threads never need 1 MiB. What else ran is not published; here a second disk takes 4 MiB of write-back at once, in requests of 128 KiB, 20 times a second at random, submitted on the first thread’s CPU as its own fsync would be. It is not measured, but shares pool and CPUs.',
    'A run is 0.5 to 2 virtual seconds, far shorter than a real one: what is paid once weighs more.',
    'Nothing but the loads’ own seeded chance differs from run to run; no noise is added.',
    'The same seed for all three kernels: run by run they meet the same requests, the same latencies and the same bursts.',
  ],
  cannotShow: [
    'Caches: the place of a slot and who touched it last cost nothing, so that smaller pools gain nothing from being warm.',
    'The host: no other guest, no scheduler, no timer; that is why modelled runs vary so little.',
    'Contention on the debugfs counters, which the letter names: they are counted at no cost.',
    'The whole of what a conversion does: in the model it takes time only of the CPU that makes it, where real ones also interrupt all others to flush their TLBs, and keep the host busy.',
  ],
};
