/** How much of a server the monitoring role may take, derived from the stack's scrape times. */
import { statementSeconds, tierTimes } from '../job-times.ts';
import type { Stack } from '../stack.ts';
import type { RoleLimits } from './role-sql.ts';

/** Five connections when all three scrapes meet; room for a second Prometheus, for `pgmon check` and for a person. */
const CONNECTION_LIMIT = 20;

/**
 * Limits of the role: a slow statement ends before its scrape does (the slow job's here; the fast one's connections ask for
 * less themselves), a locked table costs one collector and not the scrape, and nobody's objects hide the server's own.
 */
export function monitoringLimits(stack: Pick<Stack, 'scrape'>): RoleLimits {
  const statementMs = statementSeconds(tierTimes(stack, 'slow')) * 1000;
  return {
    connections: CONNECTION_LIMIT,
    settings: [
      { name: 'statement_timeout', value: `${statementMs}ms` },
      { name: 'lock_timeout', value: `${Math.min(1000, Math.floor(statementMs / 2))}ms` },
      { name: 'idle_in_transaction_session_timeout', value: '60s' },
      { name: 'search_path', value: 'pg_catalog, public' },
    ],
  };
}
