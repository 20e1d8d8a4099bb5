/** The common reasons for which a connection fails, each with its codes, its texts and the next step. Data only. */
/** How it is recognised, and what is said of it; `where` names the thing asked. */
export interface KnownCause {
  readonly kind: string;
  readonly words: string;
  readonly hint: (where: string) => string;
  /** Node's error codes and PostgreSQL's SQLSTATE. */
  readonly codes: readonly string[];
  /** What psql, lib/pq, Go and OpenSSL write. */
  readonly text: RegExp;
}

/** In the order of precedence: the more exact first. */
export const KNOWN_CAUSES: readonly KnownCause[] = [
  {
    kind: 'password',
    words: 'password authentication failed',
    hint: (where) =>
      `set the role's password on ${where} to the one in the spec: run \`pgmon role apply\`, or correct the spec's password`,
    codes: ['28P01'],
    text: /password authentication failed|SASL authentication failed|no password supplied|must be a (?:non-empty )?string/i,
  },
  {
    kind: 'pg-hba',
    words: 'no pg_hba.conf entry for this client',
    hint: (where) =>
      `add a line to pg_hba.conf of ${where} for this role, database and client address (hostssl or host as tls.mode says), then reload`,
    codes: [],
    text: /no pg_hba\.conf entry|pg_hba\.conf rejects connection/i,
  },
  {
    kind: 'peer',
    words: 'peer authentication failed: the system user has another name than the role',
    hint: (where) =>
      `give the system user that connects to ${where} the role's name (native.collectorUser in the spec), map the two in pg_ident.conf, or give the role a password and pg_hba.conf a scram-sha-256 line`,
    codes: [],
    text: /(?:peer|ident) authentication failed/i,
  },
  {
    kind: 'no-role',
    words: 'the role does not exist or may not log in',
    hint: (where) =>
      `create the monitoring role on ${where} with \`pgmon role apply\`, or with the SQL of \`pgmon role print\``,
    codes: ['28000'],
    text: /role ".*" (?:does not exist|is not permitted to log in)/i,
  },
  {
    kind: 'no-database',
    words: 'the database does not exist',
    hint: (where) => `name an existing database of ${where} in the spec (servers[].database)`,
    codes: ['3D000'],
    text: /database ".*" does not exist/i,
  },
  {
    kind: 'too-many-connections',
    words: 'too many connections',
    hint: (where) =>
      `free connections on ${where} or raise max_connections; pg_stat_activity shows who holds them`,
    codes: ['53300'],
    text: /too many (?:clients|connections)|remaining connection slots are reserved/i,
  },
  {
    kind: 'starting',
    words: 'the server is starting up or shutting down',
    hint: (where) => `wait until ${where} accepts connections, then check again`,
    codes: ['57P03', '57P01'],
    text: /the database system is (?:starting up|shutting down|in recovery)/i,
  },
  {
    kind: 'tls-unsupported',
    words: 'the server does not support TLS',
    hint: (where) =>
      `turn ssl on in postgresql.conf of ${where}, or set tls.mode: disable for it in the spec`,
    codes: [],
    text: /server does not support SSL|SSL is not enabled on the server|HTTP response to HTTPS client/i,
  },
  {
    kind: 'tls-required',
    words: 'the service speaks TLS, but was asked without it',
    hint: (where) => `set TLS for ${where} in the spec, then \`pgmon up\``,
    codes: [],
    text: /HTTP request to an HTTPS server/i,
  },
  {
    kind: 'tls-hostname',
    words: 'the certificate is for another host name',
    hint: (where) => `use a name that ${where}'s certificate lists, or tls.mode: verify-ca`,
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    text: /hostname.*does not match|certificate is (?:valid for|not valid for any names)|does not match host name|altname/i,
  },
  {
    kind: 'tls-expired',
    words: 'the certificate is expired or not valid yet',
    hint: (where) => `renew the certificate of ${where}`,
    codes: ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
    text: /certificate has expired|not yet valid/i,
  },
  {
    kind: 'tls-verify',
    words: 'certificate verify failed',
    hint: (where) => `give the certificate authority that signed ${where}'s certificate in the spec (tls.ca)`,
    codes: [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'CERT_SIGNATURE_FAILURE',
    ],
    text: /certificate verify failed|unknown authority|self[- ]signed certificate|root certificate file .* does not exist/i,
  },
  {
    kind: 'tls',
    words: 'the TLS handshake failed',
    hint: (where) => `compare the spec's TLS settings for ${where} with what it speaks`,
    codes: ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
    text: /wrong version number|tls: |ssl alert|SSL error|certificate required/i,
  },
  {
    kind: 'no-socket',
    words: 'no such socket',
    hint: (where) =>
      `make sure that ${where} runs, that its unix_socket_directories has the directory that the spec names as host, and that the port is its own`,
    codes: [],
    text: /(?:ENOENT|no such file)[^\n]*\.s\.PGSQL\.\d|\.s\.PGSQL\.\d[^\n]*no such file/i,
  },
  {
    kind: 'socket-denied',
    words: 'the socket may not be used',
    hint: (where) => `let the collectors' system user use the socket of ${where} (unix_socket_permissions)`,
    codes: [],
    text: /(?:EACCES|permission denied)[^\n]*\.s\.PGSQL\.\d|\.s\.PGSQL\.\d[^\n]*permission denied/i,
  },
  {
    kind: 'no-host',
    words: 'no such host',
    hint: (where) =>
      `correct the host name of ${where} in the spec, or the name resolution of the machine that connects`,
    codes: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA'],
    text: /no such host|could not translate host name|name or service not known|server misbehaving/i,
  },
  {
    kind: 'refused',
    words: 'connection refused',
    hint: (where) =>
      `make sure that ${where} runs and listens on that address and port (firewall, listen_addresses)`,
    codes: ['ECONNREFUSED'],
    text: /connection refused/i,
  },
  {
    kind: 'timeout',
    words: 'timeout',
    hint: (where) =>
      `${where} does not answer in time: look for a firewall that drops packets, a wrong address, or a hung server`,
    codes: ['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', '57014'],
    text: /\btime(?:d )?out\b|deadline exceeded/i,
  },
  {
    kind: 'unreachable',
    words: 'no route to the host',
    hint: (where) => `check the address of ${where} and the network between`,
    codes: ['EHOSTUNREACH', 'ENETUNREACH'],
    text: /no route to host|network is unreachable/i,
  },
  {
    kind: 'reset',
    words: 'the connection was closed without an answer',
    hint: (where) => `look at the service's log with \`pgmon logs\`, or that of ${where}`,
    codes: ['ECONNRESET', 'EPIPE'],
    text: /connection reset|socket hang up|server closed the connection|connection terminated|broken pipe|unexpected EOF|: EOF$/i,
  },
];
