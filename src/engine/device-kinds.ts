/**
 * What each kind of device asks of the DMA layer, as its Linux 6.12 driver does.
 *
 * Numbers without a source of their own are what recordings of a running 6.12.117 kernel show.
 */
import type { DeviceKind } from './scenario.ts';

/** What becomes of a request whose map failed. */
export type OnFailedMap =
  /** Put back, tried again after `Costs.requeueNs`. */
  | 'requeue'
  /** An I/O error in the log; the upper layer tries again after `Costs.retryNs`. */
  | 'retry-error'
  /** An I/O error in the log, and the end of the request. */
  | 'error'
  /** The packet is dropped and counted. */
  | 'drop'
  /** The call fails, and nobody but the caller is told. */
  | 'refuse';

/** What one kind of device asks for; the same for every device of the kind. */
export interface KindFacts {
  /** Driver of the DMA device, as the kernel log names it. */
  readonly driver: string;
  /** May sleep in a map where the kernel recommends it. */
  readonly mayBlock: boolean;
  readonly minAlignMask: number;
  /** Hex text, as the kernel prints it. */
  readonly dmaMask: string;
  readonly segBoundary: string;
  /** `bus_dma_limit`, hex text. Left out: the bus sets none. */
  readonly busLimit?: string;
  /** Bytes of one request at most. */
  readonly maxRequestBytes: number;
  /** The mapping limit caps whole requests, not only their segments (`max_hw_sectors`). */
  readonly capsRequests: boolean;
  readonly maxSegmentBytes: number;
  /** It maps another driver's buffers, whole pages, both ways, and heeds no mapping limit. */
  readonly imports?: boolean;
  /** Data segments of one request at most. */
  readonly maxSegments: number;
  readonly onFailedMap: OnFailedMap;
  /** Lists of several segments are mapped with `DMA_ATTR_NO_WARN`: they fail without a line. */
  readonly quietLists: boolean;
  /** The driver maps a whole batch before it rings the doorbell once. */
  readonly batches: boolean;
  /** Lists go through `dma_map_sg`; virtio maps buffer by buffer. */
  readonly mapsLists: boolean;
  /** All interrupts go to one CPU instead of the one that submitted. */
  readonly oneInterrupt: boolean;
  /** Maps nothing: its driver gets memory by `dma_alloc_*` and keeps it. */
  readonly allocates?: true;
}

const MASK_64 = '0xffffffffffffffff';
const MASK_32 = '0xffffffff';
/** The Raspberry Pi 4's bus for old peripherals reaches the first GiB. */
const RPI4_BUS = '0x3fffffff';
const MIB = 1_048_576;

