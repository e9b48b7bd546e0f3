package dev.barewire.driver.virtio;

import dev.barewire.MacAddress;
import dev.barewire.SetupException;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.rings.virtio.ControlQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * What a network device is told over its control queue (section 5.1.9.5), and what it has been told, so that it can be told
 * again after a reset. A device without a control queue, or without a command, takes in what it likes.
 */
final class VirtioNetControl {
    private static final int RX = 0;
    private static final int RX_PROMISCUOUS = 0;
    private static final int RX_ALL_MULTICAST = 1;
    private static final int MAC = 1;
    private static final int MAC_TABLE_SET = 0;
    private static final int VLAN = 2;
    private static final int VLAN_ADD = 0;
    private static final int VLAN_DELETE = 1;
    private static final int ANNOUNCE = 3;
    private static final int ANNOUNCE_ACKNOWLEDGE = 0;
    private static final int MQ = 4;
    private static final int MQ_PAIRS_SET = 0;
    private static final int MQ_RSS_CONFIG = 1;
    private static final int MQ_HASH_CONFIG = 2;

    private static final int MAC_BYTES = 6;
    private static final int VLANS = 4096;
    /** As many groups as a command has room for. */
    private static final int MOST_GROUPS = (ControlQueue.MAX_DATA - 2 * Integer.BYTES) / MAC_BYTES;
    /** IPv4 and IPv6, alone and with TCP and UDP (5.1.9.4.3.1). */
    private static final int HASH_TYPES = 0x3f;

    private final VirtioFeatures features;
    private final CardSettings settings;
    private final VirtioNetConfig config;
    /** Null while the device cannot be told anything. */
    private ControlQueue queue;
    private boolean promiscuous;
    private boolean allMulticast;
    private List<MacAddress> groups = List.of();
    private BitSet vlans = all();
    private BitSet vlansInDevice = new BitSet();

    VirtioNetControl(final VirtioFeatures features, final CardSettings settings, final VirtioNetConfig config) {
        this.features = features;
        this.settings = settings;
        this.config = config;
    }

    private static BitSet all() {
        final BitSet all = new BitSet(VLANS);
        all.set(0, VLANS);
        return all;
    }

    /**
     * Tells a device that has just been let go all that it shall know.
     *
     * @param control its queue; null if it has none
     * @throws SetupException if it refuses any of it
     */
    void begin(final ControlQueue control) {
        queue = control;
        vlansInDevice = new BitSet();
        setUpQueues();
        tellModes();
        tellGroups();
        tellVlans();
    }

    /** The device is about to be reset. */
    void end() {
        queue = null;
    }

    // ---- which frames

    void promiscuous(final boolean on) {
        promiscuous = on;
        tellModes();
    }

    void allMulticast(final boolean on) {
        allMulticast = on;
        tellModes();
    }

    void multicast(final Collection<MacAddress> wanted) {
        groups = List.copyOf(wanted);
        tellModes();
        tellGroups();
    }

    /** Takes in the VLANs given, or all where null is given. */
    void vlans(final Collection<Integer> wanted) {
        if (wanted != null && !features.has(VirtioFeature.CTRL_VLAN)) {
            throw new SetupException("the device cannot choose frames by their VLAN: see vlan-filter in the offload plan",
                "look at each packet's VLAN instead, or use a device that offers CTRL_VLAN");
        }
        vlans = wanted == null ? all() : new BitSet();
        if (wanted != null) {
            wanted.forEach(vlans::set);
        }
        tellVlans();
    }

    private void tellModes() {
        if (queue != null && features.has(VirtioFeature.CTRL_RX)) {
            tell("take in all frames", RX, RX_PROMISCUOUS, flag(promiscuous));
            tell("take in all multicast frames", RX, RX_ALL_MULTICAST, flag(allMulticast || groups.size() > MOST_GROUPS));
        }
    }

