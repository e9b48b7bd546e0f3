package dev.barewire.tools.qemu;

import dev.barewire.MacAddress;
import dev.barewire.SetupException;
import dev.barewire.driver.access.DeviceOptions;
import dev.barewire.driver.access.InterruptSource;
import java.nio.file.Path;
import java.util.List;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a name such as {@code qemu:e1000?wire=tap:tap0} asks for.
 *
 * @param name    the whole name
 * @param card    the card, by QEMU's name for it or by its profile's
 * @param qemu    the program to run; empty for the one on the search path
 * @param mac     the card's Ethernet address
 * @param ram     bytes of the machine's RAM, which is all that the card reaches
 * @param wire    what the card is plugged into, {@code kind:rest}; empty for this process
 * @param trace   the file for QEMU's trace of the card; empty for none
 * @param pcap    the file for the traffic as QEMU sees it; empty for none
 * @param interrupts how the card interrupts; null for the best that it can
 * @param properties further properties of QEMU's device, in QEMU's words, each behind a comma
 */
record QemuOptions(String name, String card, String qemu, String mac, long ram, String wire, String trace, String pcap,
    InterruptSource.Kind interrupts, String properties) {
    static final String SCHEME = "qemu";
    private static final String VIRTIO = "virtio";
    private static final Set<String> OWN = Set.of("qemu", "mac", "ram", "wire", "trace", "pcap", DeviceOptions.INTERRUPTS);
    /** Properties of QEMU's virtio-net that change what it offers. */
    private static final Set<String> PROPERTIES = Set.of("packed", "in_order", "event_idx", "indirect_desc", "mrg_rxbuf", "mq",
        "rss", "hash", "host_mtu", "speed", "duplex", "vectors", "rx_queue_size", "tx_queue_size", "queue_reset", "ctrl_vq",
        "ctrl_rx", "ctrl_vlan", "guest_announce", "iommu_platform", "disable-modern", "disable-legacy");
    private static final Set<String> OF_VIRTIO =
        Stream.of(OWN, PROPERTIES).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
    private static final Pattern PROPERTY = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern CARD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([kmg]?)");
    private static final Pattern TCP = Pattern.compile("tcp:(?:\\[([^\\]]+)\\]|([^:]+)):(\\d{1,5})");
    private static final int PORTS = 1 << Short.SIZE;
    /** Of the kernel's names for interfaces. */
    private static final int LONGEST_INTERFACE = 15;
    /** Between two places that a card is plugged into. */
    private static final Pattern NEXT_WIRE = Pattern.compile("\\+(?=(unix|tcp|tap|netdev):)");
    private static final String DEFAULT_RAM = "256m";
    private static final long LEAST_RAM = 4L << 20;
    /** Beyond, a PC's RAM has a hole for its cards. */
    private static final long MOST_RAM = 2L << 30;
    private static final AtomicInteger OPENED = new AtomicInteger();

    /**
     * Takes a name apart.
     *
     * @throws SetupException naming what is wrong with it
     */
    static QemuOptions parse(final String address) {
        final DeviceOptions options = DeviceOptions.parse(SCHEME, address, address.startsWith(VIRTIO) ? OF_VIRTIO : OWN);
        final String name = SCHEME + ":" + address;
        if (!CARD.matcher(options.target()).matches()) {
            throw wrong(name, "'" + options.target() + "' is no card", "write a card's name, such as qemu:e1000");
        }
        final String wire = options.get("wire", "");
        netdevs(name, wire, Path.of(""));
        return new QemuOptions(name, options.target(), options.get("qemu", ""), mac(name, options.get("mac", "")),
            ram(name, options.get("ram", DEFAULT_RAM)), wire, file(name, options, "trace"), file(name, options, "pcap"),
            options.interrupts(), properties(name, options));
    }

    private static String properties(final String name, final DeviceOptions options) {
        final StringBuilder words = new StringBuilder();
        options.options().forEach((key, value) -> {
            if (PROPERTIES.contains(key) && !PROPERTY.matcher(value).matches()) {
                throw wrong(name, key + "=" + value + " is no value of a property", "write " + key + "=on, off or a number");
            } else if (PROPERTIES.contains(key)) {
                words.append(',').append(key).append('=').append(value);
            }
        });
        return words.toString();
    }

    private static String file(final String name, final DeviceOptions options, final String option) {
        final String file = options.get(option, "");
        if (file.isEmpty() && options.options().containsKey(option)) {
            throw wrong(name, option + "= names no file", "write " + option + "=<file>, or leave it out");
        }
        return file;
    }

    /** Cards of one process differ, so that they can be on one wire. */
    private static String mac(final String name, final String wanted) {
        if (wanted.isEmpty()) {
            return "52:54:00:62:77:" + HexFormat.of().toHexDigits((byte) OPENED.incrementAndGet());
        }
        try {
            return MacAddress.parse(wanted).toString();
        } catch (final IllegalArgumentException unreadable) {
            throw wrong(name, unreadable.getMessage(), "write mac=52:54:00:12:34:56");
        }
    }

    private static long ram(final String name, final String wanted) {
        final Matcher parts = SIZE.matcher(wanted);
        if (parts.matches()) {
            final long bytes = Long.parseLong(parts.group(1)) << switch (parts.group(2)) {
                case "k" -> 10;
                case "m" -> 20;
                case "g" -> 30;
                default -> 0;
            };
            if (bytes >= LEAST_RAM && bytes <= MOST_RAM && bytes % LEAST_RAM == 0) {
                return bytes;
            }
        }
        throw wrong(name, "ram=" + wanted + " is not possible", "write a multiple of 4m from ram=4m to ram=2g");
    }

    /** Whether this process holds the far end of the cable. */
    boolean wiredHere() {
        return wire.isEmpty();
    }

    /**
     * The back ends that the card is plugged into. QEMU is the one that connects: a stream that it accepts itself blocks, and
     * QEMU with it, when nobody takes the card's frames.
     *
     * @param socket where this process listens for the cable
     * @return in QEMU's words, without an id; of several each hears what the card and the others send
     */
    List<String> netdevs(final Path socket) {
        return netdevs(name, wire, socket);
    }

    private static List<String> netdevs(final String name, final String wire, final Path socket) {
        return Stream.of(NEXT_WIRE.split(wire)).map(one -> netdev(name, one, socket)).toList();
    }

    private static String netdev(final String name, final String wire, final Path socket) {
        final String rest = wire.substring(wire.indexOf(':') + 1);
        final Matcher tcp = TCP.matcher(wire);
        if (wire.isEmpty()) {
            return stream("unix,addr.path=" + QemuArguments.escaped(socket.toString()));
        } else if (wire.startsWith("unix:") && !rest.isEmpty()) {
            return stream("unix,addr.path=" + QemuArguments.escaped(rest));
        } else if (tcp.matches() && Integer.parseInt(tcp.group(3)) < PORTS) {
            final String host = tcp.group(1) == null ? tcp.group(2) : tcp.group(1);
            return stream("inet,addr.host=" + QemuArguments.escaped(host) + ",addr.port=" + tcp.group(3));
        } else if (wire.startsWith("tap:") && !rest.isEmpty() && rest.length() <= LONGEST_INTERFACE) {
            return "tap,ifname=" + QemuArguments.escaped(rest) + ",script=no,downscript=no";
        } else if (wire.startsWith("netdev:") && !rest.isEmpty()) {
            return rest;
        }
        throw wrong(name, "the card cannot be plugged into '" + wire + "'", "write wire=unix:<socket> or wire=tcp:<host>:<port>"
            + " for a stream to who listens there, wire=tap:<interface>, wire=netdev:<QEMU's words, such as user>, several of"
            + " them joined by '+', or no wire for a cable whose far end this process holds");
    }

    private static String stream(final String address) {
        return "stream,server=off,addr.type=" + address;
    }

    private static SetupException wrong(final String name, final String what, final String mend) {
        return new SetupException(name + ": " + what, mend);
    }
}
