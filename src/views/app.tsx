import { useEffect } from 'react';
import { page } from '../store/the-page.ts';
import { ComparePanel } from './compare-panel.tsx';
import { DevicesPanel } from './devices-panel.tsx';
import { FileDrop, OpeningBar } from './file-drop.tsx';
import { Inspector } from './inspector.tsx';
import {
  Announcer,
  CommandPalette,
  ExportDialog,
  GrowthPanel,
  Help,
  KernelLog,
  Microscope,
  prefetchLater,
  ReplayPanel,
  ShareDialog,
  StudyDialog,
  TimePanel,
} from './later.tsx';
import { MachinePanel } from './machine-panel.tsx';
import { Notices } from './notices.tsx';
import { PoolsPanel } from './pools-panel.tsx';
import { RailTabs } from './rail-tabs.tsx';
import { Shell } from './shell.tsx';
import { ThrottlePanel } from './throttle-panel.tsx';
import { Timeline } from './timeline.tsx';
import { TopBar } from './top-bar.tsx';
import { TransportBar } from './transport-bar.tsx';
import { useFirstTouch } from './use-first-touch.ts';
import { useFolded } from './use-folded.ts';
import { useKeys } from './use-keys.ts';
import { WatchLine } from './watch-line.tsx';

/** What runs and under which load. */
function MachineRail() {
  return (
    <>
      <WatchLine />
      <MachinePanel />
      <DevicesPanel />
    </>
  );
}

/** What it uses, what the kernel says, what was pinned. */
function UsageRail() {
  const isReplay = page.use((state) => state.replay !== null);
  const grows = page.use((state) => state.buddyinfo !== null);
  return (
    <>
      {isReplay && <ReplayPanel />}
      <ThrottlePanel />
      {grows && <GrowthPanel />}
      <ComparePanel />
      <TimePanel />
      <Inspector />
      <Shell />
    </>
  );
}

function Rails() {
  const folded = useFolded();
  const tab = page.use((state) => state.railTab);
  if (folded) {
    return (
      <aside className="rail right" aria-label="Usage and machine">
        <RailTabs />
        {tab === 'usage' ? <UsageRail /> : <MachineRail />}
      </aside>
    );
  }
  return (
    <>
      <aside className="rail left" aria-label="Machine and devices">
        <MachineRail />
      </aside>
      <aside className="rail right" aria-label="Usage">
        <UsageRail />
      </aside>
    </>
  );
}

export function App() {
  useKeys();
  useFirstTouch();
  useEffect(prefetchLater, []);
  const folded = useFolded();
  const logOpen = page.use((state) => state.logOpen);
  const helpOpen = page.use((state) => state.helpOpen);
  const paletteOpen = page.use((state) => state.paletteOpen);
  const shareOpen = page.use((state) => state.shareOpen);
  const studyOpen = page.use((state) => state.studyOpen);
  const exportOpen = page.use((state) => state.exportOpen);
  const scopeOpen = page.use((state) => state.scope.open);
  const comparing = page.use((state) => state.besideNow !== null);
  const grows = page.use((state) => state.machine?.dynamic === true);
  const isAbout = page.use(({ scenario, replay }) => !replay && scenario?.group === 'growing');
  const classes = [
    'app',
    ...(folded ? ['folded'] : []),
    ...(comparing ? ['comparing'] : []),
    ...(grows ? ['growing'] : []),
    ...(isAbout ? ['about-growing'] : []),
  ];
  return (
    <div className={classes.join(' ')}>
      <TopBar />
      <main className="pools" aria-label="Pools">
        <PoolsPanel />
      </main>
      <Rails />
      <footer className="time">
        <TransportBar />
        <Timeline />
        {logOpen && <KernelLog />}
      </footer>
      {helpOpen && <Help />}
      {paletteOpen && <CommandPalette />}
      {shareOpen && <ShareDialog />}
      {studyOpen && <StudyDialog />}
      {exportOpen && <ExportDialog />}
      {scopeOpen && <Microscope />}
      <FileDrop />
      <OpeningBar />
      <Notices />
      <Announcer />
    </div>
  );
}
