package dev.barewire;

import dev.barewire.driver.card.RxSplit;
import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.Quirk;
import java.util.List;
import java.util.Optional;

/**
 * Whether a card can put headers apart into the buffers that there are, and how.
 *
 * @param buffers     what the card is told of a descriptor's buffers; {@link RxSplit#NONE} if it cannot
 * @param payloadSize what it is told of the size of a payload's buffer
 * @param lack        why it cannot; empty if it can, or if its profile says already that it has no split
 */
record CardSplit(RxSplit buffers, int payloadSize, String lack) {
    /** Header buffers where the application gives none: Ethernet, two tags, the longest IPv4 and TCP headers. */
    static final int HEADER_BYTES = 256;
    /** Ethernet, IPv4 and UDP, the shortest headers that end in a transport's. */
    private static final int SHORTEST_HEADERS = 42;
    /** The longest frame without tags that a card takes in unless it is told of long ones. */
    private static final int STANDARD_FRAME = 1518;
    /** The longest that it takes in when it is. */
    private static final int LONG_FRAME = 16384;
    /** The quirk of a card that must not be given more payload than a descriptor takes. */
    private static final String OVERFLOW = "packet-split-overflow";

    /**
     * Finds out.
     *
     * @param payloadBytes what a receive buffer holds
     * @param headerBytes  what a header's buffer holds
     */
    static CardSplit of(final CardProfile profile, final boolean onQemu, final NicConfig config, final int payloadBytes,
        final int headerBytes) {
        if (profile.split().isEmpty()) {
            return cannot("");
        }
        final CardProfile.Split split = profile.split().get();
        if (split.byLength()) {
            return byLength(profile, config, split, payloadBytes, headerBytes);
        }
        final int header = largest(split.headerSizes(), headerBytes);
        final int payload = largest(split.payloadSizes(), payloadBytes);
        if (config.headerSplit().mode() == HeaderSplit.Mode.FIXED) {
            return cannot(profile.name() + ": splits after the headers, not after a number of bytes");
        } else if (header == 0) {
            return cannot(profile.name() + ": no header buffers below " + split.headerSizes().getFirst() + " bytes, such as "
                + "those of " + headerBytes);
        } else if (payload == 0) {
            return cannot(profile.name() + ": splits into no receive buffers below " + split.payloadSizes().getFirst()
                + " bytes, such as those of " + payloadBytes);
        }
        final boolean isLong = config.mtu() > NicParts.STANDARD_MTU;
        final Optional<Quirk> overflow = profile.quirk(OVERFLOW, onQemu);
        final int frame = !isLong ? STANDARD_FRAME : overflow.isPresent() ? LONG_FRAME : config.mtu() + TxQueue.FRAME_OVERHEAD;
        final int buffers = (frame + payload - 1) / payload;
        if (buffers > split.payloadBuffers() && overflow.isPresent()) {
            return cannot(profile.name() + " on QEMU: " + overflow.get().description() + "; " + split.payloadBuffers()
                + " receive buffers of " + payloadBytes + " bytes are less");
        }
        return new CardSplit(new RxSplit(header, Math.min(buffers, split.payloadBuffers()), config.headerSplit().always()), payload, "");
    }

    /**
     * A card that cuts after a number of bytes. Where the end of the headers is wanted it cuts where they end at the earliest,
     * so that no payload comes before the cut; software moves what is left of longer headers.
     */
    private static CardSplit byLength(final CardProfile profile, final NicConfig config, final CardProfile.Split split,
        final int payloadBytes, final int headerBytes) {
        final boolean isFixed = config.headerSplit().mode() == HeaderSplit.Mode.FIXED;
        final int header = isFixed ? config.headerSplit().bytes() : SHORTEST_HEADERS;
        final int payload = largest(split.payloadSizes(), payloadBytes);
        final int frame = config.largeReceive() ? NicParts.LARGE_FRAME : config.mtu() + TxQueue.FRAME_OVERHEAD;
        if (header + split.inFront() > headerBytes) {
            return cannot(profile.name() + ": writes up to " + split.inFront() + " bytes in front of a frame's first " + header
                + ", for which header buffers of " + headerBytes + " have no room");
        } else if (payload == 0) {
            return cannot(profile.name() + ": splits into no receive buffers below " + split.payloadSizes().getFirst()
                + " bytes, such as those of " + payloadBytes);
        }
        final int buffers = Math.max(1, (frame - header + payload - 1) / payload);
        if (buffers > split.payloadBuffers()) {
            return cannot(profile.name() + ": fills at most " + split.payloadBuffers() + " receive buffers a frame, and one of "
                + frame + " bytes needs " + buffers);
        }
        return new CardSplit(new RxSplit(header, buffers), payload, "");
    }

    private static CardSplit cannot(final String lack) {
        return new CardSplit(RxSplit.NONE, 0, lack);
    }

    private static int largest(final List<Integer> sizes, final int limit) {
        return sizes.stream().filter(size -> size <= limit).mapToInt(Integer::intValue).max().orElse(0);
    }
}
