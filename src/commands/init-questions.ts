/** The questions of `init`: flag first, then a person, then (with `--yes`) the default. */
import path from 'node:path';
import { UsageError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { checkValue } from '../spec/check-value.ts';
import type { ExistingServer, SpecAnswers } from '../spec/write-spec.ts';
import { serverNameFor } from '../spec/write-spec.ts';
import type { SpecPath } from '../spec/yaml-tree.ts';
import { isLocalSocket } from '../stack/local-socket.ts';
import { type Asker, createAsker, type TextQuestion } from './init-asker.ts';
import type { InitOptions } from './init-options.ts';

/** Debian's and Red Hat's default. */
const SOCKET_DIR = '/var/run/postgresql';

const spec =
  (where: SpecPath) =>
  (value: string): string | null =>
    checkValue(where, value);

function checkPort(value: string): string | null {
  return checkValue(['servers', 0, 'port'], /^\d+$/.test(value) ? Number(value) : value);
}

function refuseContradictions(options: InitOptions): void {
  const ways = [options.passwordEnv, options.passwordFile, options.passwordless].filter(
    (way) => way !== undefined,
  );
  if (ways.length > 1) {
    throw new UsageError('only one of --password-env, --password-file and --passwordless can be given');
  }
  if (options.bundled !== true) return;
  if (options.runtime === 'native')
    throw new UsageError(
      '--bundled does not go with --runtime native: only containers run a server of their own',
    );
  const existing = ['host', 'port', 'user', 'passwordEnv', 'passwordFile', 'passwordless'] as const;
  const extra = existing.find((key) => options[key] !== undefined);
  if (extra === undefined) return;
  const flag = extra.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${flag} does not go with --bundled: it is about a server that exists`);
}

function stackNameFor(cwd: string): string {
  const slug = path
    .basename(cwd)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  return checkValue(['name'], slug) === null ? slug : 'pgmon';
}

async function askPasswordWay(
  asker: Asker,
  options: InitOptions,
  host: string,
): Promise<'env' | 'file' | 'none'> {
  if (options.passwordless === true) return 'none';
  const isGiven = options.passwordEnv !== undefined || options.passwordFile !== undefined;
  if (isLocalSocket({ host }) && !isGiven) return 'none';
  if (options.passwordEnv !== undefined || options.yes)
    return options.passwordFile === undefined ? 'env' : 'file';
  if (options.passwordFile !== undefined) return 'file';
  const answer = await asker.select('Where does the password of that role come from?', [
    { name: 'an environment variable', value: 'env' },
    { name: 'a file', value: 'file' },
    { name: 'the server asks for none', value: 'none' },
  ]);
  return answer === 'file' || answer === 'none' ? answer : 'env';
}

async function askPassword(
  asker: Asker,
  options: InitOptions,
  host: string,
): Promise<ExistingServer['password']> {
  const kind = await askPasswordWay(asker, options, host);
  if (kind === 'none') return { kind };
  const isEnv = kind === 'env';
  const value = await asker.text({
    flag: isEnv ? '--password-env' : '--password-file',
    given: isEnv ? options.passwordEnv : options.passwordFile,
    message: isEnv ? 'Name of the variable' : 'Path of the file',
    standard: isEnv
      ? `${serverNameFor(host)
          .toUpperCase()
          .replaceAll(/[^A-Z0-9]+/g, '_')
          .replace(/^(?=\d)/, '_')}_PASSWORD`
      : 'password',
    check: (text) => checkValue(['servers', 0, 'password'], { [kind]: text }),
  });
  return { kind, value };
}

/** Natively the local socket, where a server has one; otherwise this machine. */
async function standardHost({ fs }: Pick<Host, 'fs'>, { runtime }: InitOptions): Promise<string> {
  if (runtime !== 'native') return 'localhost';
  const found = await fs.stat(`${SOCKET_DIR}/.s.PGSQL.5432`).catch(() => null);
  return found === null ? 'localhost' : SOCKET_DIR;
}

async function askServer(
  host: Pick<Host, 'fs'>,
  asker: Asker,
  options: InitOptions,
): Promise<SpecAnswers['server']> {
  const ask = (
    flag: string,
    given: string | undefined,
    message: string,
    standard: string,
    check: TextQuestion['check'],
  ) => asker.text({ flag, given, message, standard, check });
  const isBundled = await asker.confirm({
    flag: '--bundled or --host',
    given:
      options.bundled ?? (options.host === undefined && options.runtime !== 'native' ? undefined : false),
    message: 'Run a PostgreSQL of its own to try it out (no: watch one that exists)?',
    standard: true,
  });
  const database = (standard: string) =>
    ask('--database', options.database, 'Database to connect to', standard, spec(['servers', 0, 'database']));
  if (isBundled) return { kind: 'bundled', database: await database('app') };
  const address = await ask(
    '--host',
    options.host,
    'Host name or address of the server',
    await standardHost(host, options),
    spec(['servers', 0, 'host']),
  );
  const port = Number(await ask('--port', options.port, 'Port', '5432', checkPort));
  const user = await ask('--user', options.user, 'Monitoring role', 'pgmon', spec(['servers', 0, 'user']));
  const rest = { database: await database('postgres'), password: await askPassword(asker, options, address) };
  return { kind: 'existing', host: address, port, user, ...rest };
}

/** Every answer that the spec needs. Rejects with UsageError for a wrong flag or when nobody can be asked. */
export async function askInitQuestions(host: Host, options: InitOptions): Promise<SpecAnswers> {
  refuseContradictions(options);
  const asker = createAsker(host, options.yes);
  const name = await asker.text({
    flag: '--name',
    given: options.name,
    message: 'Name of the stack',
    standard: stackNameFor(host.cwd),
    check: spec(['name']),
  });
  const server = await askServer(host, asker, options);
  const environment = await asker.text({
    flag: '--environment',
    given: options.environment,
    message: 'Environment (a label: prod, staging, dev)',
    standard: server.kind === 'bundled' ? 'demo' : 'prod',
    check: spec(['environment']),
  });
  const webhook = await asker.text({
    flag: '--webhook',
    given: options.webhook,
    message: 'URL to post alerts to (empty: nobody is told yet)',
    standard: '',
    check: (text) => (text === '' ? null : checkValue(['alerting', 'receivers', 0, 'webhook', 'url'], text)),
  });
  const hasGrafana = await asker.confirm({
    flag: '--grafana or --no-grafana',
    given: options.grafana,
    message: 'Run Grafana?',
    standard: true,
  });
  const runtime = options.runtime ?? 'docker';
  return { name, runtime, environment, server, webhookUrl: webhook === '' ? null : webhook, hasGrafana };
}
