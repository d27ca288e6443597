#!/bin/bash
# Runs once, when the database is made: the role that Grafana reads with. It can change nothing.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$(cat /run/secrets/grafana_db_password)" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE grafana LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
ALTER ROLE grafana SET default_transaction_read_only = on;
ALTER ROLE grafana SET statement_timeout = '15s';
GRANT pg_read_all_data TO grafana;
SQL
