package dev.barewire.tools.traffic;

import dev.barewire.LinkState;
import dev.barewire.Nic;
import dev.barewire.NicCounters;
import dev.barewire.OffloadPlan;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a card's counters say of the time since they were last looked at. */
final class CardRates {
    private static final double NANOS = 1e9;

    private final Nic nic;
    private final Map<NicCounters.Name, Long> totals = new EnumMap<>(NicCounters.Name.class);
    private final Map<NicCounters.Name, Double> rates = new EnumMap<>(NicCounters.Name.class);
    private LinkState link = LinkState.DOWN;
    private long missed;

    CardRates(final Nic nic) {
        this.nic = nic;
        read(1);
    }

    /**
     * Looks again.
     *
     * @param nanos how long ago the last look was
     */
    void look(final long nanos) {
        link = nic.link();
        missed = nic.statistics().getOrDefault("missed-packets", 0L);
        read(nanos);
    }

    /**
     * Looks at the driver's counters a last time, when the card is closed; rates are those of the whole run.
     *
     * @param nanos how long the run was
     */
    void overall(final long nanos) {
        totals.clear();
        read(nanos);
    }

    private void read(final long nanos) {
        nic.counters().forEach((name, value) -> {
            final long before = totals.getOrDefault(name, 0L);
            rates.put(name, (value - before) * NANOS / nanos);
            totals.put(name, value);
        });
    }

    Nic nic() {
        return nic;
    }

    LinkState link() {
        return link;
    }

    long total(final NicCounters.Name name) {
        return totals.get(name);
    }

    double rate(final NicCounters.Name name) {
        return rates.get(name);
    }

    /** Frames that were lost, by the driver's reasons; and what the card had no room for, where it tells. */
    Map<String, Long> drops() {
        final Map<String, Long> drops = new LinkedHashMap<>(nic.counters().drops());
        if (missed > 0) {
            drops.put("card.missed-packets", missed);
        }
        return drops;
    }

    /** How many offloads are where. */
    String plan() {
        final Map<OffloadPlan.State, Integer> counts = new EnumMap<>(OffloadPlan.State.class);
        nic.offloads().forEach((offload, entry) -> counts.merge(entry.state(), 1, Integer::sum));
        return "%d offloads in hardware, %d in software, %d absent".formatted(
            counts.getOrDefault(OffloadPlan.State.HARDWARE, 0), counts.getOrDefault(OffloadPlan.State.SOFTWARE, 0),
            counts.getOrDefault(OffloadPlan.State.ABSENT, 0));
    }

    Map<String, Object> json() {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("device", nic.name());
        json.put("card", nic.card());
        json.put("link_up", link.up());
        json.put("link_mbps", link.mbps());
        json.put("rx", direction(NicCounters.Name.RX_FRAMES, NicCounters.Name.RX_BYTES));
        json.put("tx", direction(NicCounters.Name.TX_FRAMES, NicCounters.Name.TX_BYTES));
        json.put("drops", drops());
        return json;
    }

    private Map<String, Object> direction(final NicCounters.Name frames, final NicCounters.Name bytes) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("frames", total(frames));
        json.put("bytes", total(bytes));
        json.put("frames_per_second", Math.round(rate(frames)));
        json.put("bits_per_second", Math.round(rate(bytes) * Byte.SIZE));
        return json;
    }
}
