package dev.barewire.driver.virtio;

import dev.barewire.LinkState;
import dev.barewire.MacAddress;
import dev.barewire.SetupException;
import dev.barewire.dma.DmaDomain;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.card.Card;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.rings.RxRing;
import dev.barewire.rings.TxRing;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A virtio network card (section 5.1). With MSI-X receive queue i signals on vector i and all else on vector 0; transmit
 * queues are looked at and never signal.
 *
 * <p>A device that cannot go on says so (DEVICE_NEEDS_RESET). {@link #recover()} then resets it, sets it up as it was and
 * gives it new rings; the old ones' memory is kept until each queue has gone over, so that no thread waits for another.
 */
public final class VirtioNet implements Card {
    private static final int ISR_CONFIGURATION = 1 << 1;
    private static final int LOCAL_ADDRESS = 0x02;
    private static final int NO_BELL = RxRing.NOTHING;

    private final DmaDomain domain;
    private final CardSettings settings;
    private final VirtioTransport transport;
    private final VirtioWindow window;
    private final VirtioFeatures offered;
    private final VirtioFeatures features;
    private final VirtioNetControl control;
    private final MacAddress mac;
    private VirtioNetConfig config;
    /** Those of the device now; written by who recovers it, and read by queues that were told of that. */
    private VirtioRings rings;
    private boolean live;
    private int generation;
    private boolean hadCause;
    private long recoveries;
    private long announcements;
    /** What a receive ring had to say before the device was let go. */
    private final int[] earlyBells;
    /** Rings that some queue may still use, oldest first, and by queue how many recoveries it knows of; under their lock. */
    private final Deque<VirtioRings> former = new ArrayDeque<>();
    private final long[] rxKnows;
    private final long[] txKnows;
    private long oldest;

    /**
     * Resets the device, settles features and gives it empty rings. It moves nothing yet.
     *
     * @param access   the way to it
     * @param settings how to set it up
     * @throws SetupException if it cannot be driven; its status says FAILED then
     */
    public VirtioNet(final DeviceAccess access, final CardSettings settings) {
        this.domain = access.domain();
        this.settings = settings;
        final VirtioCapabilities structures = VirtioCapabilities.of(access);
        transport = new VirtioTransport(structures);
        window = structures.device();
        earlyBells = new int[settings.queues()];
        Arrays.fill(earlyBells, NO_BELL);
        rxKnows = new long[settings.queues()];
        txKnows = new long[settings.queues()];
        offered = transport.greet();
        try {
            final VirtioFeatures usable = VirtioNegotiation.usable(
                transport, window, offered, VirtioFeatures.named(settings.withheld()), domain);
            features = VirtioNegotiation.wanted(usable, settings);
            config = VirtioNetConfig.read(transport, window, features);
            checkSpreading();
            transport.accept(features);
            rings = new VirtioRings(transport, domain, settings, config.pairs());
            enable(rings);
        } catch (final RuntimeException refused) {
            transport.fail();
            throw refused;
        }
        mac = new MacAddress(features.has(VirtioFeature.MAC) ? config.mac() : localAddress());
        control = new VirtioNetControl(features, settings, config);
    }

    /** An address of nobody's (IEEE 802, 8.4), for a device that has none. */
    private static long localAddress() {
        return (ThreadLocalRandom.current().nextLong() >>> Short.SIZE & ~(3L << 40)) | (long) LOCAL_ADDRESS << 40;
    }

    private void checkSpreading() {
        if (settings.queues() > config.pairs()) {
            throw new SetupException("the device has " + config.pairs() + " queue pairs, not " + settings.queues(),
                "ask for at most so many by NicConfig.queues");
        }
        if (settings.rssTable().length > 0 && settings.queues() > 1 && !features.has(VirtioFeature.RSS)) {
            throw new SetupException("a table of queues is given, but the device does not offer RSS: it spreads frames as it"
                + " likes", "give no NicConfig.rssTable, or use a device that offers RSS");
        }
        final boolean hashes = features.has(VirtioFeature.RSS) || features.has(VirtioFeature.HASH_REPORT);
        if (hashes && settings.rssKey().length > config.rssKeyBytes()) {
            throw new SetupException("the device takes RSS keys of up to " + config.rssKeyBytes() + " bytes, not of "
                + settings.rssKey().length, "switch off rss-hash, or withhold RSS and HASH_REPORT");
        }
    }

    private void enable(final VirtioRings made) {
        try {
            if (settings.vectors()) {
                transport.configVector(0);
            }
            made.enable(transport, settings.vectors());
        } catch (final RuntimeException refused) {
            made.close();
            throw refused;
        }
    }

    // ---- life

    @Override
    public void start() {
        go();
        for (int queue = 0; queue < earlyBells.length; queue++) {
            if (earlyBells[queue] != NO_BELL) {
                rxDoorbell(queue, earlyBells[queue]);
            }
        }
    }

    private void go() {
        transport.go();
        live = true;
        control.begin(rings.control);
        generation = transport.generation();
    }

    @Override
    public void stop() {
        live = false;
        control.end();
        transport.reset();
    }

    @Override
    public void close() {
        synchronized (former) {
            former.forEach(VirtioRings::close);
            former.clear();
        }
        rings.close();
    }

    @Override
    public boolean isLost() {
        return transport.isGone();
    }

    @Override
    public boolean needsReset() {
        return live && transport.needsReset();
    }

    /** {@inheritDoc} Refused if the device offers other features than it did, since what was promised of it would not hold. */
    @Override
    public void recover() {
        live = false;
        control.end();
        try {
            final VirtioFeatures now = transport.greet();
            if (!now.equals(offered)) {
                throw new SetupException("the device came out of its reset with other features: it offers " + now + " and no"
                    + " longer " + offered.without(now), "close it and open it again");
            }
            config = VirtioNetConfig.read(transport, window, features);
            transport.accept(features);
            final VirtioRings fresh = new VirtioRings(transport, domain, settings, config.pairs());
            enable(fresh);
            synchronized (former) {
                former.add(rings);
                recoveries++;
                rings = fresh;
            }
            go();
        } catch (final RuntimeException refused) {
            transport.fail();
            throw refused;
        }
    }

    @Override
    public RxRing switchRxRing(final int queue) {
        return switchRings(rxKnows, queue).rx[queue];
    }

    @Override
    public TxRing switchTxRing(final int queue) {
        return switchRings(txKnows, queue).tx[queue];
    }

    /** Gives the rings of now, and frees the memory of those that no queue uses any more. */
    private VirtioRings switchRings(final long[] knows, final int queue) {
        synchronized (former) {
            knows[queue] = recoveries;
            final long least = Math.min(Arrays.stream(rxKnows).min().orElseThrow(), Arrays.stream(txKnows).min().orElseThrow());
            for (; oldest < least; oldest++) {
                former.remove().close();
            }
            return rings;
        }
    }

    // ---- queues

    @Override
    public RxRing rxRing(final int queue) {
        return rings.rx[queue];
    }

    @Override
    public TxRing txRing(final int queue) {
        return rings.tx[queue];
    }

    /** No notification before the device is let go (3.1.1). */
    @Override
    public void rxDoorbell(final int queue, final int tail) {
        if (live) {
            rings.rxBells[queue].ring(tail);
        } else {
            earlyBells[queue] = tail;
        }
    }

    @Override
    public void txDoorbell(final int queue, final int tail) {
        if (live) {
            rings.txBells[queue].ring(tail);
        }
    }

    // ---- interrupts

    @Override
    public void enableInterrupt(final int queue) {
        rings.rx[queue].enableInterrupts();
    }

    @Override
    public boolean disableInterrupt(final int queue) {
        rings.rx[queue].disableInterrupts();
        if (queue != 0) {
            return false;
        }
        final int status = settings.vectors() ? 0 : transport.interruptStatus();
        final int now = transport.generation();
        final boolean changed = now != generation || (status & ISR_CONFIGURATION) != 0;
        generation = now;
        hadCause = settings.vectors() || status != 0;
        return changed;
    }

    @Override
    public boolean hadCause(final int queue) {
        return queue != 0 || hadCause;
    }

    @Override
    public int vector(final int queue) {
        return settings.vectors() ? queue : 0;
    }

    // ---- what the device tells

    @Override
    public MacAddress mac() {
        return mac;
    }

    /** {@inheritDoc} Up where the device does not tell. Who looks at the link acknowledges a wish for an announcement too. */
    @Override
    public LinkState link() {
        if (isLost()) {
            return LinkState.DOWN;
        }
        if (features.has(VirtioFeature.GUEST_ANNOUNCE) && live && VirtioNetConfig.asksToAnnounce(window)) {
            announcements++;
            control.acknowledgeAnnouncement();
        }
        if (features.has(VirtioFeature.STATUS) && !VirtioNetConfig.isLinkUp(window)) {
            return LinkState.DOWN;
        }
        if (features.has(VirtioFeature.SPEED_DUPLEX)) {
            readSpeed();
        }
        return new LinkState(true, config.mbps(), config.fullDuplex());
    }

    /** A device that changes its speed on and on has the one that it had. */
    private void readSpeed() {
        try {
            config = VirtioNetConfig.read(transport, window, features);
        } catch (final SetupException restless) {
            // Nothing to be told of: the next look reads it again.
        }
    }

    /** {@inheritDoc} A device counts nothing; this is what its driver knows. */
    @Override
    public Map<String, Long> statistics() {
        final Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("announcements-asked-for", announcements);
        counts.put("recoveries", recoveries);
        long badLengths = 0;
        for (final var ring : rings.rx) {
            badLengths += ring.badLengths();
        }
        counts.put("bad-lengths", badLengths);
        return counts;
    }

    @Override
    public void collectStatistics() {
        // a device has no registers that could overflow
    }

    @Override
    public Map<String, Integer> registers() {
        final Map<String, Integer> registers = transport.dump();
        registers.put("features_low", (int) features.bits());
        registers.put("features_high", (int) (features.bits() >>> Integer.SIZE));
        return registers;
    }

    // ---- what the device is told

    @Override
    public void promiscuous(final boolean on) {
        control.promiscuous(on);
    }

    @Override
    public void allMulticast(final boolean on) {
        control.allMulticast(on);
    }

    @Override
    public void multicast(final Collection<MacAddress> groups) {
        control.multicast(groups);
    }

    @Override
    public void vlans(final Collection<Integer> ids) {
        control.vlans(ids);
    }
}
