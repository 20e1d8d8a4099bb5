/** Sessions that come and go. */
import { NO_SQL_EXPORTER, versionBelow } from '../empty-when.ts';
import { query, timeSeries } from '../house-look.ts';
import { OF_DATABASES } from './scopes.ts';

export const SESSIONS_OPENED = timeSeries({
  id: 'sessions-opened',
  title: 'New Sessions and Bad Ends (per second)',
  text: {
    shows:
      'Sessions opened each second, and those that ended badly: abandoned = the client was gone, fatal = an error ended it, killed = an administrator did.',
    normal: 'With connection pools close to 0 new sessions. The monitoring itself opens a few each minute.',
    action:
      'Many new sessions: an application without a pool; each new one costs milliseconds and a process. Abandoned: clients crash or the network drops them. Fatal: read the server log.',
  },
  unit: 'reqps',
  width: 8,
  queries: [
    query(`sum(rate(pgmon_sessions_total{${OF_DATABASES}}[$__rate_interval]))`, 'opened', {
      everySeconds: 60,
    }),
    query(`sum by (how) (rate(pgmon_sessions_ended_total{${OF_DATABASES}}[$__rate_interval]))`, '{{how}}', {
      everySeconds: 60,
    }),
  ],
  min: 0,
  emptyWhen: [versionBelow(14), NO_SQL_EXPORTER],
});
