/** Does the same for many servers at a time; one that fails is an outcome of its own and stops no other. */
import pLimit from 'p-limit';
import { CancelledError, PgmonError } from '../../errors.ts';
import type { Server } from '../../stack/stack.ts';
import { causeOf } from '../../verify/causes.ts';
import type { CommandContext } from '../context.ts';
import type { RoleOutcome } from './role-text.ts';

/** Servers that are asked at the same time. */
const MAX_PARALLEL = 16;
const NO_RIGHT = ['42501', '0LP01'];

function whyFailed(error: unknown, server: Server): { readonly summary: string; readonly hint: string } {
  if (error instanceof PgmonError) return { summary: error.message, hint: error.hint ?? '' };
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code === 'string' && NO_RIGHT.includes(code)) {
    return {
      summary: `the admin's rights do not suffice: ${String(message)}`,
      hint: 'log in as a superuser, or as a role with CREATEROLE that may grant pg_monitor (WITH ADMIN OPTION)',
    };
  }
  const cause = causeOf(error, server.name);
  return { summary: cause.words, hint: cause.hint };
}

function failedOutcome(server: Server, error: unknown): RoleOutcome {
  const { summary, hint } = whyFailed(error, server);
  const about = { server: server.name, user: server.user, statements: [], findings: [] };
  return { ...about, status: 'failed', summary: `failed: ${summary}`, hint: hint === '' ? null : hint };
}

/** In the order of the servers. Rejects only when interrupted. */
export async function forEachServer<T>(
  { signal }: Pick<CommandContext, 'signal'>,
  servers: readonly Server[],
  work: (server: Server) => Promise<T>,
): Promise<readonly (T | RoleOutcome)[]> {
  const limit = pLimit(MAX_PARALLEL);
  return Promise.all(
    servers.map((server) =>
      limit(async () => {
        try {
          return await work(server);
        } catch (error) {
          if (signal.aborted) throw new CancelledError('interrupted', { cause: error });
          return failedOutcome(server, error);
        }
      }),
    ),
  );
}
