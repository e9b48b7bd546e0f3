package dev.barewire.driver.virtio;

import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.IommuDomain;
import dev.barewire.dma.IommuMapper;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.MappedMemory;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.NoInterrupts;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.pci.PciConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A virtio network device's registers, which a test makes do wrong what it likes. Its queues stand still, but for the control
 * queue, which answers each command at once. Offsets are the specification's, written down apart from the driver's.
 */
final class FakeVirtio implements DeviceAccess {
    static final int BAR = 4;
    static final int NO_VECTOR = 0xffff;
    private static final int COMMON = 0x0000;
    private static final int ISR = 0x1000;
    private static final int DEVICE = 0x2000;
    private static final int NOTIFY = 0x3000;
    private static final int QUEUES = 5;
    private static final int QUEUE_SIZE = 64;

    /** All that the device offers: VERSION_1, ACCESS_PLATFORM, MAC, STATUS, CTRL_VQ, CTRL_RX, MQ. */
    long offered = 1L << 32 | 1L << 33 | 1 << 5 | 1 << 16 | 1 << 17 | 1 << 18 | 1 << 22;
    boolean refusesFeatures;
    boolean neverResets;
    boolean generationMoves;
    boolean isGone;
    int vectors = 3;
    int answer;
    int notifyOffset = 1;
    /** What the device tells of itself. */
    final byte[] deviceConfig = new byte[24];
    final byte[] config = new byte[256];
    /** Every access to the BAR, such as {@code status=1}. */
    final List<String> trace = new ArrayList<>();
    final List<String> commands = new ArrayList<>();
    int status;
    int said;
    int generation;
    int isr;
    long accepted;
    private int featureSelect;
    private int driverSelect;
    private int queueSelect;
    private int configVector = NO_VECTOR;
    private final List<Map<Integer, Long>> queues = new ArrayList<>();
    private final NavigableMap<Long, MappedMemory> mapped = new TreeMap<>();
    private final IommuDomain domain = new IommuDomain(new IommuMapper() {
        @Override
        public void map(final MappedMemory memory, final long iova, final long bytes, final DmaAccess access) {
            mapped.put(iova, memory);
        }

        @Override
        public void unmap(final long iova, final long bytes) {
            mapped.remove(iova);
        }
    }, List.of(new IovaRange(0, (1L << 39) - 1)));

    FakeVirtio() {
        put(PciConfig.VENDOR_ID, 2, 0x1af4);
        put(PciConfig.DEVICE_ID, 2, 0x1041);
        put(PciConfig.STATUS, 2, PciConfig.STATUS_CAPABILITIES);
        put(PciConfig.CAPABILITIES, 1, 0x40);
        capability(0x40, 0x54, 1, BAR, COMMON, 0x38);
        capability(0x54, 0x68, 3, BAR, ISR, 4);
        capability(0x68, 0x80, 4, BAR, DEVICE, 0x1000);
        capability(0x80, 0, 2, BAR, NOTIFY, 0x1000);
        put(0x82, 1, 20);
        put(0x90, 4, 4);
        for (int i = 0; i < 6; i++) {
            deviceConfig[i] = (byte) (0x52 + i);
        }
        deviceConfig[6] = 1;
        deviceConfig[8] = 2;
        clear();
    }

    void capability(final int at, final int next, final int type, final int bar, final int offset, final int length) {
        put(at, 1, 9);
        put(at + 1, 1, next);
        put(at + 2, 1, 16);
        put(at + 3, 1, type);
        put(at + 4, 1, bar);
        put(at + 8, 4, offset);
        put(at + 12, 4, length);
    }

    void put(final int at, final int width, final int value) {
        for (int i = 0; i < width; i++) {
            config[at + i] = (byte) (value >>> 8 * i);
        }
    }

    private static int get(final byte[] bytes, final int at, final int width) {
        int value = 0;
        for (int i = 0; i < width; i++) {
            value |= Byte.toUnsignedInt(bytes[at + i]) << 8 * i;
        }
        return value;
    }

    private void clear() {
        status = 0;
        accepted = 0;
        configVector = NO_VECTOR;
        queues.clear();
        for (int i = 0; i < QUEUES; i++) {
            queues.add(new HashMap<>(Map.of(0x18, (long) QUEUE_SIZE, 0x1a, (long) NO_VECTOR, 0x1c, 0L)));
        }
    }

    /** What a field of a queue has: the specification's offset of the field. */
    long queue(final int queue, final int field) {
        return queues.get(queue).getOrDefault(field, 0L);
    }

    private int read(final int at, final int width) {
        if (isGone) {
            return (int) ((1L << 8 * width) - 1);
        } else if (at >= NOTIFY) {
            return 0;
        } else if (at >= DEVICE) {
            return get(deviceConfig, at - DEVICE, width);
        } else if (at >= ISR) {
            final int was = isr;
            isr = 0;
            return was;
        }
        return switch (at) {
            case 0x04 -> featureSelect < 2 ? (int) (offered >>> 32 * featureSelect) : 0;
            case 0x10 -> configVector;
            case 0x12 -> QUEUES;
            case 0x14 -> status;
            case 0x15 -> generationMoves ? ++generation & 0xff : generation;
            case 0x1e -> queueSelect * notifyOffset;
            default -> at >= 0x18 && queueSelect < QUEUES ? (int) queue(queueSelect, at) : 0;
        };
    }

