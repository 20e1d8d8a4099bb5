/** Peer authentication: the exporters are one system user, which the server takes for the role of the same name. */
import { type Problem, problem } from '../document.ts';
import { isPeerServer, peerUsersOf } from '../resolve/peer-users.ts';
import { SYSTEM_USER_PATTERN } from '../schema/native.ts';
import type { Spec } from '../schema/spec.ts';

/** They may do more than read figures, or are nobody's in particular. */
const FOREIGN_USERS: readonly string[] = ['root', 'postgres', 'nobody', 'daemon', 'bin', 'sys'];
/** Users of the other services, each with its own secrets. */
const OWN_PREFIX = 'pgmon-';

const OTHER_WAY =
  'give it a `password`, or set `native.collectorUser` and map that user to the role in pg_ident.conf';

function whyNotUser(name: string): string | null {
  if (FOREIGN_USERS.includes(name)) return `"${name}" has another job on every machine`;
  if (name.startsWith(OWN_PREFIX))
    return `users that begin with \`${OWN_PREFIX}\` run pgmon's other services`;
  if (!SYSTEM_USER_PATTERN.test(name))
    return `"${name}" cannot be a system user (up to 31 lower-case letters, digits, \`_\` and \`-\`)`;
  return null;
}

/** Servers and the section must leave one system user that the exporters can be. */
export function findPeerProblems(spec: Spec): readonly Problem[] {
  const own = spec.native?.collectorUser;
  if (own !== undefined) {
    const why = whyNotUser(own);
    return why === null
      ? []
      : [problem(['native', 'collectorUser'], `${why}: name a user for the exporters alone`)];
  }
  const [first] = peerUsersOf(spec);
  return spec.servers.flatMap((server, i) => {
    if (!isPeerServer(server)) return [];
    const path = ['servers', i, 'user'];
    const why = whyNotUser(server.user);
    if (why !== null)
      return [
        problem(
          path,
          `${why}, but the exporters run as it (peer authentication): name another role, ${OTHER_WAY}`,
        ),
      ];
    if (server.user === first) return [];
    return [
      problem(
        path,
        `"${server.user}" is not "${first}", which another server on a socket asks for, and the exporters run as one system user (peer authentication): use one role for both, ${OTHER_WAY}`,
      ),
    ];
  });
}
