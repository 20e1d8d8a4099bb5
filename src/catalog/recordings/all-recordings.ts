/** Every recording rule, in groups. */
import { FLEET_RECORDINGS } from './fleet.ts';
import { HOST_RECORDINGS, HOST_TREND_RECORDINGS } from './host.ts';
import type { RecordingGroup } from './recording.ts';
import { REPLICATION_RECORDINGS } from './replication.ts';
import { SERVER_RECORDINGS } from './servers.ts';
import { SLOW_RECORDINGS } from './slow.ts';
import { TABLE_RECORDINGS } from './tables.ts';
import { TREND_RECORDINGS } from './trends.ts';

export const RECORDING_GROUPS: readonly RecordingGroup[] = [
  SERVER_RECORDINGS,
  FLEET_RECORDINGS,
  SLOW_RECORDINGS,
  TREND_RECORDINGS,
  REPLICATION_RECORDINGS,
  TABLE_RECORDINGS,
  HOST_RECORDINGS,
  HOST_TREND_RECORDINGS,
];