    /** No address beside the device's own, and the groups (5.1.9.5.2). */
    private void tellGroups() {
        if (queue == null || !features.has(VirtioFeature.CTRL_RX)) {
            return;
        }
        final int count = groups.size() > MOST_GROUPS ? 0 : groups.size();
        final ByteBuffer table = data(2 * Integer.BYTES + count * MAC_BYTES).putInt(0).putInt(count);
        for (int i = 0; i < count; i++) {
            for (int octet = 0; octet < MAC_BYTES; octet++) {
                table.put((byte) groups.get(i).octet(octet));
            }
        }
        tell("take in frames for " + count + " groups", MAC, MAC_TABLE_SET, table);
    }

    private void tellVlans() {
        if (queue == null || !features.has(VirtioFeature.CTRL_VLAN)) {
            return;
        }
        for (int id = 0; id < VLANS; id++) {
            if (vlans.get(id) != vlansInDevice.get(id)) {
                tell("filter VLAN " + id, VLAN, vlans.get(id) ? VLAN_ADD : VLAN_DELETE, data(Short.BYTES).putShort((short) id));
                vlansInDevice.set(id, vlans.get(id));
            }
        }
    }

    // ---- queues and hash

    private void setUpQueues() {
        if (queue == null) {
            return;
        }
        if (features.has(VirtioFeature.RSS)) {
            tell("spread frames by their hash", MQ, MQ_RSS_CONFIG, spreading());
        } else if (features.has(VirtioFeature.HASH_REPORT)) {
            tell("hash frames", MQ, MQ_HASH_CONFIG, hashing());
        }
        if (settings.queues() > 1 && !features.has(VirtioFeature.RSS)) {
            tell("use " + settings.queues() + " queues", MQ, MQ_PAIRS_SET,
                data(Short.BYTES).putShort((short) settings.queues()));
        }
    }

    /** Which queue a hash chooses; what has none goes to queue 0 (5.1.9.5.7). */
    private ByteBuffer spreading() {
        final int entries = Integer.highestOneBit(Math.clamp(config.rssTableSize(), 1, CardSettings.MAX_RSS_TABLE));
        final ByteBuffer data = data(4 * Short.BYTES + 1 + entries * Short.BYTES + Short.BYTES + settings.rssKey().length)
            .putInt(config.hashTypes() & HASH_TYPES).putShort((short) (entries - 1)).putShort((short) 0);
        for (int entry = 0; entry < entries; entry++) {
            data.putShort((short) settings.queueOf(entry));
        }
        return key(data.putShort((short) settings.queues()));
    }

    private ByteBuffer hashing() {
        return key(data(Integer.BYTES + 4 * Short.BYTES + 1 + settings.rssKey().length)
            .putInt(config.hashTypes() & HASH_TYPES).putLong(0));
    }

    private ByteBuffer key(final ByteBuffer data) {
        data.put((byte) settings.rssKey().length);
        for (final byte octet : settings.rssKey()) {
            data.put(octet);
        }
        return data;
    }

    /** The device asked the driver to announce itself, and that was heard. */
    void acknowledgeAnnouncement() {
        if (queue != null) {
            queue.execute(ANNOUNCE, ANNOUNCE_ACKNOWLEDGE);
        }
    }

    // ---- commands

    private static ByteBuffer flag(final boolean on) {
        return data(Byte.BYTES).put((byte) (on ? 1 : 0));
    }

    /** Room for exactly so many bytes. */
    private static ByteBuffer data(final int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void tell(final String what, final int commandClass, final int command, final ByteBuffer data) {
        final int answer = queue.execute(commandClass, command, data.array());
        if (answer != ControlQueue.OK) {
            throw new SetupException("the device " + (answer == ControlQueue.ERROR ? "refuses" : "does not answer when told")
                + " to " + what + " (control class " + commandClass + ", command " + command + ")",
                "withhold the feature by NicConfig.withoutFeatures, or see what provides the device");
        }
    }
}
