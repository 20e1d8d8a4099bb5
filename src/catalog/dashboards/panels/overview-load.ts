/** What a server does, on three columns. */
import type { Panel } from '../panel.ts';
import { OF_ALL_DATABASES, OF_SERVER } from './scopes.ts';
import { activeByWait, stateShares } from './sessions.ts';
import { CACHE_HIT, tempBytes, transactionRate } from './transactions.ts';
import { WAL_WRITTEN } from './wal-volume.ts';

const walRate: Panel = { ...WAL_WRITTEN, id: 'wal-rate' };

const third = (panel: Panel): Panel => ({ ...panel, width: 8, height: 6 });

export const OVERVIEW_LOAD: readonly Panel[] = [
  transactionRate(OF_ALL_DATABASES),
  activeByWait(OF_SERVER),
  stateShares(OF_ALL_DATABASES),
  CACHE_HIT,
  tempBytes(OF_ALL_DATABASES),
  walRate,
].map(third);
