#!/bin/sh
# Makes every secret that compose.yaml names, once, in ./secrets: random, for this machine alone.
# usage: make-secrets.sh [FOLDER]      What is there stays: a second run changes nothing.
set -eu
folder=${1:-$(dirname "$0")/secrets}
umask 077
mkdir -p "$folder"
cd "$folder"

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
# The folder is its owner's alone; the files are mounted one by one into containers, whose users must read them.
keep() { [ -s "$1" ] || { cat > ".$1"; chmod 0444 ".$1"; mv ".$1" "$1"; }; }
password_of() { sed -n 's/^[^:]*:\/\/[^:]*:\([^@]*\)@.*/\1/p' "$1"; }

random | keep chartdrop_secret_key
random | keep postgres_password
echo "postgresql+psycopg://chartdrop:$(random)@postgres/chartdrop" | keep chartdrop_database_url
echo "redis://:$(random)@valkey:6379/0" | keep chartdrop_broker_url

keep postgres_roles <<SQL
CREATE ROLE chartdrop LOGIN PASSWORD '$(password_of chartdrop_database_url)';
CREATE ROLE chartdrop_tenant NOLOGIN;
CREATE ROLE chartdrop_server NOLOGIN;
GRANT chartdrop_tenant, chartdrop_server TO chartdrop WITH INHERIT FALSE;
CREATE DATABASE chartdrop OWNER chartdrop;
SQL
keep valkey_conf <<CONF
bind * -::*
requirepass $(password_of chartdrop_broker_url)
save ""
appendonly no
maxmemory 128mb
maxmemory-policy noeviction
CONF

if [ ! -s aws_credentials ] || [ ! -s s3_config ]; then
    key=chartdrop secret=$(random)
    rm -f aws_credentials s3_config
    keep aws_credentials <<INI
[default]
aws_access_key_id = $key
aws_secret_access_key = $secret
INI
    keep s3_config <<JSON
{"identities": [{"name": "chartdrop", "credentials": [{"accessKey": "$key", "secretKey": "$secret"}],
  "actions": ["Read:chartdrop", "Write:chartdrop", "List:chartdrop"]}]}
JSON
fi
echo "make-secrets: $PWD holds what compose.yaml needs. Copy it to a safe place away from this machine: without" >&2
echo "chartdrop_secret_key nothing that the server holds can ever be opened again." >&2
