package dev.barewire.profiles;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a card is and can do.
 *
 * @param name       the card's name, such as {@code 82540EM}
 * @param vendor     who makes it
 * @param family     which driver it needs, such as {@code 8254x}
 * @param ids        the PCI ids that it goes by
 * @param qemuDevice what QEMU calls it; empty where QEMU has none
 * @param qemuSubsystem the subsystem ids of QEMU's model; empty where they are Red Hat's, whatever the device
 * @param interrupts how it signals: {@code intx}, {@code msi} or {@code msix}
 * @param rings      its queues and rings
 * @param frames     the frames that it carries
 * @param split      the buffers that it puts headers and payload apart into, if it can
 * @param offloads   every offload, supported or not
 * @param quirks     what differs from its manual
 */
public record CardProfile(
    String name,
    String vendor,
    String family,
    List<PciId> ids,
    String qemuDevice,
    Optional<PciId> qemuSubsystem,
    String interrupts,
    Rings rings,
    Frames frames,
    Optional<Split> split,
    Map<Offload, Support> offloads,
    List<Quirk> quirks) {

    /** Red Hat's vendor id, which QEMU gives most of its models as their subsystem. */
    private static final int RED_HAT = 0x1af4;

    /**
     * A card's queues and rings.
     *
     * @param rxQueues           receive queues
     * @param txQueues           transmit queues
     * @param minDescriptors     the fewest descriptors of a ring
     * @param maxDescriptors     the most
     * @param descriptorMultiple what their number is a multiple of
     * @param rxBufferSizes      the receive buffer sizes that it can be told, in bytes, ascending
     * @param txDataLimit        the most bytes that one transmit descriptor carries
     * @param txSegments         the most segments of a frame to send
     */
    public record Rings(
        int rxQueues,
        int txQueues,
        int minDescriptors,
        int maxDescriptors,
        int descriptorMultiple,
        List<Integer> rxBufferSizes,
        int txDataLimit,
        int txSegments) {
    }

    /**
     * The frames that a card carries, in bytes without Ethernet header and FCS.
     *
     * @param minMtu the smallest MTU
     * @param maxMtu the largest
     */
    public record Frames(int minMtu, int maxMtu) {
    }

    /**
     * The buffers that a card puts headers and payload apart into.
     *
     * @param headerSizes    the sizes of a header's buffer that it can be told, in bytes, ascending
     * @param payloadSizes   the sizes of a payload's buffer that it can be told, in bytes, ascending
     * @param payloadBuffers the most buffers for payload that a descriptor has
     * @param byLength       whether it cuts after a number of bytes, not after the headers
     * @param inFront        bytes that it writes in front of a frame, for which a header's buffer needs room besides
     */
    public record Split(
        List<Integer> headerSizes, List<Integer> payloadSizes, int payloadBuffers, boolean byLength, int inFront) {
    }

    /**
     * Whether a card has an offload.
     *
     * @param supported whether it has
     * @param note      how, or why not
     * @param source    where that is written
     */
    public record Support(boolean supported, String note, String source) {
    }

    /**
     * The profile of one card, of a kind whose cards differ.
     *
     * @param queues   receive queues, and as many to send, that it has
     * @param maxMtu   its largest MTU
     * @param offloads what it can do
     * @return a changed copy
     */
    public CardProfile with(final int queues, final int maxMtu, final Map<Offload, Support> offloads) {
        return new CardProfile(name, vendor, family, ids, qemuDevice, qemuSubsystem, interrupts,
            new Rings(queues, queues, rings.minDescriptors, rings.maxDescriptors, rings.descriptorMultiple,
                rings.rxBufferSizes, rings.txDataLimit, rings.txSegments),
            new Frames(Math.min(frames.minMtu, maxMtu), maxMtu), split, Map.copyOf(offloads), quirks);
    }

    /**
     * Whether a card of this profile is QEMU's model of it.
     *
     * @param subsystem the subsystem ids in its configuration space
     * @return true if it is
     */
    public boolean isQemu(final PciId subsystem) {
        return qemuSubsystem.map(subsystem::equals).orElse(subsystem.vendor() == RED_HAT);
    }

    /**
     * Whether the card has a quirk.
     *
     * @param id     which
     * @param onQemu whether the card is QEMU's model of it
     * @return true if the card has it
     */
    public boolean hasQuirk(final String id, final boolean onQemu) {
        return quirk(id, onQemu).isPresent();
    }

    /**
     * A quirk of this card.
     *
     * @param id     which
     * @param onQemu whether the card is QEMU's model of it
     * @return the quirk, if the card has it
     */
    public Optional<Quirk> quirk(final String id, final boolean onQemu) {
        return quirks.stream().filter(quirk -> quirk.id().equals(id) && quirk.applies(onQemu)).findFirst();
    }
}
