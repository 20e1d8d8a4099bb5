/** Compares what a server says about the monitoring role with what the spec asks for. Pure: verifying and applying share it. */
import { sqlIdentifier } from '../sql-text.ts';
import type { Server } from '../stack.ts';
import {
  connectionLimitStatement,
  connectStatement,
  createStatement,
  monitorStatement,
  type RoleLimits,
  STATEMENTS_EXTENSION,
  settingStatement,
} from './role-sql.ts';
import type { RoleState } from './role-state.ts';

/** `missing`: a right that monitoring needs; `excess`: a right it must not have; `limit`: unlike the spec. */
export type FindingKind = 'missing' | 'excess' | 'limit';

export interface RoleFinding {
  readonly kind: FindingKind;
  readonly detail: string;
  /** The statement that mends it, without `;`; null where no statement can. */
  readonly fix: string | null;
  /** True: `pgmon role apply` runs the fix. Rights are never taken away by it. */
  readonly isApplied: boolean;
  /** What to do where no statement helps, or besides it. */
  readonly advice: string | null;
}

export interface RoleWish {
  readonly server: Pick<Server, 'user' | 'database' | 'databases'>;
  readonly limits: RoleLimits;
  /** False where the stack does not collect query statistics. */
  readonly wantsStatements: boolean;
}

/** Memberships that let a role see no more than pg_monitor does. */
const HARMLESS: readonly string[] = [
  'pg_monitor',
  'pg_read_all_settings',
  'pg_read_all_stats',
  'pg_stat_scan_tables',
  'pg_use_reserved_connections',
];
const UNIT_MS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, min: 60_000 };

const finding = (kind: FindingKind, detail: string, fix: string | null): RoleFinding => ({
  kind,
  detail,
  fix,
  isApplied: kind !== 'excess' && fix !== null,
  advice: null,
});

/** `60s` and `60000ms` are the same; anything else is compared as it stands, spaces aside. */
function comparable(value: string): string {
  const match = /^(\d+)(ms|s|min|)$/.exec(value);
  const unitMs = UNIT_MS[match?.[2] ?? 'none'];
  return match === null || unitMs === undefined
    ? value.replaceAll(/[\s"]/g, '')
    : `${Number(match[1]) * unitMs}`;
}

function findPowers({ server }: RoleWish, state: RoleState): readonly RoleFinding[] {
  const name = sqlIdentifier(server.user);
  return [
    ...state.powers.map((power) => finding('excess', `is ${power}`, `ALTER ROLE ${name} NO${power}`)),
    ...state.memberOf
      .filter((group) => !HARMLESS.includes(group))
      .map((group) =>
        finding('excess', `is a member of ${group}`, `REVOKE ${sqlIdentifier(group)} FROM ${name}`),
      ),
    ...state.readableTables.map((table) =>
      finding('excess', `may read the table ${table}`, `REVOKE SELECT ON ${table} FROM ${name}`),
    ),
  ];
}

function findLimits({ server, limits }: RoleWish, state: RoleState): readonly RoleFinding[] {
  const settings = limits.settings.flatMap((setting) => {
    const found = state.settings.find((one) => one.startsWith(`${setting.name}=`));
    const value = found?.slice(setting.name.length + 1);
    if (value !== undefined && comparable(value) === comparable(setting.value)) return [];
    const seen = value === undefined ? 'is not set' : `is ${value}`;
    return [
      finding(
        'limit',
        `${setting.name} ${seen}, the spec asks for ${setting.value}`,
        settingStatement(server.user, setting),
      ),
    ];
  });
  if (state.connectionLimit === limits.connections) return settings;
  const seen = state.connectionLimit < 0 ? 'none' : String(state.connectionLimit);
  const detail = `CONNECTION LIMIT is ${seen}, the spec asks for ${limits.connections}`;
  return [finding('limit', detail, connectionLimitStatement(server.user, limits)), ...settings];
}

function findMonitor({ server }: RoleWish, state: RoleState): readonly RoleFinding[] {
  if (state.isMonitor) return [];
  if (!state.memberOf.includes('pg_monitor')) {
    return [finding('missing', 'lacks pg_monitor', monitorStatement(server.user))];
  }
  const fix =
    state.versionNumber >= 160_000
      ? `${monitorStatement(server.user)} WITH INHERIT TRUE`
      : `ALTER ROLE ${sqlIdentifier(server.user)} INHERIT`;
  return [finding('missing', 'does not inherit the rights of pg_monitor', fix)];
}

/** Also for a login that the server refused for this very reason. */
export function connectFinding(user: string, database: string): RoleFinding {
  const detail = `may not connect to the database ${database}`;
  return finding('missing', detail, connectStatement(user, database));
}

function findDatabases({ server }: RoleWish, state: RoleState): readonly RoleFinding[] {
  const names = state.databases.map(({ name }) => name);
  const wanted = new Set([server.database, ...(server.databases === 'all' ? names : server.databases)]);
  return [...wanted].flatMap((name) => {
    const found = state.databases.find((one) => one.name === name);
    if (found === undefined && name !== server.database) {
      const absent = finding('missing', `the database ${name} does not exist or takes no connections`, null);
      return [{ ...absent, advice: 'correct `databases` of this server in the spec' }];
    }
    if (found === undefined || found.canConnect) return [];
    return [connectFinding(server.user, name)];
  });
}

function findStatements({ server, wantsStatements }: RoleWish, state: RoleState): readonly RoleFinding[] {
  if (!wantsStatements) return [];
  const preload =
    state.isPreloaded === false
      ? [
          {
            ...finding('missing', 'pg_stat_statements is not in shared_preload_libraries', null),
            advice: 'add it to shared_preload_libraries in postgresql.conf and restart the server',
          },
        ]
      : [];
  if (state.hasStatements) return preload;
  const detail = `the extension pg_stat_statements is missing in the database ${server.database}`;
  const extension = finding('missing', detail, STATEMENTS_EXTENSION);
  return [...preload, { ...extension, isApplied: state.isPreloaded === true }];
}

/** Everything that is unlike the spec, most important first; empty = nothing to do. */
export function assessRole(wish: RoleWish, state: RoleState): readonly RoleFinding[] {
  const statements = findStatements(wish, state);
  if (!state.exists) {
    const { user } = wish.server;
    const made = { ...state, isMonitor: false, memberOf: [], connectionLimit: wish.limits.connections };
    return [
      finding('missing', `the role ${user} does not exist`, createStatement(user, wish.limits)),
      ...findMonitor(wish, made),
      ...findLimits(wish, made),
      ...statements,
    ];
  }
  const login = finding('missing', 'may not log in', `ALTER ROLE ${sqlIdentifier(wish.server.user)} LOGIN`);
  return [
    ...findPowers(wish, state),
    ...(state.canLogin ? [] : [login]),
    ...findMonitor(wish, state),
    ...findDatabases(wish, state),
    ...statements,
    ...findLimits(wish, state),
  ];
}
