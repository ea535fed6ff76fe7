import { useState } from 'react';
import { page } from '../store/the-page.ts';
import { MEANINGS } from './terms.ts';

const HIWATER = 'io_tlb_used_hiwater';

/** The one file that can be written; the kernel takes 0 and nothing else. */
function Reset() {
  const [text, setText] = useState('0');
  const error = page.use((state) => state.writeError);
  return (
    <form
      className="debugfs-write"
      onSubmit={(event) => {
        event.preventDefault();
        page.opener.write(HIWATER, text);
      }}
    >
      <label>
        echo{' '}
        <input
          value={text}
          size={5}
          maxLength={20}
          aria-label={`Text to write into ${HIWATER}`}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
      </label>{' '}
      &gt; {HIWATER}{' '}
      <button type="submit" className="quiet" aria-label="Write" title="Write">
        ↵
      </button>
      <output className="debugfs-answer">{error && `sh: write error: ${error}`}</output>
    </form>
  );
}

/** The kernel's own view: files of /sys/kernel/debug/swiotlb, unrounded as `cat` shows them. */
export function DebugfsPanel() {
  const readout = page.use((state) => state.readout);
  const dynamic = page.use((state) => state.machine?.dynamic ?? false);
  const replay = page.use((state) => state.replay !== null);
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
      {!replay && <Reset />}
    </section>
  );
}
