import { page } from '../store/the-page.ts';
import { Icon, Mark } from './icons.tsx';
import { NarratorLine } from './narrator-line.tsx';
import { Picker } from './picker.tsx';

/** Takes the last change back, or makes it again; says in its title which. */
function UndoButton({ isRedo }: { readonly isRedo: boolean }) {
  const change = page.use(({ canUndo, canRedo }) => (isRedo ? canRedo : canUndo));
  const name = isRedo ? 'Redo' : 'Undo';
  return (
    <button
      type="button"
      className="wide-only"
      aria-label={isRedo ? 'Redo the change' : 'Undo the last change'}
      aria-disabled={change === null}
      aria-keyshortcuts={isRedo ? 'Control+Shift+Z Meta+Shift+Z' : 'Control+Z Meta+Z'}
      title={change === null ? `${name}: nothing was changed` : `${name}: ${change}`}
      onClick={() => (isRedo ? page.undo.forth() : page.undo.back())}
    >
      <Icon name={isRedo ? 'redo' : 'undo'} />
    </button>
  );
}

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
        <UndoButton isRedo={false} />
        <UndoButton isRedo />
        <button
          type="button"
          className="wide-only share-button"
          aria-haspopup="dialog"
          title="A link or a file of this moment"
          onClick={() => page.look.toggle('shareOpen')}
        >
          Share
        </button>
        <button
          type="button"
          className="palette-button"
          aria-haspopup="dialog"
          aria-label="Commands"
          aria-keyshortcuts="Control+K Meta+K"
          title="Commands (Ctrl K)"
          onClick={() => page.look.toggle('paletteOpen')}
        >
          <Icon name="list" />
          <kbd aria-hidden="true">Ctrl K</kbd>
        </button>
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
