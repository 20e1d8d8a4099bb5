/** A plan as text for people and as JSON for programs. Shows what will be different, not every single step. */
import { shownPath } from '../stack/shown-path.ts';
import { isChange, isUpToDate, type Operation, type Plan } from './operations.ts';

interface PlanLine {
  readonly sign: '+' | '~' | '-';
  readonly verb: string;
  readonly resource: string;
  readonly cause: string;
}

function isReplaced(plan: Plan, service: string): boolean {
  return plan.operations.some(
    (one) => (one.kind === 'set-aside' || one.kind === 'remove') && one.resource === service,
  );
}

function pathOf({ stackName, runtime }: Plan, path: string): string {
  return shownPath({ name: stackName, runtime }, path);
}

function fileLines(
  plan: Plan,
  operation: Operation & { readonly kind: 'write-files' | 'write-secrets' },
): readonly PlanLine[] {
  const signs = { create: '+', update: '~', remove: '-' } as const;
  const causes = {
    create: 'there is no such file',
    update: 'its content changed',
    remove: 'nothing reads it any more',
  };
  return operation.changes.map(({ path, action }) => ({
    sign: signs[action],
    verb: action === 'remove' ? 'remove' : 'write',
    resource: `file ${pathOf(plan, path)}`,
    cause: causes[action],
  }));
}

function linesOf(plan: Plan, operation: Operation): readonly PlanLine[] {
  const { resource, cause } = operation;
  switch (operation.kind) {
    case 'write-files':
    case 'write-secrets':
      return fileLines(plan, operation);
    case 'pull':
      return [{ sign: '+', verb: 'pull', resource, cause }];
    case 'install':
      return [{ sign: '+', verb: 'install', resource, cause }];
    case 'create-user':
    case 'create-network':
    case 'create-volume':
      return [{ sign: '+', verb: 'create', resource, cause }];
    case 'create':
      if (plan.runtime === 'native') return [{ sign: '+', verb: 'enable and start', resource, cause }];
      return isReplaced(plan, resource)
        ? [{ sign: '~', verb: 'replace', resource, cause }]
        : [{ sign: '+', verb: 'create', resource, cause }];
    case 'start':
      return operation.container === null ? [] : [{ sign: '~', verb: 'start', resource, cause }];
    case 'restart':
    case 'reload':
      return [{ sign: '~', verb: operation.kind, resource, cause }];
    case 'ensure-roles':
      return [{ sign: '~', verb: 'ensure', resource: 'roles of postgres', cause }];
    case 'remove': {
      const isHidden = plan.operations.some((one) => one.kind === 'create' && one.resource === resource);
      return isHidden ? [] : [{ sign: '-', verb: 'remove', resource, cause }];
    }
    case 'set-aside':
    case 'stop':
    case 'wait':
      return [];
  }
}

/** One line per thing that will be different; says so when there is none. Ends with a line break. */
export function formatPlan(plan: Plan): string {
  if (isUpToDate(plan)) return `stack ${plan.stackName} is up to date: nothing to change\n`;
  const lines = plan.operations.flatMap((operation) => linesOf(plan, operation));
  const width = Math.max(...lines.map(({ verb, resource }) => verb.length + resource.length + 1));
  const text = lines.map(
    ({ sign, verb, resource, cause }) => `  ${sign} ${`${verb} ${resource}`.padEnd(width)}  (${cause})`,
  );
  const count = lines.length === 1 ? '1 change' : `${lines.length} changes`;
  return [`stack ${plan.stackName}: ${count}`, ...text, ''].join('\n');
}

/** The plan for `--json`: no file contents, no definitions. */
export function planToJson(plan: Plan): Readonly<Record<string, unknown>> {
  const operations = plan.operations.map((operation) => ({
    id: operation.id,
    kind: operation.kind,
    resource: operation.resource,
    cause: operation.cause,
    needs: operation.needs,
    ...((operation.kind === 'write-files' || operation.kind === 'write-secrets') && {
      files: operation.changes.map(({ path, action }) => ({ path: pathOf(plan, path), action })),
    }),
  }));
  return { stack: plan.stackName, changes: plan.operations.filter(isChange).length, operations };
}
