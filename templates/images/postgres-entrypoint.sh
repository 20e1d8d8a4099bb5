#!/bin/bash
# Starts PostgreSQL in a container made by `pgmon images build`. On an empty data directory it first makes the cluster from
# POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB, POSTGRES_INITDB_ARGS, POSTGRES_INITDB_WALDIR, POSTGRES_HOST_AUTH_METHOD
# (the first four also as NAME_FILE) and runs what lies in /docker-entrypoint-initdb.d.
set -Eeuo pipefail
shopt -s nullglob

say() { printf '%s\n' "docker-entrypoint: $*" >&2; }
fail() { say "error: $*"; exit 1; }

# setting NAME [DEFAULT]: takes $NAME, or the text of the file that $NAME_FILE names; both at once is an error.
setting() {
  local name=$1 default=${2-} file_name="${1}_FILE" value
  if [[ -n ${!name-} && -n ${!file_name-} ]]; then fail "$name and $file_name are both set"; fi
  value=${!name-$default}
  if [[ -n ${!file_name-} ]]; then
    value=$(<"${!file_name}") || fail "cannot read ${!file_name}, named by $file_name"
  fi
  printf -v "$name" '%s' "$value"
  unset "$file_name"
}

own_directories() {
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 3775 /var/run/postgresql || true
  chown postgres:postgres /var/run/postgresql || true
  chown postgres:postgres "$(dirname "$PGDATA")"
  find "$PGDATA" \! -user postgres -exec chown postgres:postgres '{}' +
  chmod 00700 "$PGDATA"
}

make_cluster() {
  local args=() auth
  eval "args=($POSTGRES_INITDB_ARGS)"
  if [[ -n ${POSTGRES_INITDB_WALDIR-} ]]; then args+=(--waldir "$POSTGRES_INITDB_WALDIR"); fi
  if [[ -n $POSTGRES_PASSWORD ]]; then
    initdb --pgdata="$PGDATA" --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") "${args[@]}"
  else
    initdb --pgdata="$PGDATA" --username="$POSTGRES_USER" "${args[@]}"
  fi
  auth=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption -D "$PGDATA")}
  printf '\nhost all all all %s\n' "$auth" >>"$PGDATA/pg_hba.conf"
}

# sql [DATABASE]: runs stdin as the new superuser on the server that only listens on its socket.
sql() {
  PGHOST='' PGHOSTADDR='' PGPASSWORD="$POSTGRES_PASSWORD" psql --no-psqlrc --no-password --set ON_ERROR_STOP=1 \
    --username "$POSTGRES_USER" --dbname "${1:-$POSTGRES_DB}" --quiet
}

make_database() {
  if [[ $POSTGRES_DB == postgres ]]; then return; fi
  PGHOST='' PGHOSTADDR='' PGPASSWORD="$POSTGRES_PASSWORD" createdb --no-password --username "$POSTGRES_USER" \
    --maintenance-db postgres -- "$POSTGRES_DB"
}

run_init_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh)
        say "running $file"
        if [[ -x $file ]]; then "$file"; else
          # shellcheck source=/dev/null
          . "$file"
        fi
        ;;
      *.sql) say "running $file"; sql <"$file" ;;
      *.sql.gz) say "running $file"; gzip -dc "$file" | sql ;;
      *.sql.xz) say "running $file"; xz -dc "$file" | sql ;;
      *.sql.zst) say "running $file"; zstd -dc "$file" | sql ;;
      *) say "ignoring $file" ;;
    esac
  done
}

initialise() {
  setting POSTGRES_PASSWORD
  setting POSTGRES_USER postgres
  setting POSTGRES_DB "$POSTGRES_USER"
  setting POSTGRES_INITDB_ARGS
  : "${POSTGRES_USER:=postgres}" "${POSTGRES_DB:=$POSTGRES_USER}"
  if [[ -z $POSTGRES_PASSWORD && ${POSTGRES_HOST_AUTH_METHOD-} != trust ]]; then
    fail "no superuser password: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE (or POSTGRES_HOST_AUTH_METHOD=trust)"
  fi
  export POSTGRES_USER POSTGRES_DB POSTGRES_PASSWORD
  make_cluster
  if [[ ${1-} == postgres ]]; then shift; fi
  NOTIFY_SOCKET='' PGUSER="$POSTGRES_USER" pg_ctl --pgdata="$PGDATA" --wait --silent \
    --options="$(printf '%q ' "$@" -c listen_addresses= -p "${PGPORT:-5432}")" start
  make_database
  run_init_files
  PGUSER="$POSTGRES_USER" pg_ctl --pgdata="$PGDATA" --mode=fast --wait --silent stop
  unset POSTGRES_PASSWORD
  say 'the new cluster is ready'
}

asks_for_help() {
  local argument
  for argument in "$@"; do
    case $argument in -'?' | --help | --describe-config | -V | --version) return 0 ;; esac
  done
  return 1
}

main() {
  if [[ ${1-} == -* ]]; then set -- postgres "$@"; fi
  if [[ ${1-} == postgres ]] && ! asks_for_help "$@"; then
    if [[ $(id -u) == 0 ]]; then
      own_directories
      exec chroot --userspec=postgres:postgres --skip-chdir / "$0" "$@"
    fi
    mkdir -p "$PGDATA"
    chmod 00700 "$PGDATA" || true
    if [[ ! -s $PGDATA/PG_VERSION ]]; then initialise "$@"; fi
  fi
  exec "$@"
}

main "$@"
