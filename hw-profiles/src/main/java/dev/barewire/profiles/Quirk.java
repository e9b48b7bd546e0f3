package dev.barewire.profiles;

import java.util.List;

/**
 * What differs from a card's manual.
 *
 * @param id          its name, by which the driver switches it
 * @param where       where it is found
 * @param disables    offloads that it makes useless
 * @param avoids      offloads that it makes dangerous: used where they are asked for in hardware, and not else
 * @param description what happens
 * @param source      errata, manual section or observation
 */
public record Quirk(String id, Where where, List<Offload> disables, List<Offload> avoids, String description, String source) {

    /** Where a quirk is found. */
    public enum Where {
        /** In QEMU's model of the card. */
        QEMU,
        /** In the card itself. */
        SILICON,
        /** In both. */
        ALL
    }

    /**
     * Whether it is to be reckoned with.
     *
     * @param onQemu whether the card is QEMU's model of it
     * @return true if so
     */
    public boolean applies(final boolean onQemu) {
        return where == Where.ALL || (where == Where.QEMU) == onQemu;
    }
}
