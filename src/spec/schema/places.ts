/** Where servers and programs are: host names, addresses, directories that services of the native runtime see. */
import * as z from 'zod';

const HOST =
  /[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9._-]+)?/;

function hostText(pattern: RegExp, message: string) {
  return z
    .string()
    .max(253)
    .regex(pattern, message)
    .refine((text) => !/^(0\.0\.0\.0|::)$/.test(text), 'is an address to listen on, not one to connect to')
    .refine((text) => !/^[^:]+:\d+$/.test(text), 'must not have a port: write it as `port:`')
    .refine(
      (text) => !/^[\d.]+$/.test(text) || z.ipv4().safeParse(text).success,
      'is not a valid IPv4 address',
    )
    .refine(
      (text) => !text.includes(':') || z.ipv6().safeParse(text.split('%')[0]).success,
      'is not a valid IPv6 address',
    );
}

/** Host name, IPv4 or IPv6 address, without port or scheme. */
export const hostName = hostText(
  new RegExp(`^(?:${HOST.source})$`),
  'must be a host name or an IP address, without scheme, user or port',
);

const HIDDEN = /^\/(?:home|root|tmp|var\/tmp|run\/user|dev|proc|sys)(?:\/|$)/;

/** Whether the hardened units of the native runtime do not see the path, or see something else there. */
const isHidden = (path: string): boolean => HIDDEN.test(path);
const HIDDEN_PROBLEM =
  'is hidden from the services: not below /home, /root, /tmp, /var/tmp, /run/user, /dev, /proc or /sys';

/** Absolute path of this machine that services see; stands in units without any quoting. */
export const systemPath = z
  .string()
  .max(255)
  .regex(
    /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._+-]+)+$/,
    'must be an absolute path of letters, digits and ._+-, without a final `/`',
  )
  .refine((text) => !isHidden(text), HIDDEN_PROBLEM);

/** Longest path of a socket (107 bytes) without `/.s.PGSQL.65535`. */
const SOCKET_DIRECTORY_LENGTH = 92;

/** Where a server is: as `hostName`, or the absolute directory of its socket. */
export const serverHost = hostText(
  new RegExp(`^(?:${HOST.source}|(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._-]+)+)$`),
  "must be a host name, an IP address or the directory of the server's socket, without scheme, user or port",
)
  .refine(
    (text) => !text.startsWith('/') || text.length <= SOCKET_DIRECTORY_LENGTH,
    `is too long for a socket: ${SOCKET_DIRECTORY_LENGTH} characters at most`,
  )
  .refine((text) => !isHidden(text), `${HIDDEN_PROBLEM}; set unix_socket_directories to another one`);
