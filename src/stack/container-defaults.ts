/** What every service's container gets alike; rendering writes it into docker-compose.yml and the Docker provider sends it. */

export const CONTAINER_DEFAULTS = {
  capDrop: ['ALL'],
  securityOpt: ['no-new-privileges:true'],
  restart: 'unless-stopped',
  logDriver: 'json-file',
  /** Compose writes these as strings. */
  logOptions: { 'max-size': '10m', 'max-file': '3' },
  network: 'default',
} as const;
