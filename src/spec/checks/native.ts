/** What goes with one runtime only: the bundled server, images, the socket of a server, the section `native`. */
import { isLocalSocket } from '../../stack/local-socket.ts';
import { type Problem, problem } from '../document.ts';
import type { Spec } from '../schema/spec.ts';
import { findPeerProblems } from './peer-users.ts';
import { findProgramProblems } from './programs.ts';

/** systemd passes 1 MiB of credentials to a unit; the exporters' log-in for a server takes up to 500 bytes of it. */
const MAX_SERVERS = 2000;

function findDockerProblems(spec: Spec): readonly Problem[] {
  const section =
    spec.native === undefined
      ? []
      : [problem(['native'], 'takes effect only with `runtime: native`: leave it out, or say so', 'key')];
  const sockets = spec.servers.flatMap(({ host }, i) =>
    host !== undefined && isLocalSocket({ host })
      ? [
          problem(
            ['servers', i, 'host'],
            'is a socket of this machine, which containers do not see: write `localhost`, or `runtime: native`',
          ),
        ]
      : [],
  );
  return [...section, ...sockets];
}

function findBundledProblems({ servers }: Spec): readonly Problem[] {
  return servers.flatMap(({ bundled }, i) =>
    bundled === undefined
      ? []
      : [
          problem(
            ['servers', i, 'bundled'],
            'is not done with `runtime: native`: pgmon installs no database server on the machine itself. Install PostgreSQL and name it (`host: /var/run/postgresql`), or write `runtime: docker`',
            'key',
          ),
        ],
  );
}

function findImageProblems({ images }: Spec): readonly Problem[] {
  return Object.entries(images)
    .filter(([, image]) => image !== undefined)
    .map(([key]) =>
      problem(
        ['images', key],
        `means nothing with \`runtime: native\`: \`versions.${key}\` and \`native.programs.${key}\` choose the program`,
        'key',
      ),
    );
}

function findSizeProblems({ servers }: Spec): readonly Problem[] {
  if (servers.length <= MAX_SERVERS) return [];
  return [
    problem(
      ['servers'],
      `has ${servers.length} servers, but with \`runtime: native\` ${MAX_SERVERS} is the most: systemd passes at most 1 MiB of secrets to a unit. Make two stacks, or write \`runtime: docker\``,
      'key',
    ),
  ];
}

/** Contradictions between the runtime and the rest of the spec. */
export function findRuntimeProblems(spec: Spec): readonly Problem[] {
  if (spec.runtime === 'docker') return findDockerProblems(spec);
  return [
    ...findBundledProblems(spec),
    ...findImageProblems(spec),
    ...findSizeProblems(spec),
    ...findPeerProblems(spec),
    ...findProgramProblems(spec),
  ];
}

/** A socket knows no TLS, whatever the runtime. */
export function findSocketTlsProblems({ servers }: Spec): readonly Problem[] {
  return servers.flatMap(({ host, tls }, i) =>
    tls !== undefined && host !== undefined && isLocalSocket({ host })
      ? [problem(['servers', i, 'tls'], 'has no place on a local socket: leave it out', 'key')]
      : [],
  );
}
