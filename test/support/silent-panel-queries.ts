/** Queries of panels that give nothing on any server of the loaded world, and why. What is not here must give something. */
export const SILENT_QUERIES: readonly (readonly [query: RegExp, reason: string])[] = [
  [/ offset [17]d/, 'needs days of samples'],
  [/pgmon_kcache_(?!loaded)/, 'pg_stat_kcache is not loaded; other tests load it'],
  [/^04-queries\/changed-statements:/, 'needs samples of twice the time range'],
  [/ unless on \(\) count\(max by \(datname, schemaname, sequencename\)/, 'the role may read every sequence'],
  [
    /^10-host\/disk-and-postgresql: .*label_replace\(pg_static/,
    'no server is on the machine of node-exporter',
  ],
  [/node_network_/, 'the exporter in its container sees no network of the machine'],
  [/ratio_in24h/, 'needs hours of samples'],
];

/** Those that give something or not, as the moment and the machine have it. */
export const PERHAPS_SILENT_QUERIES: typeof SILENT_QUERIES = [
  [/node_memory_SwapTotal_bytes/, 'the machine may have no swap space'],
  [
    /^11-slo\/.*:(budget_left_ratio|ratio_(window|5m|1h|6h|3d))\b/,
    'recorded every half hour, which may be just now, or after minutes',
  ],
  [/^12-monitoring-self\/failing:/, 'nothing fails, unless a scrape just ran out of time'],
];
