/** What only the native runtime asks: where programs come from, and who runs the exporters. */
import * as z from 'zod';
import { COMPONENT_KEYS } from '../../catalog/components.ts';
import {
  ARCHITECTURES,
  DEFAULT_SLOW_EXPORTER_PORT,
  NATIVE_COMPONENTS,
  type NativeComponent,
} from '../../catalog/programs.ts';
import { systemPath } from './places.ts';
import { port } from './primitives.ts';
import { urlSecretProblem } from './secrets.ts';

export const PROGRAM_SOURCES = ['installed', 'packages', 'archives'] as const;

/** Where archives are: over HTTPS, or in a directory of this machine. */
export const archivePlace = z
  .string()
  .max(1024)
  .superRefine((text, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    const secretInside = urlSecretProblem(text);
    if (secretInside !== null) refuse(`${secretInside}: pgmon fetches archives without logging in`);
    else if (/^http:\/\//.test(text))
      refuse('must be https://, or an absolute path: put what you fetched into a directory');
    else if (!/^https:\/\/[A-Za-z0-9.:[\]-]+(?:\/[A-Za-z0-9._~+%/-]*)?$/.test(text) && !isPlainPath(text))
      refuse('must be an https:// URL without a query, or an absolute path of letters, digits and ._+-');
  });

/** One archive among them. */
export const archiveFile = archivePlace.refine(
  (text) => /^(?:https:\/\/[^/]+)?\/.*[^/]\.(?:tar\.gz|tgz|tar\.xz)$/.test(text),
  'must end in .tar.gz, .tgz or .tar.xz',
);

function isPlainPath(text: string): boolean {
  return /^\/[A-Za-z0-9._+/-]+$/.test(text) && !/(^|\/)\.\.?(\/|$)/.test(text);
}

const program = z.strictObject({
  from: z
    .enum(PROGRAM_SOURCES)
    .optional()
    .describe('Where this program comes from, when not as `native.binaries` says.'),
  path: systemPath.optional().describe('Executable, where it is not in its usual place.'),
  archive: archiveFile
    .optional()
    .describe(
      'Its release archive, when it is not where the others are; its checksum stands in `sha256` or in sha256sums.txt beside it.',
    ),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits, as sha256sum prints them')
    .optional()
    .describe("The archive's checksum, so that nobody else is asked for it."),
});

const PROGRAM_WORDS: Readonly<Record<NativeComponent, string>> = {
  'postgres-exporter': 'postgres_exporter.',
  'sql-exporter': 'Node.js, which runs the SQL exporter.',
  prometheus: 'Prometheus.',
  alertmanager: 'Alertmanager.',
  'node-exporter': 'node_exporter.',
  grafana: 'Grafana.',
};

type ProgramKey = (typeof COMPONENT_KEYS)[NativeComponent];

const programs = z.strictObject(
  Object.fromEntries(
    NATIVE_COMPONENTS.map((name) => [COMPONENT_KEYS[name], program.optional().describe(PROGRAM_WORDS[name])]),
  ) as Record<ProgramKey, z.ZodOptional<typeof program>>,
);

/** A system user as every distribution takes it. */
export const SYSTEM_USER_PATTERN = /^[a-z_][a-z0-9_-]{0,30}$/;

export const native = z.strictObject({
  binaries: z
    .enum(PROGRAM_SOURCES)
    .default('archives')
    .describe(
      "Where programs come from: they are there (`installed`), the distribution's packages (Grafana: its own repository), or upstream's release archives.",
    ),
  directory: systemPath
    .default('/opt/pgmon')
    .describe('Where archives are unpacked, each version in a directory of its own.'),
  archives: archivePlace
    .optional()
    .describe(
      "Mirror or directory with the archives under upstream's file names and their sha256sums.txt; default: each project's own site.",
    ),
  architecture: z.enum(ARCHITECTURES).default('amd64').describe("The machine's, for the names of archives."),
  programs: programs.prefault({}).describe('Programs that come from somewhere else than the others.'),
  slowExporterPort: port
    .default(DEFAULT_SLOW_EXPORTER_PORT)
    .describe('Port of the second postgres_exporter, for what changes slowly.'),
  collectorUser: z
    .string()
    .regex(SYSTEM_USER_PATTERN, 'must be a system user: up to 31 lower-case letters, digits, `_` and `-`')
    .optional()
    .describe(
      'System user of the exporters. Default: the monitoring role of the servers on the local socket that ask for no password (peer authentication needs the same name), else `pgmon`.',
    ),
});

export type NativeSpec = z.output<typeof native>;
export type ProgramSpec = z.output<typeof program>;
