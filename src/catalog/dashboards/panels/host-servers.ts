/** Which PostgreSQL servers run on a machine, told by the names under which both are scraped. */
import { query } from '../house-look.ts';
import type { PanelQuery } from '../panel.ts';

/**
 * `db-1.example.com:5432` and `db-1.example.com:9100` are one machine. The bundled server, and one on the machine that runs the
 * stack, belong to the stack's own node_exporter.
 */
const server =
  'label_replace(label_replace(pg_static, "machine", "$1", "server", "(.*):[0-9]+"),' +
  ' "machine", "node-exporter", "machine", "postgres|host\\\\.docker\\\\.internal")';
const machine =
  'label_replace(node_uname_info{instance=~"$host"}, "machine", "$1", "instance", "(.*):[0-9]+")';

/** One series with the label `instance` for each server of the machine. */
const SERVERS_HERE = `max by (instance) (${server} * on (machine) group_left () max by (machine) (${machine}))`;

const here = (figure: string): string => `${figure} * on (instance) group_left () ${SERVERS_HERE}`;

const BLOCK = 'on (instance) group_left () max by (instance) (pg_settings_block_size)';

/** Of all servers, then of those here: what is summed must be few series. */
export const IO_BY_SERVERS_HERE: readonly PanelQuery[] = [
  query(
    here(`sum by (instance) (instance_datname:pg_stat_database_blks_read:rate5m) * ${BLOCK}`),
    '{{instance}} reads',
  ),
  query(here('sum by (instance) (rate(pgmon_wal_bytes_total[$__rate_interval]))'), '{{instance}} WAL', {
    everySeconds: 60,
  }),
];
