package dev.barewire.testkit.model;

import dev.barewire.MacAddress;
import dev.barewire.SetupException;
import dev.barewire.driver.access.DeviceOptions;
import dev.barewire.driver.access.InterruptSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How a model shall be.
 *
 * @param card    its name
 * @param mac     its Ethernet address
 * @param seed    what its delays are drawn from
 * @param strict  whether the driver is watched and every liberty taken that the data sheet gives
 * @param hostile what it shall do wrong; empty if nothing
 * @param wire    where its cable leads: empty for this process, {@code unix:}, {@code tcp:} or {@code cable:}
 * @param qemu    whether it shall say that it is QEMU's
 * @param interrupts how it shall interrupt; null for the best that it can
 */
record ModelOptions(String card, MacAddress mac, long seed, boolean strict, String hostile, String wire, boolean qemu,
    InterruptSource.Kind interrupts) {
    private static final Set<String> NAMES = Set.of("mac", "seed", "rules", "hostile", "wire", "as", DeviceOptions.INTERRUPTS);
    private static final AtomicInteger CARDS = new AtomicInteger();

    static ModelOptions parse(final String address) {
        final DeviceOptions given = DeviceOptions.parse(ModelAccessProvider.SCHEME, address, NAMES);
        return new ModelOptions(given.target(), mac(given), seed(given),
            choice(given, "rules", "strict", "off").equals("strict"), given.get("hostile", ""), given.get("wire", ""),
            choice(given, "as", "silicon", "qemu").equals("qemu"), given.interrupts());
    }

    private static MacAddress mac(final DeviceOptions given) {
        final String wanted = given.get("mac", "");
        if (wanted.isEmpty()) {
            // Locally administered, and unlike those of other JVMs that may be at the other end of a socket.
            return new MacAddress(0x02L << 40 | (ProcessHandle.current().pid() & 0xff_ffffL) << 16
                | CARDS.incrementAndGet() & 0xffff);
        }
        final MacAddress mac;
        try {
            mac = MacAddress.parse(wanted);
        } catch (final IllegalArgumentException wrong) {
            throw new SetupException("'mac=" + wanted + "' is no Ethernet address",
                "write six bytes in hexadecimal, such as mac=52:54:00:00:00:01");
        }
        if (mac.isMulticast() || mac.value() == 0) {
            throw new SetupException("'mac=" + wanted + "' is the address of a group or of nobody, and of no card",
                "give one whose first byte is even, such as mac=52:54:00:00:00:01");
        }
        return mac;
    }

    private static long seed(final DeviceOptions given) {
        final String seed = given.get("seed", "1");
        try {
            return Long.parseLong(seed);
        } catch (final NumberFormatException wrong) {
            throw new SetupException("'seed=" + seed + "' is no number", "write a whole number, such as seed=1");
        }
    }

    private static String choice(final DeviceOptions given, final String name, final String usual, final String other) {
        final String chosen = given.get(name, usual);
        if (!chosen.equals(usual) && !chosen.equals(other)) {
            throw new SetupException("'" + name + "=" + chosen + "' is not known to " + ModelAccessProvider.SCHEME + ":",
                "write " + name + "=" + usual + " or " + name + "=" + other);
        }
        return chosen;
    }
}
