package dev.barewire.driver.access;

/** A way to reach a card, found by {@link java.util.ServiceLoader}. */
public interface AccessProvider {
    /**
     * The part of a device's name before the first colon.
     *
     * @return such as {@code vfio}
     */
    String scheme();

    /**
     * Opens a card.
     *
     * @param address the part of its name behind the first colon, such as {@code 0000:00:03.0}
     * @return the open card
     * @throws dev.barewire.SetupException with what was found, why it matters and the command that mends it
     */
    DeviceAccess open(String address);
}
