/** Specs of the stacks that the check tests bring up, on free ports and with the images of this machine. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { COMPONENT_KEYS, COMPONENT_NAMES } from '../../src/catalog/components.ts';
import { createHttp } from '../../src/host/node-http.ts';
import { imageFor } from './images.ts';
import { freePorts, type RunningStack } from './running-stack.ts';

export const PASSWORD = 'right-horse-1';
export const WRONG_PASSWORD = 'wrong-horse-2';

const images = await Promise.all(
  COMPONENT_NAMES.map(async (name) => ({ name, reference: await imageFor(name) })),
);
export const hasGrafana = images.some(({ name, reference }) => name === 'grafana' && reference !== null);
export const imageLines = images
  .filter(({ reference }) => reference !== null)
  .map(({ name, reference }) => `  ${COMPONENT_KEYS[name]}: "${reference}"\n`);

export interface SpecParts {
  readonly grafana?: string;
  readonly servers?: (postgresPort: number, closedPort: number) => string;
  readonly prometheus?: string;
  /** More keys of the section, after a comma. */
  readonly postgresExporter?: string;
}

export async function specOf(
  name: string,
  dir: string,
  { servers, prometheus = '', postgresExporter = '', grafana = '{enabled: false}' }: SpecParts,
): Promise<string> {
  await writeFile(path.join(dir, 'right'), PASSWORD);
  await writeFile(path.join(dir, 'wrong'), WRONG_PASSWORD);
  const [db = 0, prom = 0, exporter = 0, sql = 0, am = 0, node = 0, closed = 0] = await freePorts(7);
  const text = `apiVersion: pgmon/v1
name: ${name}
environment: test
images:
${imageLines.join('')}scrape: {interval: 2s, timeout: 2s, slowInterval: 4s, evaluationInterval: 2s}
servers:
  - name: demo
    password: {file: right}
    bundled: {database: app, port: ${db}, bind: 0.0.0.0, disposable: true}
${servers?.(db, closed) ?? ''}
prometheus: {port: ${prom}${prometheus}}
postgresExporter: {port: ${exporter}${postgresExporter}}
sqlExporter: {port: ${sql}}
alertmanager: {port: ${am}}
nodeExporter: {port: ${node}}
grafana: ${grafana}
`;
  await writeFile(path.join(dir, 'pgmon.yaml'), text);
  return text;
}

/** What a command of this stack sees of the world. */
export const surroundings = (stack: RunningStack) => ({
  cwd: path.dirname(stack.outDir),
  env: { DOCKER_HOST: process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock' },
  http: createHttp(),
});

export const failing = (results: ReadonlyMap<string, { readonly id: string; readonly status: string }>) =>
  [...results.values()].filter(({ status }) => status === 'fail').map(({ id }) => id);
