/** Does a server answer? What the availability objective counts, sample by sample. */
import { JOBS } from '../../conventions.ts';
import { SLO_SERIES } from './series.ts';

const SERVERS = `{job="${JOBS.postgresql}"}`;
/** The process that asks the servers; the second one, for slow collectors, says nothing about `up` of this job. */
const EXPORTER = `{job="${JOBS.postgresExporter}", instance!~".*-slow:.*"}`;

/**
 * 1 when the exporter could not query the server, or runs but got no answer at all (a server that hangs takes the whole
 * scrape with it). 0 when it could. Also 0 when the exporter itself is down or has been back for less than a minute:
 * nobody can tell then, and what nobody saw is not the server's failure.
 */
export const UNAVAILABLE_EXPRESSION =
  `max by (instance) ((pg_up${SERVERS} == bool 0) ` +
  `or ((up${SERVERS} == 0 and on () min_over_time(up${EXPORTER}[1m]) == 1) + 1) ` +
  `or up${SERVERS} * 0) and on (instance) ${SLO_SERIES.availabilityObjective}`;
