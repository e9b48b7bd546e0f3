package dev.barewire.driver.access;

import dev.barewire.SetupException;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** Opens a card by its name, whatever the way to it. */
public final class Devices {
    private Devices() {
    }

    /**
     * Opens a card.
     *
     * @param name a scheme and what it makes of the rest, such as {@code vfio:0000:00:03.0}
     * @return the open card
     * @throws SetupException if the JVM lacks a flag, the scheme is not known, or the way to the card is not clear
     */
    public static DeviceAccess open(final String name) {
        JvmFlags.check();
        final int colon = name.indexOf(':');
        final String scheme = name.substring(0, Math.max(0, colon));
        final TreeSet<String> known = new TreeSet<>();
        for (final AccessProvider provider : ServiceLoader.load(AccessProvider.class)) {
            if (provider.scheme().equals(scheme)) {
                return provider.open(name.substring(colon + 1));
            }
            known.add(provider.scheme() + ":");
        }
        throw new SetupException("'" + name + "' does not begin with a known way to reach a card",
            "begin with one of: " + String.join(", ", known));
    }
}
