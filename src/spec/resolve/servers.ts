/** Servers with every default filled in, as the exporters see them. */
import { isLocalSocket } from '../../stack/local-socket.ts';
import type { AdminLogin, Image, Runtime, Server, SslMode } from '../../stack/stack.ts';
import type { ServerSpec, Spec } from '../schema/spec.ts';
import { resolveAlertChoices, resolveSlo } from './alerts.ts';
import type { SecretBook } from './secrets.ts';

/** Where the server is and how to log in to it. */
type Place = Omit<Server, 'name' | 'labels' | 'user' | 'databases' | 'alerts' | 'slo' | 'admin'>;

const THIS_MACHINE = 'host.docker.internal';

/** True for names and addresses that mean the machine itself: a container must ask for it by another name. */
export function isLoopback(host: string): boolean {
  return /^localhost\.?$/i.test(host) || /^127\.\d+\.\d+\.\d+$/.test(host) || /^(?:0*:)*:?0*1$/.test(host);
}

/** Containers reach this machine by another name; nothing else has to. */
function scrapeHostOf(host: string, runtime: Runtime): string {
  return runtime === 'docker' && isLoopback(host) ? THIS_MACHINE : host;
}

function labelsOf(server: ServerSpec, spec: Spec): Readonly<Record<string, string>> {
  const environment = server.environment ?? spec.environment;
  const datacenter = server.datacenter ?? spec.datacenter;
  return {
    ...spec.labels,
    ...server.labels,
    ...(environment === undefined ? {} : { environment }),
    ...(datacenter === undefined ? {} : { datacenter }),
  };
}

function resolveBundled(server: ServerSpec, database: string, image: Image, secrets: SecretBook): Place {
  return {
    isBundled: true,
    host: 'postgres',
    port: 5432,
    scrapeHost: 'postgres',
    database,
    password: secrets.add(`servers.${server.name}.password`, server.password ?? { generate: true }),
    sslMode: 'disable',
    tls: { ca: null, cert: null, key: null },
    majorVersion: Number(image.version.split('.')[0]),
  };
}

/** No `prefer`: the exporter's driver has no second try, so that a mode must be one thing for every client. */
function defaultSslMode(host: string, hasAuthority: boolean): SslMode {
  if (hasAuthority) return 'verify-full';
  return isLoopback(host) || isLocalSocket({ host }) ? 'disable' : 'require';
}

function resolveExisting(server: ServerSpec, runtime: Runtime, secrets: SecretBook): Place {
  const { host = '' } = server;
  const id = `servers.${server.name}`;
  return {
    isBundled: false,
    host,
    port: server.port,
    scrapeHost: scrapeHostOf(host, runtime),
    database: server.database ?? 'postgres',
    password: server.password === undefined ? null : secrets.add(`${id}.password`, server.password),
    sslMode: server.tls?.mode ?? defaultSslMode(host, server.tls?.ca !== undefined),
    tls: {
      ca: secrets.addFile(`${id}.tls.ca`, server.tls?.ca),
      cert: secrets.addFile(`${id}.tls.cert`, server.tls?.cert),
      key: secrets.addFile(`${id}.tls.key`, server.tls?.key),
    },
    majorVersion: server.version ?? null,
  };
}

function resolveAdmin({ name, admin }: ServerSpec, secrets: SecretBook): AdminLogin | null {
  if (admin === undefined) return null;
  const id = `servers.${name}.admin.password`;
  return {
    user: admin.user,
    password: admin.password === undefined ? null : secrets.describe(id, admin.password),
  };
}

/** Every server, in the order of the spec. `postgresImage` tells the bundled one's version. */
export function resolveServers(spec: Spec, postgresImage: Image, secrets: SecretBook): readonly Server[] {
  return spec.servers.map((server) => {
    const place =
      server.bundled === undefined
        ? resolveExisting(server, spec.runtime, secrets)
        : resolveBundled(server, server.bundled.database, postgresImage, secrets);
    return {
      name: server.name,
      user: server.user,
      labels: labelsOf(server, spec),
      databases: server.databases,
      alerts: resolveAlertChoices(server.thresholds, server.disabledAlerts),
      slo: resolveSlo(server.slo ?? spec.slo),
      admin: resolveAdmin(server, secrets),
      ...place,
    };
  });
}
