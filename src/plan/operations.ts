/** The steps that a plan is made of. Pure data: what to do, why, and what must be done before. */
import type { ObservedContainer } from '../providers/provider.ts';
import type { Program } from '../stack/native.ts';
import type { Service } from '../stack/rendered-stack.ts';
import type { RoleLimits } from '../stack/role/role-sql.ts';
import type { Runtime } from '../stack/stack.ts';
import type { FileChange } from './file-changes.ts';

/** A changed file below `secrets/`; its text is made only at the moment it is written. */
export interface SecretChange {
  readonly path: string;
  readonly action: 'create' | 'update' | 'remove';
}

/** A role that the bundled server must have, with the password that a secret holds. */
export interface BundledRole {
  readonly name: string;
  /** Secret id. */
  readonly password: string;
  /** Roles it is made a member of, e.g. `pg_monitor`. */
  readonly memberOf: readonly string[];
  /** May make tables of its own in the schema `public`. */
  readonly isWriter: boolean;
  /** Null: what the role has is left alone. */
  readonly limits: RoleLimits | null;
}

/** The bundled server as it must be once it answers. */
export interface BundledServer {
  readonly superuser: string;
  readonly database: string;
  readonly roles: readonly BundledRole[];
  /** Key of the volume that holds its data. */
  readonly volume: string;
}

/** `container`: the one that stands there already; null = the one that this plan creates. */
type Step =
  /** `digest`: what the lock file pins; null = whatever the tag means now. */
  | { readonly kind: 'pull'; readonly reference: string; readonly digest: string | null }
  /** Brings a program of the native runtime. */
  | { readonly kind: 'install'; readonly program: Program }
  | { readonly kind: 'write-files'; readonly changes: readonly FileChange[] }
  | { readonly kind: 'write-secrets'; readonly changes: readonly SecretChange[] }
  | { readonly kind: 'create-user'; readonly key: string }
  | { readonly kind: 'create-network'; readonly key: string }
  | { readonly kind: 'create-volume'; readonly key: string }
  /** Renames the old container, so that its successor can have the name and a failure can bring it back. */
  | { readonly kind: 'set-aside'; readonly container: ObservedContainer; readonly name: string }
  | { readonly kind: 'stop'; readonly container: ObservedContainer }
  | { readonly kind: 'create'; readonly service: Service }
  | { readonly kind: 'start'; readonly service: Service; readonly container: ObservedContainer | null }
  | { readonly kind: 'restart'; readonly service: Service; readonly container: ObservedContainer }
  | { readonly kind: 'reload'; readonly service: Service; readonly container: ObservedContainer }
  | { readonly kind: 'wait'; readonly service: Service; readonly container: ObservedContainer | null }
  | {
      readonly kind: 'ensure-roles';
      readonly server: BundledServer;
      readonly container: ObservedContainer | null;
    }
  /** `isFinal`: it comes after everything serves, and with it the way back is gone. */
  | { readonly kind: 'remove'; readonly container: ObservedContainer; readonly isFinal: boolean };

export type OperationKind = Step['kind'];
export type OperationOf<K extends OperationKind> = Operation & { readonly kind: K };

export type Operation = Step & {
  /** Unique in the plan: `create prometheus`. */
  readonly id: string;
  /** What it is about, as events name it: `prometheus`, `image prom/prometheus:v3.5.3`. */
  readonly resource: string;
  /** Why, for people. */
  readonly cause: string;
  /** Ids of operations that must be done before. */
  readonly needs: readonly string[];
};

export interface Plan {
  readonly stackName: string;
  readonly runtime: Runtime;
  /** Sorted so that every operation stands after what it needs. */
  readonly operations: readonly Operation[];
}

/** Looking is not changing: a plan that only waits leaves the world as it is. */
export function isChange(operation: Operation): boolean {
  return operation.kind !== 'wait';
}

/** True when applying the plan would change nothing. */
export function isUpToDate(plan: Plan): boolean {
  return !plan.operations.some(isChange);
}
