#!/bin/sh
# PostgreSQL's image runs this once, on an empty data folder: it makes the roles and the database.
set -eu
psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
    --set owner_password="$(cat /run/secrets/database-owner-password)" \
    --set app_password="$(cat /run/secrets/database-app-password)" \
    --file /etc/defterhane/roles.sql
