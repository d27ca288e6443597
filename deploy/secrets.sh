#!/bin/sh
# Makes the passwords that docker-compose.yml reads, once: random, in ./.secrets, which git ignores. Nothing has a default.
# The files can be read by the containers' users; the folder only by its owner.
set -eu
cd "$(dirname "$0")/.."
umask 077
mkdir -p .secrets

password() {
    [ -s ".secrets/$1" ] || { head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n=' > ".secrets/$1"; echo "made .secrets/$1" >&2; }
    chmod 444 ".secrets/$1"
}

password postgres_password
password grafana_db_password
password grafana_admin_password
[ -s .secrets/database_url ] ||
    printf 'postgresql+psycopg://tocsin:%s@postgres:5432/tocsin' "$(cat .secrets/postgres_password)" > .secrets/database_url
chmod 444 .secrets/database_url
