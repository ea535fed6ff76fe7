import { page } from '../store/the-page.ts';
import { shortText } from './log-words.ts';
import { count } from './words.ts';

/** The last line, and the way to the others. */
export function LogLineButton() {
  const log = page.use((state) => state.log);
  const open = page.use((state) => state.logOpen);
  const last = log.at(-1);
  return (
    <div className="log-last">
      <button
        type="button"
        aria-expanded={open}
        aria-controls="kernel-log"
        onClick={() => page.look.toggle('logOpen')}
      >
        <span aria-hidden="true">{open ? '▾' : '▸'}</span> <span className="wide">Kernel log</span>
        <span className="narrow">Log</span> {count(log.length)}
      </button>
      <code>{last ? shortText(last) : 'silent so far'}</code>
    </div>
  );
}
