#!/bin/sh
# Boots the Debian in ROOT: its systemd is the first process of namespaces of its own, in the cgroup GROUP; the network is
# this machine's. Nothing of it is left once that process is killed, but the folder's content.
# usage: boot.sh ROOT GROUP
set -eu
echo $$ > "$2/cgroup.procs"
exec unshare --pid --fork --kill-child --mount --cgroup --uts --ipc sh -euc '
root=$1
mount --make-rprivate /
mount --rbind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys  # the settings of the kernel are not its to change
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
    : > "dev/$device"
    mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
# chroot would not do: in one, nobody may make user namespaces, as services with PrivateUsers do. See pivot_root(2).
pivot_root . .
umount --lazy .
mount --make-rshared /  # as on any machine: systemd hands services their credentials by it
exec env -i container=chartdrop PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd
' sh "$1"
