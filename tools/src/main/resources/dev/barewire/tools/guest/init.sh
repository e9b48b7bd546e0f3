#!/bin/busybox sh
# Process 1 of the throw-away guest: makes the host's root file system writable in memory, binds cards, runs one
# command and reports on the virtio-serial ports control, stdout, stderr and dmesg, in this order.
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev /lower /memory /root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
. /lab/config

while read -r module; do
    insmod "/lab/modules/$module" || echo "init: insmod $module failed"
done </lab/modules/order

# The ports appear some time after the module; without them nobody can be told, so the machine goes down.
tries=0
until [ -c "$(echo /dev/vport*p4)" ]; do
    tries=$((tries + 1))
    [ $tries -lt 500 ] || { echo "init: no virtio-serial ports"; poweroff -f; }
    usleep 20000
done
exec 5<>"$(echo /dev/vport*p1)" 6>"$(echo /dev/vport*p2)" 7>"$(echo /dev/vport*p3)" 8>"$(echo /dev/vport*p4)"
echo "init" >&5

fail() {
    echo "failed $*" >&5
    sleep 600
}

mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=512000 host /lower || fail "mount the host's root"
mount -t tmpfs memory /memory
mkdir -p /memory/upper /memory/work
mount -t overlay -o lowerdir=/lower,upperdir=/memory/upper,workdir=/memory/work root /root || fail "mount the overlay"
mkdir -p /root/proc /root/sys /root/dev /root/run /root/tmp
mount -o bind /proc /root/proc
mount -o bind /sys /root/sys
mount -o bind /dev /root/dev
mount -t tmpfs run /root/run
mkdir -p /dev/pts /dev/shm /dev/hugepages
mount -t devpts pts /root/dev/pts
mount -t tmpfs shm /root/dev/shm
mount -t hugetlbfs huge /root/dev/hugepages || fail "mount hugetlbfs"
if [ -n "$WORK" ]; then
    mkdir -p "/root$WORK"
    mount -t 9p -o trans=virtio,version=9p2000.L,cache=mmap,msize=512000 work "/root$WORK" || fail "mount $WORK"
fi

# A name that /etc/hosts knows, so that nothing waits for a name server.
hostname localhost
ip link set lo up
if [ -n "$MANAGEMENT_MAC" ]; then
    for interface in /sys/class/net/*; do
        [ "$(cat "$interface/address")" = "$MANAGEMENT_MAC" ] || continue
        interface=${interface##*/}
        ip address add "$MANAGEMENT_ADDRESS" dev "$interface"
        ip link set "$interface" up
        ip route add default via "$MANAGEMENT_GATEWAY"
    done
fi

for binding in $BINDINGS; do
    function=${binding%%=*}
    driver=${binding#*=}
    device=/sys/bus/pci/devices/$function
    [ -d "$device" ] || fail "find PCI function $function"
    [ ! -e "$device/driver" ] || echo "$function" >"$device/driver/unbind"
    echo "$driver" >"$device/driver_override"
    echo "$function" >/sys/bus/pci/drivers_probe
    [ -d "/sys/bus/pci/drivers/$driver/$function" ] || fail "bind $function to $driver"
done

# Background jobs ignore SIGINT, so the command stays in the foreground and its caretaker goes to the background.
mkdir -p /root/run/barewire
cp /lab/command /root/run/barewire/command
(
    while read -r verb argument <&5; do
        [ "$verb" = signal ] && kill "-$argument" "$(cat /root/run/barewire/pid)"
    done
) 5<&5 6>&- 7>&- 8>&- &
echo "started" >&5
chroot /root /bin/sh /run/barewire/command </dev/null >&6 2>&7 5>&- 8>&-
code=$?

sync
dmesg >&8
for port in 6 7 8; do
    printf '\0%s' "$END" >&$port
done
echo "exit $code" >&5
sleep 600
