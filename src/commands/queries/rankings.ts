/** By what `pgmon queries` ranks statements. Alone here, because the command table loads it at every start. */

export const RANKINGS = ['time', 'calls', 'mean', 'rows', 'io'] as const;
/** What comes first: most time, most calls, longest mean time, most rows, most time waiting for blocks. */
export type Ranking = (typeof RANKINGS)[number];
