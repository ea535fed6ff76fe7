/** Puts the page together: theme, worker, loop, components, and the surface tests read. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { page } from './store/the-page.ts';
import { openPage } from './store/open-page.ts';
import { App } from './views/app.tsx';
import './views/styles/tokens.css';
import './views/styles/base.css';
import './views/styles/layout.css';
import './views/styles/top.css';
import './views/styles/machine.css';
import './views/styles/devices.css';
import './views/styles/pools.css';
import './views/styles/usage.css';
import './views/styles/throttle.css';
import './views/styles/policies.css';
import './views/styles/growth.css';
import './views/styles/time.css';
import './views/styles/memory.css';
import './views/styles/own.css';
import './views/styles/compare.css';
import './views/styles/inspector.css';
import './views/styles/shell.css';
import './views/styles/replay.css';
import './views/styles/transport.css';
import './views/styles/overlays.css';
import './views/styles/palette.css';
import './views/styles/share.css';
import './views/styles/study.css';
import './views/styles/export.css';
import './views/styles/microscope.css';
import './views/styles/narrow.css';
import './views/styles/projector.css';

const root = document.getElementById('root');
if (!root) throw new RangeError('index.html has no #root');
openPage(page);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
