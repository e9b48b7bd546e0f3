package dev.barewire;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.NoInterrupts;
import dev.barewire.driver.card.Card;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.driver.card.RxSplit;
import dev.barewire.driver.pci.PciConfig;
import dev.barewire.fallback.Lineariser;
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
    /** The longest headers that software writes: Ethernet, two tags, IPv6 with extensions, TCP with options. */
    private static final int SCRATCH_BYTES = 256;
    /** As many segments as 64 KiB with an MSS of 128 bytes give. */
    private static final int SCRATCH_SEGMENTS = 512;
    private static final int LINEAR_BYTES = 16384;
    private static final int LINEAR_BUFFERS = 64;
    /** The largest MTU whose frames, with one VLAN tag, a card takes in without being told of long ones. */
    static final int STANDARD_MTU = 1500;
    /** The quirk of a card that takes no frame whose data need more than {@link #FEW} descriptors. */
    private static final String FEW_DESCRIPTORS = "tx-frame-of-few-descriptors";
    private static final int FEW = 64;
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
    private final boolean onQemu;
    private final CardSplit split;
    /** How many buffers the card fills with the longest frame: by what it uses of each, not by what the pool has. */
    private final int rxSegments;
    private final int maxFrame;
    private final List<AutoCloseable> made = new ArrayList<>();
    private BufferPool payloadPool;
    private BufferPool headerPool;
    private BufferPool scratchPool;
    private BufferPool linearPool;
    private Buffer padding;

    NicParts(final String name, final DeviceAccess access, final NicConfig config) {
        final PciConfig pci = access.config();
        final PciId id = new PciId(pci.read(PciConfig.VENDOR_ID, 2), pci.read(PciConfig.DEVICE_ID, 2));
        final PciId subsystem = new PciId(pci.read(SUBSYSTEM_VENDOR_ID, 2), pci.read(SUBSYSTEM_ID, 2));
        counters = new NicCounters(name);
        try {
            // First, since the profiles may still be loading.
            payloadPool = add(config.payloadPool().apply(access.domain()));
            profile = find(name, id);
            onQemu = profile.isQemu(subsystem);
            check(config);
            maxFrame = config.mtu() + TxQueue.FRAME_OVERHEAD;
            if (config.headerPool() != null) {
                headerPool = add(config.headerPool().apply(access.domain()));
            }
            split = CardSplit.of(profile, onQemu, config, payloadPool.bufferSize(),
                headerPool == null ? CardSplit.HEADER_BYTES : headerPool.bufferSize());
            plan = OffloadPlanner.plan(profile, config, onQemu, split);
            if (plan.hardware(Offload.RSS_HASH) && config.rssKey().length != RSS_KEY_BYTES) {
                throw new SetupException("an RSS key of the " + profile.name() + " has " + RSS_KEY_BYTES + " bytes, not "
                    + config.rssKey().length, "give NicConfig.rssKey as many, or switch off rss-hash");
            }
            if (config.mtu() > STANDARD_MTU && !plan.hardware(Offload.JUMBO)) {
                throw new SetupException("an MTU of " + config.mtu() + " needs offload " + Offload.JUMBO.label()
                    + ", which is absent: " + plan.reason(Offload.JUMBO),
                    "leave jumbo to the driver, or choose an MTU of at most " + STANDARD_MTU);
            }
            makePools(access, config);
            interrupts = interrupts(access, config);
            command(pci, PciConfig.COMMAND_MEMORY);
            final CardSettings settings = settings(config);
            rxSegments = settings.split().buffersFor(maxFrame, settings.rxBufferSize());
            card = access.dress(Cards.create(profile, access, settings), ledger);
            made.add(card);
            command(pci, PciConfig.COMMAND_BUS_MASTER);
        } catch (final RuntimeException refused) {
            close().forEach(refused::addSuppressed);
            throw refused;
        }
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
        for (final int descriptors : new int[] {config.rxDescriptors(), config.txDescriptors()}) {
            if (descriptors < rings.minDescriptors() || descriptors > rings.maxDescriptors()
                || descriptors % rings.descriptorMultiple() != 0) {
                throw new SetupException("the " + profile.name() + " has no ring of " + descriptors + " descriptors",
                    "choose a multiple of " + rings.descriptorMultiple() + " from " + rings.minDescriptors() + " to "
                        + rings.maxDescriptors());
            }
        }
    }

    private void makePools(final DeviceAccess access, final NicConfig config) {
        if (!payloadPool.region().memory().isReadable() && needsCpu()) {
            throw new SetupException("the CPU cannot read the receive buffers, but the offload plan gives it work on them",
                "use other memory, or switch off header-split and the rx checksums where the card has none");
        }
        if (headerPool == null && plan.hardware(Offload.HEADER_SPLIT)) {
            headerPool = add(new BufferPool(
                "receive headers", access.domain(), MemoryKind.ANONYMOUS, CardSplit.HEADER_BYTES, payloadPool.count()));
        }
        scratchPool = add(new BufferPool("transmit headers", access.domain(), MemoryKind.ANONYMOUS, SCRATCH_BYTES,
            Math.max(SCRATCH_SEGMENTS, config.txDescriptors()) + TxPrepare.RESERVED_SCRATCH));
        linearPool = add(new BufferPool(
            "transmit gathering", access.domain(), MemoryKind.ANONYMOUS, LINEAR_BYTES, LINEAR_BUFFERS));
        padding = scratchPool.take();
        scratchPool.handOver();
    }

    /** A way to the card may have no vector to wait for, whatever the card can. */
    private static InterruptSource interrupts(final DeviceAccess access, final NicConfig config) {
        final InterruptSource source = config.interrupts() ? access.interrupts() : new NoInterrupts();
        return source.vectors() > 0 ? source : new NoInterrupts();
    }

    private boolean needsCpu() {
        return List.of(Offload.HEADER_SPLIT, Offload.RX_IP_CHECKSUM, Offload.RX_TCP_CHECKSUM, Offload.RX_UDP_CHECKSUM,
            Offload.VLAN_STRIP).stream().anyMatch(plan::software);
    }

    private BufferPool add(final BufferPool pool) {
        made.add(pool);
        return pool;
    }

    private CardSettings settings(final NicConfig config) {
        final boolean splits = plan.hardware(Offload.HEADER_SPLIT);
        return new CardSettings(config.rxDescriptors(), config.txDescriptors(), splits ? split.payloadSize() : bufferSize(),
            splits ? split.buffers() : RxSplit.NONE, profile.rings().txDataLimit(),
            profile.hasQuirk(WITHIN_PAGE, onQemu) ? PAGE : 0, config.mtu() > STANDARD_MTU,
            plan.hardware(Offload.RX_IP_CHECKSUM), plan.hardware(Offload.VLAN_STRIP),
            interrupts.kind() == InterruptSource.Kind.MSIX, plan.hardware(Offload.RSS_HASH) ? config.rssKey() : new byte[0]);
    }

    /** What the card is told of a receive buffer's size when it puts whole frames there. */
    private int bufferSize() {
        final List<Integer> sizes = profile.rings().rxBufferSizes();
        return sizes.stream().filter(fits -> fits <= payloadPool.bufferSize()).max(Integer::compare)
            .orElseThrow(() -> new SetupException("receive buffers of " + payloadPool.bufferSize()
                + " bytes are smaller than any that the " + profile.name() + " can be told of",
                "choose a size of " + sizes));
    }

    RxQueue receiveQueue(final Nic nic, final NicConfig config) {
        final RxFinish finish = new RxFinish(
            plan, config.headerSplit(), payloadPool, headerPool, ledger, counters);
        return new RxQueue(nic, card, 0, payloadPool, plan.hardware(Offload.HEADER_SPLIT) ? headerPool : null, finish,
            interrupts, maxFrame, rxSegments);
    }

    TxQueue transmitQueue(final Nic nic, final NicConfig config) {
        final boolean gathers = plan.hardware(Offload.SCATTER_GATHER);
        final TxPrepare prepare = new TxPrepare(plan, card.txRing(0), maxFrame,
            new TxPrepare.Quirks(profile, onQemu), scratchPool, ledger, counters);
        return new TxQueue(nic, card, 0, prepare, new Lineariser(linearPool, ledger), padding, new TxQueue.TxLimits(
            maxFrame, gathers ? profile.rings().txSegments() : 1,
            profile.hasQuirk(FEW_DESCRIPTORS, onQemu) ? FEW : Integer.MAX_VALUE, config.txPackets(), config.txSegments(),
            rxSegments + RxQueue.HEADER_SEGMENT));
    }

    /** Undoes an opening that failed when the parts were made: stops the card, takes back what it had, and closes. */
    List<RuntimeException> abandon() {
        final List<RuntimeException> problems = new ArrayList<>();
        attempt(problems, card::stop);
        attempt(problems, card.rxRing(0)::drain);
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
        final List<RuntimeException> problems = new ArrayList<>();
        if (padding != null) {
            padding.release();
            padding = null;
        }
        for (final AutoCloseable part : made.reversed()) {
            try {
                part.close();
            } catch (final RuntimeException problem) {
                problems.add(problem);
            } catch (final Exception impossible) {
                throw new AssertionError(impossible);
            }
        }
        made.clear();
        return problems;
    }

    /** The receive buffers: how many, of what, and why of that. */
    String receiveMemory() {
        final Region region = payloadPool.region();
        return payloadPool.count() + " of " + payloadPool.bufferSize() + " bytes, " + region.kind()
            + (region.note().isEmpty() ? "" : ": " + region.note());
    }

    /** How many buffers are not in their pools, but for the one that pads short frames. */
    int buffersOut() {
        int out = padding == null ? 0 : -1;
        for (final AutoCloseable part : made) {
            if (part instanceof BufferPool pool) {
                out += pool.outstanding();
            }
        }
        return out;
    }

    private static void command(final PciConfig pci, final int bits) {
        pci.write(PciConfig.COMMAND, 2, pci.read(PciConfig.COMMAND, 2) | bits);
    }
}
