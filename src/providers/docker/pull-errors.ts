/** What the failing sentence of a pull means to the user, and what helps. Pure. */
import { EnvironmentError } from '../../errors.ts';
import { registryOf } from './registry-auth.ts';

interface Refusal {
  readonly code: string;
  readonly pattern: RegExp;
  readonly meaning: string;
  readonly hint: (registry: string) => string;
}

const OFFLINE_HINT =
  'without a registry: `pgmon images build` here, or `pgmon images load FILE` from another machine';

/** A pull's failure is a sentence of the registry or of the network, whatever the status. First match wins. */
const REFUSALS: readonly Refusal[] = [
  {
    code: 'disk-full',
    pattern: /no space left on device/i,
    meaning: 'the disk of the Docker daemon is full',
    hint: () => 'free disk space (`docker system df` shows what Docker holds), then run it again',
  },
  {
    code: 'registry-limit',
    pattern: /toomanyrequests|too many requests|rate limit/i,
    meaning: 'the registry limits how often it may be asked',
    hint: (registry) =>
      `log in (\`docker login ${registry}\`), wait, or use a mirror through \`images:\` in the spec`,
  },
  {
    code: 'registry-unreachable',
    pattern:
      /no such host|dial tcp|i\/o timeout|TLS handshake timeout|connection (?:refused|reset)|network is unreachable|deadline exceeded|request canceled|server misbehaving|\bEOF\b/i,
    meaning: 'the registry cannot be reached',
    hint: () => OFFLINE_HINT,
  },
  {
    code: 'image-unauthorized',
    pattern:
      /unauthorized|authentication required|no basic auth credentials|access.*denied|denied:|forbidden/i,
    meaning: 'the registry refuses it: no such image, or a login is needed',
    hint: (registry) => `check the name; log in with \`docker login ${registry}\`; ${OFFLINE_HINT}`,
  },
  {
    code: 'image-not-found',
    pattern: /manifest unknown|manifest for .* not found|not found|no matching manifest/i,
    meaning: 'the registry has no such image for this machine',
    hint: () => `check name and tag in \`images:\` and \`versions:\` of the spec; ${OFFLINE_HINT}`,
  },
];

/** What a pull's failing sentence means. `problem`: what went wrong with the credentials, if anything. */
export function pullError(
  reference: string,
  message: string,
  problem: string | null,
  cause?: unknown,
): EnvironmentError {
  const refusal = REFUSALS.find(({ pattern }) => pattern.test(message));
  const extra = problem === null ? '' : ` (${problem})`;
  if (refusal === undefined) {
    return new EnvironmentError(`cannot pull ${reference}: ${message}${extra}`, {
      code: 'pull-failed',
      hint: OFFLINE_HINT,
      cause,
    });
  }
  return new EnvironmentError(`cannot pull ${reference}: ${refusal.meaning}${extra}: ${message}`, {
    code: refusal.code,
    hint: refusal.hint(registryOf(reference)),
    cause,
  });
}

/** The stream ended before the image was whole. */
export function cutOffError(reference: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError(`cannot pull ${reference}: the download was cut off`, {
    code: 'pull-cut-off',
    hint: 'run it again: what has arrived is kept',
    cause,
  });
}
