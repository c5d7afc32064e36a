#!/bin/sh
# Two databases and two roles: the records, and the assistant's working copy, which
# may be lost. Run once by the image of PostgreSQL, on an empty volume.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" \
    -v records="$MILEPOST_RECORDS_PASSWORD" -v tracker="$MILEPOST_TRACKER_PASSWORD" <<'SQL'
CREATE ROLE milepost LOGIN PASSWORD :'records';
CREATE DATABASE milepost OWNER milepost;
CREATE ROLE tracker LOGIN PASSWORD :'tracker';
CREATE DATABASE tracker OWNER tracker;
REVOKE CONNECT ON DATABASE milepost FROM PUBLIC;
REVOKE CONNECT ON DATABASE tracker FROM PUBLIC;
SQL
