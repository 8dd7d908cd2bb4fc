#!/bin/sh
# Runs a command of chartdrop-server as the service of systemd runs: by its user, with its settings, secrets and folder.
# usage: as-chartdrop COMMAND...      as in: sudo as-chartdrop create-superuser operator@example.com
# Paths are below /var/lib/chartdrop.
set -eu
[ $# -gt 0 ] || { sed -n 's/^# usage: //p' "$0" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "as-chartdrop: it takes root to read the service's secrets: use sudo." >&2; exit 1; }
[ -S /run/dbus/system_bus_socket ] || { echo "as-chartdrop: systemd is asked over the system's bus: install dbus." >&2; exit 1; }

# A terminal for prompts where there is one, else plain pipes. A specifier like the unit's %d would not be expanded here.
exec systemd-run --quiet --collect --wait --pty --pipe \
    --property=User=chartdrop --property=Group=chartdrop --property=UMask=0077 --property=WorkingDirectory=/var/lib/chartdrop \
    --property=LoadCredential=chartdrop:/etc/chartdrop/secrets \
    --property=EnvironmentFile=-/etc/chartdrop/chartdrop-server.env \
    --property=Environment=CHARTDROP_SERVER_DATA_DIR=/var/lib/chartdrop \
    /bin/sh -c 'AWS_SHARED_CREDENTIALS_FILE=$CREDENTIALS_DIRECTORY/chartdrop_aws_credentials exec chartdrop-server "$@"' sh "$@"
