/** Fetches one image and turns a failure into what the user can do instead. */
import { EnvironmentError } from '../errors.ts';
import { imageHint } from '../plan/find-problems.ts';
import type { ApplyDeps } from './apply-deps.ts';

const MEGABYTE = 1_000_000;

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(0);
}

/** Rejects with EnvironmentError naming the service that needs the image. */
export async function pullImage(
  deps: Pick<ApplyDeps, 'provider' | 'reporter' | 'rendered'>,
  {
    reference,
    digest,
    resource,
  }: { readonly reference: string; readonly digest: string | null; readonly resource: string },
  signal: AbortSignal,
): Promise<void> {
  const report = (current: number, total: number) => {
    const detail = `${megabytes(current)} of ${megabytes(total)} MB`;
    deps.reporter.event({ resource, action: 'pull', status: 'progress', detail });
  };
  try {
    await deps.provider.pull(
      digest === null ? reference : `${reference}@${digest}`,
      ({ currentBytes, totalBytes }) => report(currentBytes, totalBytes),
      signal,
    );
  } catch (cause) {
    if (!(cause instanceof EnvironmentError)) throw cause;
    const services = deps.rendered.services
      .filter((service) => service.image === reference)
      .map((service) => service.name);
    const message = `${services.join(' and ')} cannot run without image ${reference}: ${cause.message}`;
    throw new EnvironmentError(message, { code: 'image-absent', hint: imageHint(services[0] ?? ''), cause });
  }
}
