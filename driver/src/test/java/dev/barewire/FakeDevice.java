package dev.barewire;

import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.IommuDomain;
import dev.barewire.dma.IommuMapper;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.MappedMemory;
import dev.barewire.driver.access.AccessProvider;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.NoInterrupts;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.intel.IntelEepromTest;
import dev.barewire.driver.intel.IntelRegister;
import dev.barewire.driver.intel.RecordedRegisters;
import dev.barewire.driver.pci.PciConfig;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * {@code fake:<anything>}: just enough of an 82540EM, or of an 82574L, for the queues' own tests. It moves frames only when
 * a test says so, and lies when a test wants it to.
 */
public final class FakeDevice implements DeviceAccess {
    private static final int RST = 1 << 26;
    private static final int DESCRIPTOR = 16;
    private static final int SPLIT_DESCRIPTOR = 32;
    /** An 82574L's device id. */
    static final int I82574L = 0x10d3;
    /** The device that was opened last. */
    static FakeDevice last;
    /** What the next one shall say it is, and whether it is QEMU's. */
    static int nextDeviceId = 0x100e;
    static int nextSubsystemVendor = 0x1af4;
    /** How the next one interrupts. */
    static InterruptSource nextInterrupts = new NoInterrupts();

    final RecordedRegisters registers = IntelEepromTest.addEeprom(new RecordedRegisters(), 0)
        .onWrite(IntelRegister.CTRL, written -> written & ~RST)
        .onRead(IntelRegister.STATUS, same -> 0x83);
    final Map<Integer, Integer> config = new HashMap<>(Map.of(
        PciConfig.VENDOR_ID, 0x8086, PciConfig.DEVICE_ID, nextDeviceId, 0x2c, nextSubsystemVendor));
    boolean closed;
    /** What the way to it has heard of why it goes. */
    volatile String fault = "";
    /** What the next packet-split descriptor has for its hash and the hash's type. */
    long nextHash;
    private final InterruptSource interrupts;
    private final NavigableMap<Long, MappedMemory> mapped = new TreeMap<>();
    /** Which queue pair it moves frames on. */
    int queue;
    private final int[] rxHead = new int[2];
    private final int[] txHead = new int[2];
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

    FakeDevice() {
        last = this;
        if (nextDeviceId == I82574L) {
            IntelEepromTest.addPcieEeprom(registers);
        }
        nextDeviceId = 0x100e;
        nextSubsystemVendor = 0x1af4;
        interrupts = nextInterrupts;
        nextInterrupts = new NoInterrupts();
    }

    /** Found by ServiceLoader. */
    public static final class Provider implements AccessProvider {
        /** For ServiceLoader. */
        public Provider() {
        }

        @Override
        public String scheme() {
            return "fake";
        }

        @Override
        public DeviceAccess open(final String address) {
            return new FakeDevice();
        }
    }

    /** Receives a frame as a card would: over as many buffers as it takes. False if there are too few. */
    boolean receive(final byte[] frame) {
        final int size = 2048;
        for (int at = 0; at < frame.length || at == 0; at += size) {
            final int length = Math.min(size, frame.length - at);
            final boolean end = at + length == frame.length;
            if (!descriptor(frame, at, length, end ? 0x07 : 0x05, 0)) {
                return false;
            }
        }
        return true;
    }

    /** Writes one receive descriptor, whatever it says. */
    boolean descriptor(final byte[] data, final int from, final int length, final int status, final int errors) {
        if (rxHead[queue] == registers.stored(IntelRegister.RDT, queue)) {
            return false;
        }
        final long at = base(IntelRegister.RDBAL) + (long) rxHead[queue] * DESCRIPTOR;
        final long buffer = memory(at).getLong(offset(at));
        for (int i = 0; i < Math.min(length, data.length - from); i++) {
            memory(buffer).putByte(offset(buffer) + i, data[from + i]);
        }
        final long rest = length & 0xffff | (long) status << 32 | (long) errors << 40;
        memory(at).putLongRelease(offset(at) + 8, rest);
        rxHead[queue] = (rxHead[queue] + 1) % (registers.stored(IntelRegister.RDLEN, queue) / DESCRIPTOR);
        return true;
    }

    /**
     * Writes one packet-split receive descriptor, whatever it says.
     *
     * @param cut          how much of the data goes into the header's buffer; the rest is for the first payload buffer
     * @param headerStatus what the descriptor says of the header
     */
    boolean splitDescriptor(final byte[] data, final int cut, final int headerStatus, final int statusErrors) {
        if (2 * rxHead[queue] == registers.stored(IntelRegister.RDT, queue)) {
            return false;
        }
        final long at = base(IntelRegister.RDBAL) + (long) rxHead[queue] * SPLIT_DESCRIPTOR;
        final MappedMemory ring = memory(at);
        final long header = ring.getLong(offset(at));
        final long payload = ring.getLong(offset(at) + 8);
        for (int i = 0; i < data.length; i++) {
            final long place = i < cut ? header + i : payload + i - cut;
            memory(place).putByte(offset(place), data[i]);
        }
        ring.putLong(offset(at), nextHash);
        nextHash = 0;
        ring.putLong(offset(at) + 16, headerStatus | (long) (data.length - cut) << 16);
        ring.putLong(offset(at) + 24, 0);
        ring.putLongRelease(offset(at) + 8, statusErrors & 0xffff_ffffL | (long) cut << 32);
        rxHead[queue] = (rxHead[queue] + 1) % (registers.stored(IntelRegister.RDLEN, queue) / SPLIT_DESCRIPTOR);
        return true;
    }

    /** Sends what has been posted; gives the frames' bytes as they lie, offloads undone. */
    List<byte[]> transmit() {
        final List<byte[]> frames = new ArrayList<>();
        final ByteArrayOutputStream frame = new ByteArrayOutputStream();
        while (txHead[queue] != registers.stored(IntelRegister.TDT, queue)) {
            final long at = base(IntelRegister.TDBAL) + (long) txHead[queue] * DESCRIPTOR;
            final long control = memory(at).getLong(offset(at) + 8);
            final boolean extended = (control >>> 29 & 1) != 0;
            final boolean context = extended && (control >>> 20 & 0xf) == 0;
            if (!context) {
                final long buffer = memory(at).getLong(offset(at));
                for (int i = 0; i < (control & 0xffff); i++) {
                    frame.write(memory(buffer).getByte(offset(buffer) + i));
                }
                if ((control >>> 24 & 1) != 0) {
                    frames.add(frame.toByteArray());
                    frame.reset();
                }
            }
            memory(at).putLongRelease(offset(at) + 8, control | 1L << 32);
            txHead[queue] = (txHead[queue] + 1) % (registers.stored(IntelRegister.TDLEN, queue) / DESCRIPTOR);
        }
        return frames;
    }

    private long base(final IntelRegister low) {
        return Integer.toUnsignedLong(registers.stored(low, queue))
            | (long) registers.values.get(low.offset() + queue * RecordedRegisters.QUEUE + 4) << 32;
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
        return "fake:card";
    }

    @Override
    public PciConfig config() {
        return new PciConfig() {
            @Override
            public int read(final int offset, final int width) {
                return config.getOrDefault(offset, 0);
            }

            @Override
            public void write(final int offset, final int width, final int value) {
                config.put(offset, value);
            }
        };
    }

    @Override
    public Registers bar(final int index) {
        return registers;
    }

    @Override
    public IommuDomain domain() {
        return domain;
    }

    @Override
    public InterruptSource interrupts() {
        return interrupts;
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
    public String fault() {
        return fault;
    }

    @Override
    public void close() {
        closed = true;
    }
}