/** The facts of each kind, as Linux 6.12 and the recordings have them. */
export const DEVICE_KINDS: { readonly [kind in DeviceKind]: KindFacts } = {
  nvme: {
    driver: 'nvme',
    mayBlock: true,
    minAlignMask: 4095,
    dmaMask: MASK_64,
    segBoundary: MASK_32,
    // NVME_MAX_KB_SZ is 8 MiB; no scenario asks for more than 1 MiB.
    maxRequestBytes: MIB,
    capsRequests: true,
    maxSegmentBytes: MIB,
    // NVME_MAX_SEGS.
    maxSegments: 128,
    onFailedMap: 'requeue',
    quietLists: true,
    batches: true,
    mapsLists: true,
    oneInterrupt: false,
  },
  storvsc: {
    driver: 'hv_storvsc',
    mayBlock: true,
    // HV_HYP_PAGE_SIZE - 1, set by storvsc_probe().
    minAlignMask: 4095,
    dmaMask: MASK_64,
    segBoundary: MASK_32,
    maxRequestBytes: 524_288,
    capsRequests: true,
    // The host is told of pages one by one.
    maxSegmentBytes: 4096,
    maxSegments: 129,
    onFailedMap: 'requeue',
    quietLists: true,
    batches: false,
    mapsLists: true,
    oneInterrupt: false,
  },
  'virtio-blk': {
    driver: 'virtio-pci',
    mayBlock: false,
    minAlignMask: 0,
    dmaMask: MASK_64,
    segBoundary: MASK_32,
    maxRequestBytes: MIB,
    capsRequests: false,
    maxSegmentBytes: MIB,
    // A queue of 128 less header and status.
    maxSegments: 126,
    onFailedMap: 'retry-error',
    quietLists: false,
    batches: false,
    mapsLists: false,
    oneInterrupt: false,
  },
  'virtio-net': {
    driver: 'virtio-pci',
    mayBlock: false,
    minAlignMask: 0,
    dmaMask: MASK_64,
    segBoundary: MASK_32,
    maxRequestBytes: 65_536,
    capsRequests: false,
    maxSegmentBytes: 4096,
    // MAX_SKB_FRAGS.
    maxSegments: 17,
    onFailedMap: 'drop',
    quietLists: false,
    batches: false,
    mapsLists: false,
    oneInterrupt: false,
  },
  ahci: {
    driver: 'ahci',
    mayBlock: false,
    minAlignMask: 0,
    dmaMask: MASK_64,
    segBoundary: MASK_32,
    maxRequestBytes: MIB,
    capsRequests: true,
    maxSegmentBytes: 65_536,
    // AHCI_MAX_SG.
    maxSegments: 168,
    onFailedMap: 'retry-error',
    quietLists: false,
    batches: false,
    mapsLists: true,
    oneInterrupt: true,
  },
  uas: {
    // The USB controller does the DMA.
    driver: 'xhci_hcd',
    mayBlock: false,
    minAlignMask: 0,
    dmaMask: MASK_32,
    segBoundary: MASK_32,
    maxRequestBytes: MIB,
    capsRequests: true,
    maxSegmentBytes: 65_536,
    maxSegments: 128,
    onFailedMap: 'error',
    quietLists: false,
    batches: false,
    mapsLists: true,
    oneInterrupt: true,
  },
  legacy32: {
    driver: 'sata_sil',
    mayBlock: false,
    minAlignMask: 0,
    dmaMask: MASK_32,
    // SIL_DMA_BOUNDARY.
    segBoundary: '0x7fffffff',
    // ATA_MAX_SECTORS and LIBATA_MAX_PRD.
    maxRequestBytes: 131_072,
    capsRequests: true,
    maxSegmentBytes: 65_536,
    maxSegments: 64,
    onFailedMap: 'error',
    quietLists: false,
    batches: false,
    mapsLists: true,
    oneInterrupt: true,
  },
  gpu: {
    // Where memory is encrypted its buffers in system memory come from dma_alloc_attrs()
    // (drm_need_swiotlb(), ttm_pool_alloc()).
    driver: 'amdgpu',
    mayBlock: false,
    minAlignMask: 0,
    // DMA_BIT_MASK(44), gmc_v9_0_sw_init().
    dmaMask: '0xfffffffffff',
    segBoundary: MASK_32,
    maxRequestBytes: 64 * MIB,
    capsRequests: false,
    maxSegmentBytes: MIB,
    maxSegments: 1,
    onFailedMap: 'retry-error',
    quietLists: false,
    batches: false,
    mapsLists: false,
    oneInterrupt: true,
    allocates: true,
  },
  /** The Raspberry Pi 4's SD card, on the same bus as the display. */
  sdhci: {
    driver: 'sdhci-iproc',
    mayBlock: false,
    minAlignMask: 0,
    dmaMask: MASK_32,
    segBoundary: MASK_32,
    busLimit: RPI4_BUS,
    maxRequestBytes: 524_288,
    capsRequests: true,
    // SDHCI_MAX_SEGS descriptors of at most 64 KiB.
    maxSegmentBytes: 65_536,
    maxSegments: 128,
    onFailedMap: 'retry-error',
    quietLists: false,
    batches: false,
    mapsLists: true,
    oneInterrupt: true,
  },
  /** The Raspberry Pi 4's display, which imports what the v3d driver has drawn, as a dma-buf. */
  vc4: {
    driver: 'vc4-drm',
    mayBlock: false,
    minAlignMask: 0,
    dmaMask: MASK_32,
    segBoundary: MASK_32,
    busLimit: RPI4_BUS,
    maxRequestBytes: 36 * MIB,
    capsRequests: false,
    // The list is the exporter's, who knows no limit. The reports show pieces of 512 KiB and others
    // up to 3 MiB; that all are of 512 KiB is an assumption.
    maxSegmentBytes: 524_288,
    maxSegments: 72,
    imports: true,
    onFailedMap: 'refuse',
    quietLists: false,
    batches: false,
    mapsLists: true,
    oneInterrupt: true,
  },
};

/** virtio-blk: the header before the data; it, status and table take a slot each. */
export const VIRTIO_HEADER_BYTES = 16;
/** The status byte that the device writes behind the data. */
export const VIRTIO_STATUS_BYTES = 1;
/** One descriptor of the indirect table; it lists header, data segments and status. */
export const VIRTIO_DESCRIPTOR_BYTES = 16;

/** virtio-net: one receive buffer. */
export const RECEIVE_BUFFER_BYTES = 1536;
/** Receive buffers are cut from blocks of this size, one behind the other. */
export const RECEIVE_BLOCK_BYTES = 32_768;
/** NAPI budget: the ring is refilled when more than half of this many buffers are missing. */
export const POLL_BUDGET = 64;
/** Packets on their way out at most, all queues together. */
export const TRANSMIT_LIMIT = 1024;
/** Bytes of a packet that lie in front of its fragments. */
export const PACKET_HEAD_BYTES = 242;
/** Largest packet that is sent as one piece without fragments. */
export const LINEAR_PACKET_BYTES = 2048;

/** Names from the Raspberry Pi 4's device tree. */
const PLATFORM_NAMES: { readonly [kind in DeviceKind]?: string } = {
  vc4: 'gpu',
  sdhci: 'fe340000.mmc',
};

/**
 * A device's name in the kernel log: driver and PCI address, counted from slot 2 as in the
 * recordings; platform devices have names of their own.
 */
export function logName(kind: DeviceKind, index: number): string {
  return `${DEVICE_KINDS[kind].driver} ${PLATFORM_NAMES[kind] ?? busName(index)}`;
}

/** `dev_name()` of a PCI device. */
export function busName(index: number): string {
  return `0000:00:${(index + 2).toString(16).padStart(2, '0')}.0`;
}
