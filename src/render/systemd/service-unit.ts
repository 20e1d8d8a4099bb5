/** The systemd unit of one service: what runs, as whom, with which limits, secrets and directories. */
import type { ServiceName } from '../../conventions.ts';
import {
  HASH_VARIABLE,
  nativeConfigDir,
  runtimeDirName,
  targetName,
  unitName,
} from '../../stack/native-names.ts';
import type { SecretFile, Service } from '../../stack/rendered-stack.ts';
import { type RenderContext, sortedPairs } from '../render-context.ts';
import { CLIENT_KEY, secretsSource } from '../secret-files.ts';
import { sandboxRules } from './sandbox.ts';
import { execWord, unitWord } from './unit-words.ts';

export interface UnitInput {
  readonly stackName: string;
  readonly service: Service;
  /** Of the whole stack. */
  readonly secretFiles: readonly SecretFile[];
}

const TITLES: Readonly<Partial<Record<ServiceName, string>>> = {
  'postgres-exporter': 'PostgreSQL exporter',
  'postgres-exporter-slow': 'PostgreSQL exporter for slow figures',
  'sql-exporter': 'SQL exporter',
  prometheus: 'Prometheus',
  alertmanager: 'Alertmanager',
  'node-exporter': 'Machine exporter',
  grafana: 'Grafana',
};

const EXPORTERS = ['postgres-exporter', 'postgres-exporter-slow', 'sql-exporter', 'node-exporter'] as const;

/** Services that start before. Order only, and the same whether they are there or not: a new one restarts no other. */
const AFTER: Readonly<Partial<Record<ServiceName, readonly ServiceName[]>>> = {
  prometheus: [...EXPORTERS, 'alertmanager'],
  grafana: ['prometheus'],
};

/** They log in to PostgreSQL, which may be on this machine. */
const COLLECTORS: readonly ServiceName[] = ['postgres-exporter', 'postgres-exporter-slow', 'sql-exporter'];

/** Only Grafana says when it is ready. */
const NOTIFYING: readonly ServiceName[] = ['grafana'];

/** Of a service's secret files the names, which are the credentials' too. */
function credentialNames({ service, secretFiles }: UnitInput): readonly string[] {
  const directory = `${secretsSource(service.name)}/`;
  return secretFiles
    .filter(({ path }) => path.startsWith(directory))
    .map(({ path }) => path.slice(directory.length))
    .sort();
}

function documentation(stackName: string, { configInputs }: Service): string | null {
  const prefix = configInputs[0]?.prefix ?? null;
  return prefix === null ? null : `file://${nativeConfigDir(stackName)}/${prefix}`;
}

function predecessors(stackName: string, { name }: Service): readonly string[] {
  return [
    ...(COLLECTORS.includes(name) ? ['postgresql.service'] : []),
    ...(AFTER[name] ?? []).map((other) => unitName(stackName, other)),
  ];
}

/** Copies that only the service may read: what systemd hands out carries an ACL, which some programs take for a wider mode. */
const COPY_CLIENT_KEYS = `cp -f "$CREDENTIALS_DIRECTORY"/*${CLIENT_KEY} "$RUNTIME_DIRECTORY"/`;

function buildUnitView(input: UnitInput, hash: string | null) {
  const { stackName, service } = input;
  const { name, program } = service;
  if (program === null) throw new Error(`${name} has no program to run`);
  const credentials = credentialNames(input);
  const hasKeys = credentials.some((credential) => credential.endsWith(CLIENT_KEY));
  return {
    unit: unitName(stackName, name),
    target: targetName(stackName),
    title: `${TITLES[name] ?? name} of the pgmon stack ${stackName}`,
    documentation: documentation(stackName, service),
    after: predecessors(stackName, service),
    type: NOTIFYING.includes(name) ? 'notify' : 'exec',
    user: service.user,
    environment: sortedPairs(service.environment).map((pair) => unitWord(`${pair.name}=${pair.value}`)),
    hash: hash === null ? null : `${HASH_VARIABLE}=${hash}`,
    prepare: hasKeys ? ['/bin/sh', '-c', COPY_CLIENT_KEYS].map(execWord) : null,
    start: [program.path, ...service.command].map(execWord),
    reloads: service.configInputs.some(({ reaction }) => reaction.kind === 'reload'),
    stopSignal: service.stopSignal ?? 'SIGTERM',
    stopGraceSeconds: service.stopGraceSeconds,
    memoryBytes: service.memoryBytes,
    pidsLimit: service.pidsLimit,
    credentials: credentials.map((credential) => ({
      id: credential,
      path: `${nativeConfigDir(stackName)}/${secretsSource(name)}/${credential}`,
    })),
    stateDirectory: service.mounts.some(({ kind }) => kind === 'volume')
      ? `pgmon/${stackName}/${name}`
      : null,
    runtimeDirectory: runtimeDirName(stackName, name),
    sandbox: sandboxRules(name, program.path),
  };
}

/** `hash`: null leaves its line out. */
export function unitText(input: UnitInput, hash: string | null, { header, fill }: RenderContext): string {
  return fill('unit.service.hbs', { header, ...buildUnitView(input, hash) });
}