    private void write(final int at, final int width, final int value) {
        if (isGone) {
            return;
        }
        if (at >= NOTIFY) {
            trace.add("notify " + (at - NOTIFY) / 4 + " " + width);
            final int control = (accepted & 1 << 22) != 0 ? 4 : 2;
            if ((at - NOTIFY) / 4 == control) {
                answer(control);
            }
            return;
        }
        assert at < ISR : "write at " + at;
        switch (at) {
            case 0x00 -> featureSelect = value;
            case 0x08 -> driverSelect = value;
            case 0x0c -> accepted |= (value & 0xffffffffL) << 32 * driverSelect;
            case 0x10 -> configVector = value < vectors ? value : NO_VECTOR;
            case 0x14 -> status(value);
            case 0x16 -> queueSelect = value;
            case 0x1a -> queues.get(queueSelect).put(at, (long) (value < vectors ? value : NO_VECTOR));
            default -> queues.get(queueSelect).put(at, value & 0xffffffffL);
        }
        if (at == 0x1c) {
            trace.add("enable " + queueSelect);
        }
    }

    private void status(final int value) {
        trace.add("status=" + Integer.toHexString(value));
        if (value == 0 && !neverResets) {
            clear();
        } else if (value != 0) {
            status = refusesFeatures ? value & ~8 : value;
            said = value;
        }
    }

    /** Answers what is new on the control queue, a split one without indirect descriptors. */
    private void answer(final int control) {
        final long descriptors = address(control, 0x20);
        final long available = address(control, 0x28);
        final long used = address(control, 0x30);
        final int size = (int) queue(control, 0x18);
        final int done = memory(used).getShort(offset(used) + 2) & 0xffff;
        final int head = memory(available).getShort(offset(available) + 4 + 2L * (done % size)) & 0xffff;
        int at = head;
        final long command = memory(descriptors).getLong(offset(descriptors) + 16L * at);
        final int length = memory(descriptors).getInt(offset(descriptors) + 16L * at + 8);
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("%02x".formatted(memory(command).getByte(offset(command) + i)));
        }
        commands.add(text.toString());
        while ((memory(descriptors).getShort(offset(descriptors) + 16L * at + 12) & 1) != 0) {
            at = memory(descriptors).getShort(offset(descriptors) + 16L * at + 14) & 0xffff;
        }
        final long ack = memory(descriptors).getLong(offset(descriptors) + 16L * at);
        memory(ack).putByte(offset(ack), (byte) answer);
        memory(used).putInt(offset(used) + 4 + 8L * (done % size), head);
        memory(used).putInt(offset(used) + 8 + 8L * (done % size), 1);
        memory(used).putShortRelease(offset(used) + 2, (short) (done + 1));
    }

    private long address(final int queue, final int field) {
        return queue(queue, field) | queue(queue, field + 4) << 32;
    }

    private MappedMemory memory(final long iova) {
        return mapped.floorEntry(iova).getValue();
    }

    private long offset(final long iova) {
        return iova - mapped.floorKey(iova);
    }

    int mappings() {
        return mapped.size();
    }

    @Override
    public String name() {
        return "fake:virtio";
    }

    @Override
    public PciConfig config() {
        return new PciConfig() {
            @Override
            public int read(final int offset, final int width) {
                return get(config, offset, width);
            }

            @Override
            public void write(final int offset, final int width, final int value) {
                put(offset, width, value);
            }
        };
    }

    @Override
    public Registers bar(final int index) {
        if (index != BAR) {
            throw new IllegalArgumentException("no BAR " + index);
        }
        return new Registers() {
            @Override
            public int read(final int offset) {
                return read(offset, Integer.BYTES);
            }

            @Override
            public void write(final int offset, final int value) {
                write(offset, Integer.BYTES, value);
            }

            @Override
            public int read(final int offset, final int width) {
                check(offset, width);
                return FakeVirtio.this.read(offset, width);
            }

            @Override
            public void write(final int offset, final int width, final int value) {
                check(offset, width);
                FakeVirtio.this.write(offset, width, value);
            }

            /** As wide as the fields of the common configuration are (4.1.3.1). */
            private void check(final int offset, final int width) {
                final int wide = offset >= 0x38 || offset == 0x14 || offset == 0x15 ? width
                    : offset < 0x10 || offset >= 0x20 ? 4 : 2;
                if (offset % width != 0 || width != wide && offset < ISR) {
                    throw new AssertionError(width + " bytes at " + offset);
                }
            }

            @Override
            public int size() {
                return 0x4000;
            }
        };
    }

    @Override
    public IommuDomain domain() {
        return domain;
    }

    @Override
    public InterruptSource interrupts() {
        return new NoInterrupts();
    }

    @Override
    public boolean reset() {
        return false;
    }

    @Override
    public Map<String, String> facts() {
        return Map.of();
    }

    @Override
    public void close() {
        domain.close();
    }
}
