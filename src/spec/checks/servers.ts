/** Servers: unique names, one bundled at most, and TLS settings that fit together. */
import { WORKLOAD_ROLE } from '../../conventions.ts';
import { type Problem, problem } from '../document.ts';
import type { ServerSpec, Spec } from '../schema/spec.ts';

/** Keys that say where a server is; pgmon decides them for the bundled one. */
const PLACE_KEYS = ['host', 'database', 'tls', 'admin'] as const;

function findNameProblems(spec: Spec): readonly Problem[] {
  const first = new Map<string, string>();
  return spec.servers.flatMap(({ name }, i) => {
    const earlier = first.get(name.toLowerCase());
    if (earlier === undefined) {
      first.set(name.toLowerCase(), name);
      return [];
    }
    const why =
      earlier === name ? 'is already the name of another server' : `differs only in case from "${earlier}"`;
    return [problem(['servers', i, 'name'], `"${name}" ${why}`)];
  });
}

function findPlaceProblems(server: ServerSpec, i: number): readonly Problem[] {
  if (server.bundled !== undefined) {
    return PLACE_KEYS.filter((key) => server[key] !== undefined).map((key) => {
      const instead =
        key === 'database' ? ': write `bundled.database`' : ': pgmon decides it for a bundled server';
      return problem(['servers', i, key], `does not go with \`bundled\`${instead}`, 'key');
    });
  }
  if (server.host !== undefined) return [];
  return [
    problem(
      ['servers', i],
      `"${server.name}" needs \`host\` (a server that exists) or \`bundled: {}\` (one that pgmon runs)`,
    ),
  ];
}

function findTlsProblems(server: ServerSpec, i: number): readonly Problem[] {
  const { tls } = server;
  if (tls === undefined) return [];
  const problems: Problem[] = [];
  const add = (key: string, message: string) =>
    problems.push(problem(['servers', i, 'tls', key], message, 'key'));
  const isVerifying = tls.mode === 'verify-ca' || tls.mode === 'verify-full';
  if (isVerifying && tls.ca === undefined)
    add('mode', `\`${tls.mode}\` needs \`ca\`: the authority to verify against`);
  if (tls.mode === 'disable') {
    for (const key of ['ca', 'cert', 'key'] as const)
      if (tls[key] !== undefined) add(key, 'has no effect with `mode: disable`');
  }
  if (tls.ca !== undefined && tls.mode !== undefined && !isVerifying && tls.mode !== 'disable') {
    add('ca', `is not checked with \`mode: ${tls.mode}\`: write \`mode: verify-full\` or leave \`mode\` out`);
  }
  if (tls.cert !== undefined && tls.key === undefined)
    add('cert', "needs `key`: the certificate's private key");
  if (tls.key !== undefined && tls.cert === undefined)
    add('key', 'needs `cert`: the certificate that it belongs to');
  return problems;
}

/** Roles that pgmon makes in the bundled server for other work. */
const TAKEN_ROLES: readonly string[] = ['postgres', WORKLOAD_ROLE];

function findRoleProblems(server: ServerSpec, i: number): readonly Problem[] {
  if (server.bundled === undefined || !TAKEN_ROLES.includes(server.user)) return [];
  return [
    problem(
      ['servers', i, 'user'],
      `"${server.user}" has another job in a bundled server: name another role`,
    ),
  ];
}

function findBundledProblems(spec: Spec): readonly Problem[] {
  const bundled = spec.servers.flatMap(({ name, bundled }, i) =>
    bundled === undefined ? [] : [{ name, i }],
  );
  return bundled
    .slice(1)
    .map(({ i }) =>
      problem(
        ['servers', i, 'bundled'],
        `only one server can be bundled, and "${bundled[0]?.name}" is`,
        'key',
      ),
    );
}

/** Problems of the servers, each by itself and among themselves. */
export function findServerProblems(spec: Spec): readonly Problem[] {
  const perServer = spec.servers.flatMap((server, i) => [
    ...findPlaceProblems(server, i),
    ...findTlsProblems(server, i),
    ...findRoleProblems(server, i),
  ]);
  return [...findNameProblems(spec), ...findBundledProblems(spec), ...perServer];
}
