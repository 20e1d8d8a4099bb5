/** `pgmon role` on real servers, the newest major and an old one: what it prints, makes, names and takes away. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { daemonMissing } from '../support/daemon.ts';
import { createTestDir } from '../support/fake-host.ts';
import {
  createFleet,
  olderVersionsMissing,
  type PostgresFleet,
  type PostgresServer,
  type PostgresVersion,
  TEST_SUPERUSER,
} from '../support/postgres-versions.ts';
import type { CliOutcome } from '../support/run-cli.ts';
import { createTestStack, fullSpec } from '../support/test-stack.ts';
import { runTool } from '../support/tools.ts';

const missing = daemonMissing ?? (await olderVersionsMissing());
const PASSWORD = 'monitoring-Passw0rd';
const ENV = {
  MONITOR: PASSWORD,
  ADMIN: TEST_SUPERUSER.password,
  WRONG: 'not-the-password',
  LIMITED: 'limited-admin',
};
const ADMIN = '{user: postgres, password: {env: ADMIN}}';

interface Wanted {
  readonly user?: string;
  /** YAML of `admin`; null = none in the spec. */
  readonly admin?: string | null;
  readonly more?: string;
}

type Pgmon = (...words: readonly string[]) => Promise<CliOutcome>;

/** pgmon on a spec with one server; everything it says is searched for secrets. */
async function pgmonFor(
  server: PostgresServer,
  { user = 'pgmon', admin = ADMIN, more = '' }: Wanted = {},
): Promise<Pgmon> {
  const dir = await createTestDir();
  const file = path.join(dir, 'pgmon.yaml');
  const spec = {
    apiVersion: 'pgmon/v1',
    name: 'roles',
    servers: [
      {
        name: 'orders',
        host: '127.0.0.1',
        port: server.port(),
        database: 'app',
        user,
        password: { env: 'MONITOR' },
      },
    ],
  };
  const text = JSON.stringify(spec).replace(
    /\}\]\}$/,
    `${admin === null ? '' : `, admin: ${admin}`}${more}}]}\n`,
  );
  await writeFile(file, text);
  return async (...words) => {
    const said = { stdout: '', stderr: '' };
    const stream = (name: 'stdout' | 'stderr') => ({
      isTTY: false,
      columns: 200,
      write: (part: string) => {
        said[name] += part;
      },
    });
    const host = createNodeHost({ signal: new AbortController().signal });
    const code = await run(['node', 'pgmon', 'role', ...words, '-f', file], {
      ...host,
      env: { ...host.env, ...ENV },
      stdin: { isTTY: false, readText: async () => '' },
      stdout: stream('stdout'),
      stderr: stream('stderr'),
    });
    for (const secret of [...Object.values(ENV), 'SCRAM-SHA-256']) {
      expect(said.stdout + said.stderr).not.toContain(secret);
    }
    return { code, ...said };
  };
}

interface JsonServer {
  readonly status: string;
  readonly summary: string;
  readonly statements: readonly string[];
  readonly findings: readonly {
    readonly kind: string;
    readonly detail: string;
    readonly fix: string | null;
  }[];
}

function serverOf(outcome: CliOutcome): JsonServer {
  const { servers } = JSON.parse(outcome.stdout) as { readonly servers: readonly JsonServer[] };
  const [server] = servers;
  if (server === undefined) throw new Error(outcome.stdout);
  return server;
}

const fixesOf = (outcome: CliOutcome) => serverOf(outcome).findings.map(({ fix }) => fix);

async function rolesOf(server: PostgresServer): Promise<readonly unknown[]> {
  const rows = await server.sql(
    "SELECT rolname FROM pg_roles WHERE rolname !~ '^(pg_|postgres$)' ORDER BY 1",
  );
  return rows.map(({ rolname }) => rolname);
}

