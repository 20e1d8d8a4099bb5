/** What the native runtime adds to a resolved stack: programs, where they listen, who runs them. Types only. */
import type { ComponentName } from '../catalog/components.ts';
import type { ServiceName } from '../conventions.ts';
import type { Published } from './stack.ts';

/** Where a program comes from when it is not there. */
export type ProgramSource =
  /** It must be there already; pgmon only checks path and version. */
  | { readonly kind: 'installed' }
  /** A package of the distribution, or of Grafana's own repository. */
  | { readonly kind: 'package'; readonly name: string; readonly repository: 'distribution' | 'grafana' }
  /** Upstream's release archive, unpacked into `directory`; `checksums`: a SHA256SUMS file beside it, asked when `sha256` is null. */
  | {
      readonly kind: 'archive';
      /** `https://…` or an absolute path. */
      readonly location: string;
      readonly checksums: string;
      readonly sha256: string | null;
      /** Versioned, e.g. `/opt/pgmon/prometheus-3.5.3`. */
      readonly directory: string;
    };

export interface Program {
  readonly component: ComponentName;
  /** What the files are rendered for. */
  readonly version: string;
  readonly minimumVersion: string;
  /** Absolute path of the executable. */
  readonly path: string;
  readonly source: ProgramSource;
}

/** Settings that only the native runtime has. */
export interface Native {
  readonly programs: Readonly<Partial<Record<ComponentName, Program>>>;
  /** Where each service of the stack listens. */
  readonly listen: Readonly<Partial<Record<ServiceName, Published>>>;
  /** System user of what logs in to PostgreSQL; for peer authentication it has the monitoring role's name. */
  readonly collectorUser: string;
}

/** A system user that the stack's services run as; made by sysusers.d. */
export interface SystemUser {
  readonly name: string;
  /** Its GECOS field, by which pgmon knows that it made it. */
  readonly description: string;
}
