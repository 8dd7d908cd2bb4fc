#!/bin/sh
# Run once by PostgreSQL's image, on an empty database: Chartdrop's user, which is no superuser, the two roles that
# row-level security goes by, and the database.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres --file "${ROLES_FILE:-/run/secrets/postgres_roles}"