describe.skipIf(missing !== null).each<PostgresVersion>([14, 18])(
  `pgmon role on PostgreSQL %i${missing ?? ''}`,
  (version) => {
    let fleet: Promise<PostgresFleet> | undefined;
    let server: Promise<PostgresServer> | undefined;
    afterAll(async () => (await fleet)?.remove());

    /** One server for all tests here, without any role of an earlier one. */
    async function cleanServer(): Promise<PostgresServer> {
      fleet ??= createFleet(`role-${version}`);
      const { startServer } = await fleet;
      server ??= startServer(version, {
        settings: { shared_preload_libraries: 'pg_stat_statements', log_statement: 'all' },
        databases: ['app', 'shop'],
      });
      const one = await server;
      for (const database of ['app', 'shop']) {
        const drop = await rolesOf(one);
        for (const role of drop) {
          const quoted = `"${String(role).replaceAll('"', '""')}"`;
          await one.sql(`REASSIGN OWNED BY ${quoted} TO postgres; DROP OWNED BY ${quoted}`, { database });
          if (database === 'shop') await one.sql(`DROP ROLE ${quoted}`);
        }
      }
      await one.sql('GRANT CONNECT ON DATABASE shop, app TO PUBLIC');
      await one.sql('DROP EXTENSION IF EXISTS pg_stat_statements', { database: 'app' });
      return one;
    }

    it('apply makes a role that verify finds in order, and a second run changes nothing', async () => {
      const one = await cleanServer();
      const pgmon = await pgmonFor(one);
      expect(await pgmon('verify')).toMatchObject({ code: 6 });
      const first = await pgmon('apply', '--yes', '--json');
      expect(first).toMatchObject({ code: 0, stderr: '' });
      expect(serverOf(first)).toMatchObject({ status: 'changed', findings: [] });
      expect(serverOf(first).statements).toEqual([
        'CREATE ROLE "pgmon" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 20',
        'GRANT pg_monitor TO "pgmon"',
        expect.stringMatching(/^ALTER ROLE "pgmon" SET statement_timeout = '\d+ms'$/) as string,
        `ALTER ROLE "pgmon" SET lock_timeout = '1000ms'`,
        `ALTER ROLE "pgmon" SET idle_in_transaction_session_timeout = '60s'`,
        'ALTER ROLE "pgmon" SET search_path = "pg_catalog", "public"',
        'CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public',
        `ALTER ROLE "pgmon" LOGIN PASSWORD '(the value of servers.orders.password)'`,
      ]);
      expect(await pgmon('verify')).toMatchObject({
        code: 0,
        stdout: 'orders: role pgmon is as the spec asks\n',
      });
      const session = await one.connect({ user: 'pgmon', password: PASSWORD, database: 'app' });
      const { rows } = await session.query('SHOW search_path');
      expect(rows).toEqual([{ search_path: 'pg_catalog, public' }]);
      const second = await pgmon('apply', '--yes', '--json');
      expect(second.code).toBe(0);
      expect(serverOf(second)).toMatchObject({ status: 'ok', statements: [], findings: [] });
    });

    it('apply keeps the password and its verifier out of the log of the server', async () => {
      const one = await cleanServer();
      const pgmon = await pgmonFor(one);
      expect((await pgmon('apply', '--yes')).code).toBe(0);
      const { output } = await runTool('docker', ['logs', one.name]);
      expect(output).toContain('SELECT json_build_object');
      expect(output).not.toContain('SCRAM-SHA-256$');
      expect(output).not.toContain(PASSWORD);
      const [seen] = await one.sql(
        `SELECT count(*) FILTER (WHERE query ~ 'SCRAM|${PASSWORD}')::int AS leaks, count(*)::int AS all FROM pg_stat_statements`,
        { database: 'app' },
      );
      expect(seen).toMatchObject({ leaks: 0 });
      expect(seen?.all).toBeGreaterThan(0);
    });

    it('print gives SQL that psql runs twice, whatever the role is called', async () => {
      const one = await cleanServer();
      const user = `ro"le'; \\ $pgmon$ $$ :x {{y}} ü`;
      const pgmon = await pgmonFor(one, { user });
      const printed = await pgmon('print', '--server', 'orders');
      expect(printed.code).toBe(0);
      for (let round = 0; round < 2; round += 1) {
        expect(await one.psql(['-q', '-d', 'app'], printed.stdout)).toEqual({ code: 0, output: '' });
      }
      expect(await rolesOf(one)).toEqual([user]);
      await one.sql(`ALTER ROLE "${user.replaceAll('"', '""')}" PASSWORD '${PASSWORD}'`);
      expect(await pgmon('verify')).toMatchObject({ code: 0 });
      expect(await pgmon('remove', '--yes')).toMatchObject({ code: 0 });
      expect(await rolesOf(one)).toEqual([]);
    });

    it('verify names each missing right by the statement that grants it', async () => {
      const one = await cleanServer();
      const pgmon = await pgmonFor(one);
      expect((await pgmon('apply', '--yes')).code).toBe(0);
      await one.sql(
        'REVOKE pg_monitor FROM pgmon; REVOKE CONNECT ON DATABASE shop FROM PUBLIC; ALTER ROLE pgmon RESET lock_timeout; ALTER ROLE pgmon CONNECTION LIMIT -1',
      );
      await one.sql('DROP EXTENSION pg_stat_statements', { database: 'app' });
      const seen = await pgmon('verify', '--json');
      expect(seen.code).toBe(6);
      expect(fixesOf(seen)).toEqual([
        'GRANT pg_monitor TO "pgmon"',
        'GRANT CONNECT ON DATABASE "shop" TO "pgmon"',
        'CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public',
        'ALTER ROLE "pgmon" CONNECTION LIMIT 20',
        `ALTER ROLE "pgmon" SET lock_timeout = '1000ms'`,
      ]);
      // What it names is what helps.
      for (const fix of fixesOf(seen)) await one.sql(String(fix), { database: 'app' });
      expect((await pgmon('verify')).code).toBe(0);
    });

    it('verify names the GRANT when the login itself is refused', async () => {
      const one = await cleanServer();
      const pgmon = await pgmonFor(one);
      expect((await pgmon('apply', '--yes')).code).toBe(0);
      await one.sql('REVOKE CONNECT ON DATABASE app FROM PUBLIC');
      const seen = await pgmon('verify', '--json');
      expect(seen.code).toBe(6);
      expect(fixesOf(seen)).toEqual(['GRANT CONNECT ON DATABASE "app" TO "pgmon"']);
      const mended = await pgmon('apply', '--yes', '--json');
      expect(serverOf(mended).statements).toEqual(['GRANT CONNECT ON DATABASE "app" TO "pgmon"']);
      expect((await pgmon('verify')).code).toBe(0);
    });

    it('verify names every right that is too much, and apply takes none away', async () => {
      const one = await cleanServer();
      const pgmon = await pgmonFor(one);
      expect((await pgmon('apply', '--yes')).code).toBe(0);
      await one.sql('CREATE ROLE writers; GRANT writers TO pgmon; ALTER ROLE pgmon CREATEDB BYPASSRLS');
      await one.sql('CREATE TABLE IF NOT EXISTS "Pay" (n int); GRANT SELECT ON "Pay" TO pgmon', {
        database: 'app',
      });
      const seen = await pgmon('verify', '--json');
      expect(seen.code).toBe(6);
      expect(fixesOf(seen)).toEqual([
        'ALTER ROLE "pgmon" NOCREATEDB',
        'ALTER ROLE "pgmon" NOBYPASSRLS',
        'REVOKE "writers" FROM "pgmon"',
        'REVOKE SELECT ON public."Pay" FROM "pgmon"',
      ]);
      const applied = await pgmon('apply', '--yes', '--json');
      expect(serverOf(applied)).toMatchObject({ status: 'incomplete', statements: [] });
      for (const fix of fixesOf(seen)) await one.sql(String(fix), { database: 'app' });
      expect((await pgmon('verify')).code).toBe(0);
    });

    it('apply and remove refuse a superuser, and a role with work of its own', async () => {
      const one = await cleanServer();
      await one.sql('CREATE ROLE boss SUPERUSER LOGIN; CREATE ROLE app_owner LOGIN');
      await one.sql('CREATE TABLE IF NOT EXISTS kept (n int); ALTER TABLE kept OWNER TO app_owner', {
        database: 'shop',
      });
      const asBoss = await pgmonFor(one, { user: 'boss' });
      for (const word of ['apply', 'remove']) {
        const refused = await asBoss(word, '--yes', '--json');
        expect(refused.code).toBe(5);
        expect(serverOf(refused).status).toBe('failed');
      }
      const asOwner = await pgmonFor(one, { user: 'app_owner' });
      const kept = await asOwner('remove', '--yes', '--json');
      expect(kept.code).toBe(5);
      expect(serverOf(kept).summary).toContain('it owns objects');
      expect(await rolesOf(one)).toEqual(['app_owner', 'boss']);
    });

    it('remove leaves nothing of the role, also where it had rights in other databases', async () => {
      const one = await cleanServer();
      const pgmon = await pgmonFor(one);
      expect((await pgmon('apply', '--yes')).code).toBe(0);
      await one.sql('GRANT CONNECT ON DATABASE shop TO pgmon');
      await one.sql('CREATE TABLE IF NOT EXISTS wares (n int); GRANT SELECT ON wares TO pgmon', {
        database: 'shop',
      });
      expect(await pgmon('remove')).toMatchObject({ code: 2 });
      expect(await rolesOf(one)).toEqual(['pgmon']);
      expect(await pgmon('remove', '--yes')).toMatchObject({ code: 0 });
      expect(await rolesOf(one)).toEqual([]);
      expect(
        await one.sql(
          "SELECT * FROM pg_shdepend s WHERE refclassid = 'pg_authid'::regclass AND NOT EXISTS (SELECT FROM pg_authid a WHERE a.oid = s.refobjid)",
        ),
      ).toEqual([]);
      expect(await pgmon('remove', '--yes')).toMatchObject({
        code: 0,
        stdout: 'orders: has no role pgmon\n',
      });
    });

    it('a wrong or absent admin login changes nothing and says what to do', async () => {
      const one = await cleanServer();
      const wrong = await pgmonFor(one, { admin: '{user: postgres, password: {env: WRONG}}' });
      const refused = await wrong('apply', '--yes');
      expect(refused.code).toBe(5);
      expect(refused.stdout).toContain('the admin postgres cannot log in: password authentication failed');
      const absent = await (await pgmonFor(one, { admin: null }))('apply', '--yes');
      expect(absent).toMatchObject({ code: 2, stdout: '' });
      expect(absent.stderr).toContain('--admin-user');
      expect(await rolesOf(one)).toEqual([]);
    });

    it('an admin without the right to make roles is told what it lacks', async () => {
      const one = await cleanServer();
      await one.sql(`CREATE ROLE small LOGIN PASSWORD '${ENV.LIMITED}'`);
      const pgmon = await pgmonFor(one, { admin: null });
      const refused = await pgmon(
        'apply',
        '--yes',
        '--admin-user',
        'small',
        '--admin-password-env',
        'LIMITED',
      );
      expect(refused.code).toBe(5);
      expect(refused.stdout).toContain("the admin's rights do not suffice: permission denied to create role");
      expect(await rolesOf(one)).toEqual(['small']);
    });

    it('an admin with CREATEROLE makes the role, and the extension is left to a superuser', async () => {
      const one = await cleanServer();
      await one.sql(
        `CREATE ROLE maker LOGIN CREATEROLE PASSWORD '${ENV.LIMITED}'; GRANT pg_monitor TO maker WITH ADMIN OPTION`,
      );
      const pgmon = await pgmonFor(one, { admin: null });
      const login = ['--admin-user', 'maker', '--admin-password-env', 'LIMITED'];
      const applied = await pgmon('apply', '--yes', '--json', ...login);
      expect(applied.code).toBe(0);
      expect(serverOf(applied).status).toBe('incomplete');
      expect(fixesOf(applied)).toEqual([
        'CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public',
      ]);
      expect(fixesOf(await pgmon('verify', '--json'))).toEqual(fixesOf(applied));
      expect(await rolesOf(one)).toEqual(['maker', 'pgmon']);
    });

    it('leaves a replica to its primary', async () => {
      const one = await cleanServer();
      const { startServer } = await (fleet ?? createFleet('never'));
      const replica = await startServer(version, { replicaOf: one });
      const pgmon = await pgmonFor(replica);
      const skipped = await pgmon('apply', '--yes', '--json');
      expect(skipped.code).toBe(0);
      expect(serverOf(skipped)).toMatchObject({ status: 'skipped', statements: [] });
      const remove = await pgmon('remove', '--yes', '--json');
      expect(serverOf(remove).status).toBe('skipped');
    });
  },
);

