/** WAL, checkpoints and archiving. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { ARCHIVED, LAST_ARCHIVED_OVER_TIME, WAITING_FOR_ARCHIVE_OVER_TIME } from './panels/archive.ts';
import { CHECKPOINT_TIME, CHECKPOINTS, PAGES_WRITTEN_BY } from './panels/checkpoints.ts';
import {
  ARCHIVE_FAILURES,
  CHECKPOINTS_REQUESTED,
  LAST_ARCHIVED,
  WAITING_FOR_ARCHIVE,
  WAL_BUFFERS_FULL_COUNT,
  WAL_DIRECTORY,
  WAL_LIMIT_USED,
  WAL_WRITTEN_NOW,
} from './panels/wal-state.ts';
import {
  FULL_PAGE_IMAGES,
  WAL_BUFFERS_FULL,
  WAL_DIRECTORY_OVER_TIME,
  WAL_PER_TRANSACTION,
  WAL_WRITTEN,
} from './panels/wal-volume.ts';
import { ENVIRONMENT, SERVER } from './variables.ts';

export const WAL_CHECKPOINTS_DASHBOARD: Dashboard = {
  slug: '08-wal-checkpoints',
  uid: DASHBOARD_UIDS.wal,
  title: '08-WAL-Checkpoints',
  question: 'WAL, checkpoints and archiving.',
  variables: [ENVIRONMENT, SERVER],
  range: '6h',
  rows: [
    {
      title: 'Now',
      panels: [
        WAL_WRITTEN_NOW,
        WAL_DIRECTORY,
        WAL_LIMIT_USED,
        CHECKPOINTS_REQUESTED,
        WAL_BUFFERS_FULL_COUNT,
        LAST_ARCHIVED,
        ARCHIVE_FAILURES,
        WAITING_FOR_ARCHIVE,
      ],
    },
    {
      title: 'Write-ahead log',
      panels: [WAL_WRITTEN, WAL_DIRECTORY_OVER_TIME, FULL_PAGE_IMAGES, WAL_PER_TRANSACTION, WAL_BUFFERS_FULL],
    },
    { title: 'Checkpoints', panels: [CHECKPOINTS, CHECKPOINT_TIME, PAGES_WRITTEN_BY] },
    { title: 'Archive', panels: [ARCHIVED, WAITING_FOR_ARCHIVE_OVER_TIME, LAST_ARCHIVED_OVER_TIME] },
  ],
};
