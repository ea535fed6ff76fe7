import { page } from '../store/the-page.ts';
import { Icon, Mark } from './icons.tsx';
import { NarratorLine } from './narrator-line.tsx';
import { Picker } from './picker.tsx';

/** Name, what runs, the sentence, and the page's own controls. */
export function TopBar() {
  const theme = page.use((state) => state.theme);
  const helpOpen = page.use((state) => state.helpOpen);
  return (
    <header className="top">
      <div className="brand">
        <Mark />
        <h1>Bouncescope</h1>
        <Picker />
      </div>
      <NarratorLine />
      <div className="tools">
        <button
          type="button"
          aria-expanded={helpOpen}
          aria-label="Help and keys"
          title="Help and keys (?)"
          onClick={() => page.look.toggle('helpOpen')}
        >
          ?
        </button>
        <button
          type="button"
          aria-label={`Theme: ${theme}`}
          title={`Theme: ${theme}`}
          onClick={() => page.look.nextTheme()}
        >
          <Icon name="theme" />
        </button>
      </div>
    </header>
  );
}
