import { page } from '../store/the-page.ts';
import { MEANINGS } from './terms.ts';

const HIWATER = 'io_tlb_used_hiwater';

/** The kernel's own view: files of /sys/kernel/debug/swiotlb, unrounded as `cat` shows them. */
export function DebugfsPanel() {
  const readout = page.use((state) => state.readout);
  const dynamic = page.use((state) => state.machine?.dynamic ?? false);
  const files = [
    ['io_tlb_nslabs', readout?.nslabs],
    ['io_tlb_used', readout?.used],
    [HIWATER, readout?.hiwater],
    ...(dynamic ? ([['io_tlb_transient_nslabs', readout?.transientNslabs]] as const) : []),
  ] as const;
  return (
    <section aria-labelledby="debugfs-head" className="debugfs">
      <h2 id="debugfs-head">
        debugfs <small>/sys/kernel/debug/swiotlb</small>
      </h2>
      <dl className="mono">
        {files.map(([file, value]) => (
          <div key={file} title={MEANINGS[file]}>
            <dt>{file}</dt>
            <dd data-testid={file}>{value ?? '–'}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
