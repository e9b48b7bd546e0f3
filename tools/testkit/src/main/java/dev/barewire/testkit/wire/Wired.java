package dev.barewire.testkit.wire;

/** A card whose cable this process holds: the device of {@code model:} and of {@code qemu:}. */
public interface Wired {
    /**
     * The far end of the card's cable.
     *
     * @return the end: what is sent there the card receives, what the card sends is polled there
     * @throws IllegalStateException if the cable was plugged in elsewhere when the card was opened
     */
    Wire wire();

    /**
     * Pulls the cable out of the card, or puts it back: the card's link goes down or up.
     *
     * @param up false to pull it out
     */
    void link(boolean up);
}
