/** `pgmon queries`: the statements of a server with their texts, which no metric carries. Asked live; kept nowhere. */
import { CancelledError, EnvironmentError, EXIT_CODES, PgmonError, UsageError } from '../../errors.ts';
import type { CommandResult } from '../../output/reporter.ts';
import { connectFinding } from '../../stack/role/assess-role.ts';
import { STATEMENTS_EXTENSION } from '../../stack/role/role-sql.ts';
import { sqlIdentifier } from '../../stack/sql-text.ts';
import type { Server } from '../../stack/stack.ts';
import { causeOf } from '../../verify/causes.ts';
import { isDatabaseRefused } from '../../verify/hops/sql-login.ts';
import type { CommandContext, StackOptions } from '../context.ts';
import { openRoleWork, type RoleWork } from '../role/role-context.ts';
import { formatList, formatOne } from './queries-text.ts';
import type { Ranking } from './rankings.ts';
import {
  PLACE_QUESTION,
  readPlace,
  readStatements,
  type Statements,
  statementsQuestion,
} from './statement-question.ts';

export interface QueriesOptions extends StackOptions {
  readonly server: string;
  /** Undefined = the first ones of the ranking. */
  readonly queryid: string | undefined;
  readonly by: Ranking;
  readonly limit: number;
}

/** One statement has an entry for each user and database. */
const MAX_ENTRIES = 100;
const MIN_ID = -(2n ** 63n);
const MAX_ID = 2n ** 63n - 1n;

function checkId(queryid: string): void {
  if (/^-?\d{1,19}$/.test(queryid) && BigInt(queryid) >= MIN_ID && BigInt(queryid) <= MAX_ID) return;
  throw new UsageError(`${JSON.stringify(queryid)} is no queryid`, {
    hint: 'a queryid is a whole number, as the dashboard 04-Queries and `pgmon queries <server>` show it',
  });
}

function rejectAnswer(error: unknown, server: Server): never {
  if (error instanceof PgmonError) throw error;
  if (isDatabaseRefused(error)) {
    const { detail, fix } = connectFinding(server.user, server.database);
    throw new EnvironmentError(`the role ${server.user} of ${server.name} ${detail}`, {
      code: 'role-incomplete',
      hint: `run on ${server.name}: ${fix}`,
      cause: error,
    });
  }
  const { words, hint } = causeOf(error, server.name);
  throw new EnvironmentError(
    `cannot ask ${server.name} (${server.host}:${server.port}) from here: ${words}`,
    {
      code: 'server-unreachable',
      hint,
      cause: error,
    },
  );
}

function notCreated({ name, database }: Server): EnvironmentError {
  return new EnvironmentError(
    `the extension pg_stat_statements is not created in the database ${database} of ${name}`,
    {
      code: 'statements-missing',
      hint: `run \`pgmon role apply --server ${name}\`, or in that database: ${STATEMENTS_EXTENSION}`,
    },
  );
}

function notLoaded({ name }: Server): EnvironmentError {
  return new EnvironmentError(`pg_stat_statements is not loaded on ${name}`, {
    code: 'statements-not-loaded',
    hint: 'add it to shared_preload_libraries in postgresql.conf and restart the server',
  });
}

function notUsable({ name, user }: Server, schema: string): EnvironmentError {
  const grant = `GRANT USAGE ON SCHEMA ${sqlIdentifier(schema)} TO ${sqlIdentifier(user)}`;
  return new EnvironmentError(
    `the role ${user} of ${name} may not use the schema ${schema}, in which pg_stat_statements is`,
    { code: 'role-incomplete', hint: `run on ${name}: ${grant}` },
  );
}

async function ask(work: RoleWork, server: Server, options: QueriesOptions): Promise<Statements> {
  const place = readPlace(await work.ask(server, PLACE_QUESTION));
  if (place.isLoaded === false) throw notLoaded(server);
  if (place.schema === null) throw notCreated(server);
  if (!place.isUsable) throw notUsable(server, place.schema);
  const { by, queryid = null } = options;
  const limit = queryid === null ? options.limit : MAX_ENTRIES;
  const wish = { by, limit, queryid, monitoringRole: server.user };
  return readStatements(await work.ask(server, statementsQuestion(place, place.schema, wish)));
}

function checkFound(found: Statements, server: Server, queryid: string | undefined): void {
  if (found.statements.length > 0 || (queryid === undefined && found.hidden === 0)) return;
  if (found.hidden > 0) {
    throw new EnvironmentError(
      `the role ${server.user} may not see the statements of others on ${server.name} (${found.hidden} hidden)`,
      {
        code: 'role-incomplete',
        hint: `see what it lacks with \`pgmon role verify --server ${server.name}\``,
      },
    );
  }
  throw new EnvironmentError(`${server.name} knows no statement with the queryid ${queryid}`, {
    code: 'statement-unknown',
    hint: `it may have been thrown out for lack of room, or the statistics were reset; \`pgmon queries ${server.name}\` lists those that there are`,
  });
}

/** Asks the server as the monitoring role, from this machine or, for the bundled server, inside its container. */
export async function queries(context: CommandContext, options: QueriesOptions): Promise<CommandResult> {
  const { queryid, by } = options;
  if (queryid !== undefined) checkId(queryid);
  const work = await openRoleWork(context, { ...options, servers: [options.server] }, { create: false });
  const [server] = work.servers;
  if (server === undefined) throw new Error(`no server ${options.server}`);
  if (server.password !== null && !work.secrets.has(server.password)) {
    throw new EnvironmentError(`the password of ${server.name} has not been made yet`, {
      code: 'secret-missing',
      hint: 'run `pgmon up`',
    });
  }
  const found = await ask(work, server, options).catch((error: unknown) => {
    if (context.signal.aborted) throw new CancelledError('interrupted', { cause: error });
    return rejectAnswer(error, server);
  });
  checkFound(found, server, queryid);
  if (found.hidden > 0) {
    context.reporter.warn(
      `${found.hidden} statements of others are hidden from the role ${server.user}: it lacks pg_monitor (\`pgmon role verify --server ${server.name}\`)`,
    );
  }
  const { stdout } = context.host;
  const look = { by, width: stdout.isTTY ? stdout.columns : null };
  return {
    exitCode: EXIT_CODES.done,
    text: queryid === undefined ? formatList(found, look) : formatOne(found),
    json: { server: server.name, by, ...found },
  };
}
