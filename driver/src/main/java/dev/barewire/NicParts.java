package dev.barewire;

import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.Region;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.NoInterrupts;
import dev.barewire.driver.card.Card;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.driver.card.RxSplit;
import dev.barewire.driver.pci.PciConfig;
import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.Offload;
import dev.barewire.profiles.PciId;
import dev.barewire.profiles.Profiles;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a {@link Nic} is put together from, made in order and freed in the opposite one, also half-way. */
final class NicParts {
    private static final int SUBSYSTEM_VENDOR_ID = 0x2c;
    private static final int SUBSYSTEM_ID = 0x2e;
    /** The largest MTU whose frames, with one VLAN tag, a card takes in without being told of long ones. */
    static final int STANDARD_MTU = 1500;
    /** The longest that stands for several packets: 64 KiB of IP packet. */
    static final int LARGE_FRAME = 65535 + TxQueue.FRAME_OVERHEAD;
    /** The most that a card writes in front of a received frame, into its first buffer. */
    private static final int IN_FRONT = 20;
    /** The quirk of a card that takes no frame whose data need more than {@link #FEW} descriptors. */
    private static final String FEW_DESCRIPTORS = "tx-frame-of-few-descriptors";
    private static final int FEW = 64;
    private static final List<Offload> CHECKSUMS =
        List.of(Offload.RX_IP_CHECKSUM, Offload.RX_TCP_CHECKSUM, Offload.RX_UDP_CHECKSUM);
    private static final int RSS_KEY_BYTES = 40;
    /** The quirk of a card whose transmit descriptors must point at one page each. */
    private static final String WITHIN_PAGE = "tx-descriptor-within-page";
    /** The smallest page of an IOMMU. */
    private static final int PAGE = 4096;

    final CardProfile profile;
    final OffloadPlan plan;
    final NicCounters counters;
    final CopyLedger ledger = new CopyLedger();
    final InterruptSource interrupts;
    final Card card;
    final int maxFrame;
    /** The longest frame that is received. */
    final int rxMaxFrame;
    /** How many buffers the card fills with the longest frame: by what it uses of each, not by what the pool has. */
    final int rxSegments;
    private final boolean onQemu;
    private final CardSplit split;
    private final List<QueueParts> queues = new ArrayList<>();
    private final BufferPool payloadPool;

    NicParts(final String name, final DeviceAccess access, final NicConfig config) {
        final PciConfig pci = access.config();
        final PciId id = new PciId(pci.read(PciConfig.VENDOR_ID, 2), pci.read(PciConfig.DEVICE_ID, 2));
        final PciId subsystem = new PciId(pci.read(SUBSYSTEM_VENDOR_ID, 2), pci.read(SUBSYSTEM_ID, 2));
        counters = new NicCounters(name, config.queues());
        Card made = null;
        try {
            // First, since the profiles may still be loading.
            payloadPool = addQueue(access, config).payload();
            command(pci, PciConfig.COMMAND_MEMORY);
            profile = Cards.identify(find(name, id), access, config.withheldFeatures());
            onQemu = profile.isQemu(subsystem);
            check(config);
            maxFrame = config.mtu() + TxQueue.FRAME_OVERHEAD;
            rxMaxFrame = config.largeReceive() ? LARGE_FRAME : maxFrame;
            while (queues.size() < config.queues()) {
                addQueue(access, config);
            }
            final BufferPool headerPool = queues.getFirst().headers();
            split = CardSplit.of(profile, onQemu, config, payloadPool.bufferSize(),
                headerPool == null ? CardSplit.HEADER_BYTES : headerPool.bufferSize());
            plan = OffloadPlanner.plan(profile, config, onQemu, split);
            checkPlan(config);
            queues.forEach(queue -> queue.makeOwnPools(config, plan));
            interrupts = interrupts(access, config);
            final CardSettings settings = settings(config);
            rxSegments = settings.split().buffersFor(rxMaxFrame + IN_FRONT, settings.rxBufferSize());
            made = access.dress(Cards.create(profile, onQemu, access, settings), ledger);
            command(pci, PciConfig.COMMAND_BUS_MASTER);
        } catch (final RuntimeException refused) {
            close(made).forEach(refused::addSuppressed);
            throw refused;
        }
        card = made;
    }

    private QueueParts addQueue(final DeviceAccess access, final NicConfig config) {
        final QueueParts queue = new QueueParts(queues.size(), access.domain());
        queues.add(queue);
        queue.makeGivenPools(config, queues.getFirst());
        return queue;
    }

    private static CardProfile find(final String name, final PciId id) {
        final Profiles profiles = Profiles.builtIn();
        return profiles.byId(id).orElseThrow(() -> new SetupException(
            name + " is a card " + id + ", which has no profile",
            "choose one of the cards that have: " + profiles.all().stream()
                .map(known -> known.name() + " (" + known.ids().getFirst() + ")").collect(Collectors.joining(", "))
                + "; or write a profile if it belongs to a family that has a driver"));
    }

