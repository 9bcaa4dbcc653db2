#!/usr/bin/env bash
# Starts Ceph's S3 gateway with one monitor and one OSD in memory, all below one folder, for tests.
# Debian: apt-get install --no-install-recommends ceph-mon ceph-osd ceph-mgr radosgw
# Usage: radosgw.sh start FOLDER [PORT] | radosgw.sh stop FOLDER
set -euo pipefail

command="${1:?expected start or stop}"
folder="${2:?expected a folder}"
port="${3:-7480}"
export CEPH_CONF="$folder/ceph.conf"

if [ "$command" = stop ]; then
  for file in "$folder"/run/*.pid; do kill "$(cat "$file")" 2>/dev/null || true; done
  exit 0
fi

mkdir -p "$folder"/{mon,osd,run,gateway}
fsid="$(cat /proc/sys/kernel/random/uuid)"
monitor="v1:127.0.0.1:$((port + 9000))"
cat > "$CEPH_CONF" <<CONF
[global]
fsid = $fsid
mon host = $monitor
mon initial members = a
public addr = 127.0.0.1
ms bind ipv6 = false
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data = $folder/mon
mon data avail crit = 1
osd data = $folder/osd
osd objectstore = memstore
memstore device bytes = 2147483648
run dir = $folder/run
admin socket = $folder/run/\$name.asok
pid file = $folder/run/\$name.pid
log file = $folder/\$name.log
setuser match path = $folder
[client.rgw]
rgw data = $folder/gateway
rgw frontends = beast endpoint=127.0.0.1:$port
CONF

monmaptool --create --clobber --fsid "$fsid" --addv a "[$monitor]" "$folder/monmap" > /dev/null
ceph-mon --mkfs -i a --monmap "$folder/monmap"
ceph-mon -i a
# Questions are refused while the monitor is still alone with itself.
for _ in $(seq 60); do
  if ceph --connect-timeout 20 status > /dev/null 2>&1; then break; fi
  sleep 0.5
done
osd="$(ceph osd create)"
ceph-osd -i "$osd" --mkfs > /dev/null 2>&1
# Seen with 16.2: the monitor refuses the first start as one of another cluster, and takes the next.
for _ in $(seq 20); do
  if ceph-osd -i "$osd" > /dev/null 2>&1; then break; fi
  sleep 0.5
done
ceph osd crush add "osd.$osd" 1.0 root=default host=localhost > /dev/null 2>&1
for _ in $(seq 60); do
  if ceph osd stat | grep -q '1 up'; then break; fi
  sleep 0.5
done
radosgw -n client.rgw
for _ in $(seq 120); do
  if curl --silent --output /dev/null "http://127.0.0.1:$port/"; then break; fi
  sleep 0.5
done
radosgw-admin user create --uid=safelight --display-name=safelight \
  --access-key=soak-key-id --secret-key=soak-secret > /dev/null
echo "http://127.0.0.1:$port"
