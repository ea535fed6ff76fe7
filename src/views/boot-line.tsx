import { useId, useRef, useState } from 'react';
import { explainLine, type LineSpan } from '../store/boot-draft.ts';
import { bootRow, coherentRow } from './boot-words.ts';

interface BootLineProps {
  readonly line: string;
  readonly change: (line: string) => void;
  readonly apply: () => void;
}

const UNDERLINED: readonly LineSpan['kind'][] = ['slots', 'areas', 'force', 'noforce', 'coherent'];

function spanClass(span: LineSpan, caret: number): string {
  if (span.kind === 'ignored') return 'part ignored';
  if (!UNDERLINED.includes(span.kind)) return 'word';
  return caret >= span.from && caret <= span.to ? 'part on' : 'part';
}

/** The line as read: drawn under the text field, in the same places. */
function Reading({ line, caret }: { readonly line: string; readonly caret: number }) {
  const { spans } = explainLine(line);
  return (
    <div className="boot-reading mono" aria-hidden="true">
      {spans.map((span) => (
        <span key={span.from} className={spanClass(span, caret)}>
          {line.slice(span.from, span.to)}
        </span>
      ))}
      {'\u200b'}
    </div>
  );
}

/** What each part does; read out with the field. */
function Explanation({ line, id }: { readonly line: string; readonly id: string }) {
  const { parts, coherent } = explainLine(line);
  const own = parts.map(bootRow).filter((row) => row !== null);
  const rows = [...own, ...coherent.map(coherentRow)].toSorted((a, b) => a.at - b.at);
  return (
    <div className="boot-rows" id={id}>
      {own.length === 0 && <p>No swiotlb= here: the kernel’s own sizes.</p>}
      <dl>
        {rows.map(({ at, text, sentence, result }) => (
          <div key={at}>
            <dt>
              <code>{text}</code>
            </dt>
            <dd>
              {sentence} {result && <b>{result}</b>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** The command line: an editable field whose understood parts are underlined and explained. */
export function BootLine({ line, change, apply }: BootLineProps) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(-1);
  const follow = () => setCaret(field.current?.selectionStart ?? -1);
  return (
    <>
      <label className="label" htmlFor={`${id}-field`}>
        Kernel command line
      </label>
      <div className="boot-line">
        <Reading line={line} caret={caret} />
        <textarea
          ref={field}
          id={`${id}-field`}
          className="mono"
          rows={1}
          value={line}
          maxLength={512}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          placeholder="swiotlb=16384,8"
          aria-describedby={`${id}-rows`}
          onChange={(event) => change(event.target.value.replace(/\s/g, ' '))}
          onSelect={follow}
          onBlur={() => setCaret(-1)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            apply();
          }}
        />
      </div>
      <Explanation line={line} id={`${id}-rows`} />
    </>
  );
}
