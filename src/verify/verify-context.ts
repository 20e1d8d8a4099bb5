/** What every hop gets, and how its findings become CheckResults. */

import type { ServiceName } from '../conventions.ts';
import { CancelledError } from '../errors.ts';
import type { Host, HttpResponse } from '../host/host.ts';
import type { QueryPostgres } from '../host/postgres.ts';
import { requestService, type ServiceRequest, serviceUrl } from '../host/service-client.ts';
import type { ObservedWorld, Provider } from '../providers/provider.ts';
import type { RenderedStack, Service } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { causeOf } from './causes.ts';
import type { CheckResult, Hop } from './check-result.ts';
import { oneLine } from './clean-text.ts';
import type { ExpectedTarget } from './expected.ts';

export interface VerifyDeps {
  readonly host: Pick<Host, 'http' | 'clock' | 'exec' | 'uid'>;
  readonly provider: Pick<Provider, 'observe' | 'exec' | 'logs'>;
  readonly queryPostgres: QueryPostgres;
  readonly signal: AbortSignal;
}

export interface VerifyInput {
  readonly stack: Stack;
  readonly rendered: RenderedStack;
  /** Values by secret id; a missing one makes the hop that needs it fail, nothing else. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Absolute. */
  readonly outDir: string;
}

export interface VerifyContext extends VerifyDeps, VerifyInput {
  readonly world: ObservedWorld;
  /** Every target that the rendered configuration names. */
  readonly targets: readonly ExpectedTarget[];
  /** When this round of checks began. Milliseconds since the epoch. */
  readonly startedMs: number;
  /** Until then a first scrape or evaluation that is still to come is waited for. Milliseconds since the epoch. */
  readonly deadlineMs: number;
}

/** What a hop found about one subject. */
export interface Finding {
  readonly subject: string;
  readonly status: CheckResult['status'];
  readonly detail: string;
  readonly hint: string | null;
}

export type CheckHop = (context: VerifyContext) => Promise<readonly CheckResult[]>;

export const pass = (subject: string, detail: string): Finding => ({
  subject,
  status: 'pass',
  detail,
  hint: null,
});
export const fail = (subject: string, detail: string, hint: string): Finding => ({
  subject,
  status: 'fail',
  detail,
  hint,
});
export const skip = (subject: string, detail: string): Finding => ({
  subject,
  status: 'skip',
  detail,
  hint: null,
});

export function toResult(hop: Hop, finding: Finding, durationMs: number): CheckResult {
  const { subject, status, detail, hint } = finding;
  return { id: `${hop}/${subject}`, hop, subject, status, detail: oneLine(detail), hint, durationMs };
}

/** Runs one look at one subject; whatever it throws becomes a failure with its cause, except an interruption. */
export async function judge(
  context: Pick<VerifyContext, 'host' | 'signal'>,
  hop: Hop,
  subject: string,
  look: () => Promise<Finding>,
): Promise<CheckResult> {
  const { clock } = context.host;
  const startedMs = clock.now();
  const finish = (finding: Finding) => toResult(hop, finding, clock.now() - startedMs);
  try {
    return finish(await look());
  } catch (error) {
    if (context.signal.aborted) throw new CancelledError('interrupted', { cause: error });
    const cause = causeOf(error, subject);
    return finish(fail(subject, cause.words, cause.hint));
  }
}

/** `judge` for a part that a stack may go without: `look` is null then, and the result is skipped with `absence` as its reason. */
export async function judgePart(
  context: VerifyContext,
  part: { readonly hop: Hop; readonly subject: string; readonly absence: string },
  look: (() => Promise<Finding>) | null,
): Promise<readonly CheckResult[]> {
  const { hop, subject, absence } = part;
  return [
    look === null ? toResult(hop, skip(subject, absence), 0) : await judge(context, hop, subject, look),
  ];
}

export function findService(rendered: RenderedStack, name: ServiceName): Service | null {
  return rendered.services.find((service) => service.name === name) ?? null;
}

/** True when this machine can speak HTTP to the service. */
export function isReachable(rendered: RenderedStack, name: ServiceName): boolean {
  const service = findService(rendered, name);
  return service !== null && serviceUrl(service) !== null;
}

/** Asks a service of the stack; rejects when it has no such service, or as `requestService` does. */
export async function ask(
  context: Pick<VerifyContext, 'host' | 'signal' | 'rendered' | 'secrets'>,
  name: ServiceName,
  request: ServiceRequest,
): Promise<HttpResponse> {
  const service = findService(context.rendered, name);
  if (service === null) throw new Error(`the stack has no ${name}`);
  return requestService(context.host, service, context.secrets, { signal: context.signal, ...request });
}

/** `ask`, then the body as JSON; any status but 2xx rejects with words that tell it. */
export async function askJson(...args: Parameters<typeof ask>): Promise<unknown> {
  const [, name, request] = args;
  const response = await ask(...args);
  if (response.status === 401 || response.status === 403) {
    throw new Error(`${name} refused the credentials (HTTP ${response.status})`);
  }
  const isHttpsOnly = response.status === 400 && response.body.includes('HTTPS server');
  if (isHttpsOnly) throw new Error(response.body);
  if (response.status < 200 || response.status > 299) {
    throw new Error(`${name} answered HTTP ${response.status} to ${request.path.split('?')[0]}`);
  }
  try {
    return JSON.parse(response.body);
  } catch (cause) {
    throw new Error(`${name} answered something that is no JSON to ${request.path.split('?')[0]}`, { cause });
  }
}