    private void check(final NicConfig config) {
        final CardProfile.Frames frames = profile.frames();
        if (config.mtu() < frames.minMtu() || config.mtu() > frames.maxMtu()) {
            throw new SetupException("an MTU of " + config.mtu() + " is out of the range of the " + profile.name(),
                "choose an MTU from " + frames.minMtu() + " to " + frames.maxMtu());
        }
        final CardProfile.Rings rings = profile.rings();
        final int most = Math.min(rings.rxQueues(), rings.txQueues());
        if (config.queues() > most) {
            throw new SetupException("the " + profile.name() + " has not " + config.queues() + " queues but " + most,
                "ask for at most so many");
        }
        for (final int descriptors : new int[] {config.rxDescriptors(), config.txDescriptors()}) {
            if (descriptors < rings.minDescriptors() || descriptors > rings.maxDescriptors()
                || descriptors % rings.descriptorMultiple() != 0) {
                throw new SetupException("the " + profile.name() + " has no ring of " + descriptors + " descriptors",
                    "choose a multiple of " + rings.descriptorMultiple() + " from " + rings.minDescriptors() + " to "
                        + rings.maxDescriptors());
            }
        }
    }

    private void checkPlan(final NicConfig config) {
        if (config.queues() > 1 && !plan.hardware(Offload.MULTI_QUEUE)) {
            throw new SetupException(config.queues() + " queues are asked for, but multi-queue is "
                + plan.state(Offload.MULTI_QUEUE) + ": " + plan.reason(Offload.MULTI_QUEUE),
                "ask for one queue, or leave multi-queue to the driver");
        }
        checkTable(config.rssTable(), config.queues());
        if (spreads() && config.rssKey().length != RSS_KEY_BYTES) {
            throw new SetupException("an RSS key of the " + profile.name() + " has " + RSS_KEY_BYTES + " bytes, not "
                + config.rssKey().length, "give NicConfig.rssKey as many, or switch off rss-hash");
        }
        if (config.mtu() > STANDARD_MTU && !plan.hardware(Offload.JUMBO)) {
            throw new SetupException("an MTU of " + config.mtu() + " needs offload " + Offload.JUMBO.label()
                + ", which is absent: " + plan.reason(Offload.JUMBO),
                "leave jumbo to the driver, or choose an MTU of at most " + STANDARD_MTU);
        }
        if (config.badChecksums() != BadChecksums.DELIVER
            && CHECKSUMS.stream().anyMatch(sum -> plan.state(sum) == OffloadPlan.State.ABSENT)) {
            throw new SetupException("frames with wrong checksums are to be kept back or scrubbed, but not all checksums are "
                + "verified", "leave " + CHECKSUMS.stream().map(Offload::label).collect(Collectors.joining(", "))
                + " to the driver");
        }
        if (config.badChecksums() == BadChecksums.SCRUB
            && queues.stream().anyMatch(queue -> !queue.payload().region().memory().isWritable())) {
            throw new SetupException("the CPU cannot write to the receive buffers, so that it cannot scrub them",
                "use other memory, or BadChecksums.WITHHOLD");
        }
        if (needsCpu() && queues.stream().anyMatch(queue -> !queue.payload().region().memory().isReadable())) {
            throw new SetupException("the CPU cannot read the receive buffers, but the offload plan gives it work on them",
                "use other memory, or switch off header-split and the rx checksums where the card has none");
        }
    }

    private static void checkTable(final int[] table, final int queues) {
        if (table.length > 0 && (Integer.bitCount(table.length) != 1 || table.length > CardSettings.MAX_RSS_TABLE)) {
            throw new SetupException("NicConfig.rssTable has " + table.length + " entries",
                "give it a power of two, at most " + CardSettings.MAX_RSS_TABLE);
        }
        for (int entry = 0; entry < table.length; entry++) {
            if (table[entry] < 0 || table[entry] >= queues) {
                throw new SetupException("NicConfig.rssTable sends entry " + entry + " to queue " + table[entry] + " of "
                    + queues, "name queues from 0 to " + (queues - 1) + ", or ask for more by NicConfig.queues");
            }
        }
    }

    /** Whether the card hashes frames, to tell of the hash or to choose a queue by it. */
    private boolean spreads() {
        return plan.hardware(Offload.RSS_HASH) || plan.hardware(Offload.MULTI_QUEUE);
    }

    /**
     * A way to the card may have no vector to wait for, whatever the card can. Queues that share one cannot sleep apart, so
     * that they do not sleep on it at all.
     */
    private static InterruptSource interrupts(final DeviceAccess access, final NicConfig config) {
        final InterruptSource source = config.interrupts() ? access.interrupts() : new NoInterrupts();
        final boolean apart = source.kind() == InterruptSource.Kind.MSIX && source.vectors() >= config.queues();
        return source.vectors() > 0 && (config.queues() == 1 || apart) ? source : new NoInterrupts();
    }