describe.skipIf(daemonMissing !== null)(`pgmon role on a bundled server${daemonMissing ?? ''}`, () => {
  it('mends what was broken, through the container', async () => {
    const stack = await createTestStack('role-bundled');
    await stack.writeSpec(fullSpec(stack));
    expect(await stack.pgmon(['up'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('') as string,
    });
    expect(await stack.pgmon(['role', 'verify'])).toMatchObject({ code: 0 });
    const { id } = await stack.container('postgres');
    const psql = [
      'psql',
      '-U',
      'postgres',
      '-c',
      'REVOKE pg_monitor FROM pgmon',
      '-c',
      "ALTER ROLE pgmon PASSWORD 'other'",
    ];
    await stack.provider.exec(id, psql, {}, new AbortController().signal);
    expect(await stack.pgmon(['role', 'verify'])).toMatchObject({ code: 6 });
    const applied = await stack.pgmon(['role', 'apply', '--yes', '--json']);
    expect(applied).toMatchObject({ code: 0 });
    expect(serverOf(applied)).toMatchObject({ status: 'changed', findings: [] });
    expect(await stack.pgmon(['role', 'verify'])).toMatchObject({ code: 0 });
    const secret = await readFile(
      path.join(stack.outDir, 'secrets', 'generated', 'servers.demo.password'),
      'utf8',
    ).catch(() => '');
    if (secret !== '') expect(applied.stdout).not.toContain(secret);
  });
});
