/** `pgmon queries`: flags and how they become options. */
import { InvalidArgumentError } from 'commander';
import { RANKINGS, type Ranking } from '../commands/queries/rankings.ts';
import type { RunnableEntry } from './command-entry.ts';
import { numberOf, stackOptions } from './flags.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1000;

function parseLimit(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT)
    throw new InvalidArgumentError(`Use a whole number from 1 to ${MAX_LIMIT}.`);
  return limit;
}

function parseRanking(text: string): Ranking {
  const ranking = RANKINGS.find((known) => known === text);
  if (ranking === undefined) throw new InvalidArgumentError(`Use one of ${RANKINGS.join(', ')}.`);
  return ranking;
}

export const QUERIES_COMMAND: RunnableEntry = {
  kind: 'command',
  usage: 'queries <server> [queryid]',
  summary: "show a server's top statements with their texts, or the whole text of one",
  description:
    'Show the statements of a server with their texts, which metrics do not carry, or one statement by the queryid that the dashboard 04-Queries shows. Asks pg_stat_statements as the monitoring role, over the network or inside the container of the bundled server. Figures count since the statistics were reset; passwords in texts are hidden, and nothing is kept.',
  flags: [
    {
      syntax: '--by <figure>',
      description: `what ranks them: ${RANKINGS.join(', ')} (default: ${RANKINGS[0]})`,
      parse: parseRanking,
    },
    {
      syntax: '--limit <count>',
      description: `how many to list (default: ${DEFAULT_LIMIT})`,
      parse: parseLimit,
    },
  ],
  isStackCommand: true,
  examples: [
    'pgmon queries orders',
    'pgmon queries orders --by mean --limit 5',
    'pgmon queries orders -7234982374982374',
    'pgmon queries orders --json',
  ],
  run: async (context, values, [server = '', queryid]) => {
    const { queries } = await import('../commands/queries/queries.ts');
    return queries(context, {
      ...stackOptions(values),
      server,
      queryid,
      by: RANKINGS.find((known) => known === values.by) ?? RANKINGS[0],
      limit: numberOf(values, 'limit') ?? DEFAULT_LIMIT,
    });
  },
};