    private boolean needsCpu() {
        return List.of(Offload.HEADER_SPLIT, Offload.RX_IP_CHECKSUM, Offload.RX_TCP_CHECKSUM, Offload.RX_UDP_CHECKSUM,
            Offload.VLAN_STRIP).stream().anyMatch(plan::software);
    }

    private CardSettings settings(final NicConfig config) {
        final boolean splits = plan.hardware(Offload.HEADER_SPLIT);
        return new CardSettings(config.rxDescriptors(), config.txDescriptors(), splits ? split.payloadSize() : bufferSize(),
            splits ? split.buffers() : RxSplit.NONE, profile.rings().txDataLimit(),
            profile.hasQuirk(WITHIN_PAGE, onQemu) ? PAGE : 0, config.mtu() > STANDARD_MTU,
            plan.hardware(Offload.RX_IP_CHECKSUM), plan.hardware(Offload.VLAN_STRIP),
            interrupts.kind() == InterruptSource.Kind.MSIX, spreads() ? config.rssKey() : new byte[0], config.queues(),
            config.rssTable(), (int) config.interruptModeration().toNanos(), plan.byCard(), rxMaxFrame,
            config.largeReceive(), config.withheldFeatures());
    }

    /** What the card is told of a receive buffer's size when it puts whole frames there. */
    private int bufferSize() {
        final List<Integer> sizes = profile.rings().rxBufferSizes();
        return sizes.stream().filter(fits -> fits <= payloadPool.bufferSize()).max(Integer::compare)
            .orElseThrow(() -> new SetupException("receive buffers of " + payloadPool.bufferSize()
                + " bytes are smaller than any that the " + profile.name() + " can be told of",
                "choose a size of " + sizes));
    }

    RxQueue[] receiveQueues(final Nic nic, final NicConfig config) {
        return queues.stream().map(queue -> queue.receiveQueue(nic, this, config)).toArray(RxQueue[]::new);
    }

    TxQueue[] transmitQueues(final Nic nic, final NicConfig config) {
        final boolean gathers = plan.hardware(Offload.SCATTER_GATHER);
        final TxPrepare.Quirks quirks = new TxPrepare.Quirks(profile, onQemu);
        final TxQueue.TxLimits limits = new TxQueue.TxLimits(maxFrame, gathers ? profile.rings().txSegments() : 1,
            profile.hasQuirk(FEW_DESCRIPTORS, onQemu) ? FEW : Integer.MAX_VALUE, config.txPackets(), config.txSegments(),
            rxSegments + RxQueue.HEADER_SEGMENT);
        return queues.stream().map(queue -> queue.transmitQueue(nic, this, quirks, limits)).toArray(TxQueue[]::new);
    }

    /** Undoes an opening that failed when the parts were made: stops the card, takes back what it had, and closes. */
    List<RuntimeException> abandon() {
        final List<RuntimeException> problems = new ArrayList<>();
        attempt(problems, card::stop);
        for (int queue = 0; queue < queues.size(); queue++) {
            attempt(problems, card.rxRing(queue)::drain);
        }
        problems.addAll(close());
        return problems;
    }

    /** Takes a step of tidying up: the others are taken whatever becomes of it. */
    static void attempt(final List<RuntimeException> problems, final Runnable step) {
        try {
            step.run();
        } catch (final RuntimeException failed) {
            problems.add(failed);
        }
    }

    /** Lets the card reach no more memory and answers with what could not be freed in order. */
    List<RuntimeException> close() {
        return close(card);
    }

    private List<RuntimeException> close(final Card made) {
        final List<RuntimeException> problems = new ArrayList<>();
        if (made != null) {
            attempt(problems, made::close);
        }
        queues.reversed().forEach(queue -> queue.close(problems));
        return problems;
    }

    /** What ends the sleep of a queue's thread. */
    String sleep() {
        return interrupts.vectors() == 0 ? "looks every millisecond: no vector for each queue, or none wanted"
            : interrupts.kind() + (queues.size() == 1 ? "" : ", a vector for each queue");
    }

    /** The receive buffers: how many, of what, and why of that. */
    String receiveMemory() {
        final Region region = payloadPool.region();
        final String each = queues.size() == 1 ? "" : " for each queue";
        return payloadPool.count() + each + " of " + payloadPool.bufferSize() + " bytes, " + region.kind()
            + (region.note().isEmpty() ? "" : ": " + region.note());
    }

    /** How many buffers are not in their pools, but for those that pad short frames. */
    int buffersOut() {
        return queues.stream().mapToInt(QueueParts::buffersOut).sum();
    }

    private static void command(final PciConfig pci, final int bits) {
        pci.write(PciConfig.COMMAND, 2, pci.read(PciConfig.COMMAND, 2) | bits);
    }
}
