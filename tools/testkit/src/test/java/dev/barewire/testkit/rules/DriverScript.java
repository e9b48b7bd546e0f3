package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.CTRL;
import static dev.barewire.testkit.rules.CardState.EERD;
import static dev.barewire.testkit.rules.CardState.ICR;
import static dev.barewire.testkit.rules.CardState.IMC;
import static dev.barewire.testkit.rules.CardState.IMS;
import static dev.barewire.testkit.rules.CardState.MTA;
import static dev.barewire.testkit.rules.CardState.RAH0;
import static dev.barewire.testkit.rules.CardState.RAH_AV;
import static dev.barewire.testkit.rules.CardState.RAL0;
import static dev.barewire.testkit.rules.CardState.RCTL;
import static dev.barewire.testkit.rules.CardState.STATUS;
import static dev.barewire.testkit.rules.CardState.TCTL;
import static dev.barewire.testkit.rules.CardState.TIPG;
import static dev.barewire.testkit.rules.CardState.VET;
import static dev.barewire.testkit.rules.CardState.VFTA;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a driver and a card do that keep every rule, step by step under names; a test leaves steps out, puts others in
 * their place, or adds some. An 82574 is driven with packet-split descriptors and messages.
 */
final class DriverScript implements DmaReader {
    static final int RX_RING = 0x10000;
    static final int RX_SIZE = 8;
    static final int TX_RING = 0x11000;
    static final int TX_SIZE = 16;
    static final int TX_BUFFER = 0x12000;
    static final int TX_BUFFER_SIZE = 0x1000;
    static final int RX_BUFFERS = 0x20000;
    static final int RX_HEADERS = 0x30000;
    static final int RDBAL = RingRegisters.RECEIVE.low();
    static final int RDT = RingRegisters.RECEIVE.tail();
    static final int TDBAL = RingRegisters.TRANSMIT.low();
    static final int TDT = RingRegisters.TRANSMIT.tail();
    static final int RCTL_ON = CardState.EN | CardState.RCTL_BAM | CardState.RCTL_SECRC;
    static final int TCTL_ON = CardState.EN | 1 << 3 | 0xf << 4 | 0x40 << 12;
    static final int SLU = CardState.CTRL_SLU | CardState.CTRL_ASDE | CardState.CTRL_VME;
    static final int ALL = -1;
    private static final int BASE = 0x10000;
    private static final int[] WORDS = words();

    final Breaches breaches = new Breaches();
    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[0x30000]);
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private long now = 1;
    private final boolean later;
    private final StrictRules rules;
    private final List<Step> steps = new ArrayList<>();

    private record Step(String name, Runnable action) {
    }

    DriverScript() {
        this(Generation.THE_8254X);
    }

    DriverScript(final Generation generation) {
        later = generation == Generation.THE_82574;
        rules = new StrictRules(generation, breaches, this, this, () -> now);
        add("memory-space", () -> rules.onConfigWrite(4, 2, CardState.COMMAND_MEMORY));
        reset();
        setUp();
        start();
        interrupt();
        receive();
        transmit();
        reset();
    }

    private static int[] words() {
        final int[] words = new int[64];
        words[0] = 0x5452;
        words[1] = 0x1201;
        words[2] = 0x5634;
        words[63] = 0xbaba - IntStream.of(words).sum() & 0xffff;
        return words;
    }

    private void reset() {
        write("imc-before", IMC, ALL);
        write("rctl-off", RCTL, 0);
        write("tctl-off", TCTL, 1 << 3);
        read("flush", STATUS, 0);
        add("drain", () -> now += 10_000_000);
        if (later) {
            write("master-off", CTRL, 1 << 2);
            read("at-rest", STATUS, 0);
        }
        write("rst", CTRL, CardState.CTRL_RST);
        add("pause", () -> now += 1_000_000);
        read("poll", CTRL, 0);
        if (later) {
            read("auto-read", CardState.EECD, 1 << 9);
        }
        write("imc-behind", IMC, ALL);
    }

    private void setUp() {
        if (later) {
            write("own-eeprom", CardState.SWSM, 1 << 1);
            read("owned", CardState.SWSM, 1 << 1);
        }
        add("eeprom", () -> readEeprom(64, WORDS[63]));
        write("ctrl", CTRL, SLU);
        write("vet", VET, 0x8100);
        add("mta", () -> IntStream.range(0, 128).forEach(i -> rules.onWrite(MTA + 4 * i, 0)));
        add("vfta", () -> IntStream.range(0, 128).forEach(i -> rules.onWrite(VFTA + 4 * i, 0)));
        write("rah-clear", RAH0, 0);
        write("ral", RAL0, WORDS[0] | WORDS[1] << 16);
        write("rah", RAH0, WORDS[2] | RAH_AV);
        add("others", () -> IntStream.range(1, 16).forEach(i -> rules.onWrite(RAH0 + 8 * i, 0)));
        write("rdbal", RDBAL, RX_RING);
        write("rdbah", RDBAL + 4, 0);
        write("rdlen", RDBAL + 8, RX_SIZE * rxBytes());
        write("rdh", RDBAL + 0x10, 0);
        write("rdt-0", RDT, 0);
        if (later) {
            write("rfctl", CardState.RFCTL, CardState.RFCTL_EXSTEN);
            write("psrctl", CardState.PSRCTL, 1 | 2 << 8);
            write("rxcsum", CardState.RXCSUM, 1 << 13);
            write("mrqc", CardState.MRQC, 1 | 1 << 17);
            write("ivar", CardState.IVAR, 8 | 8 << 16);
            write("tarc", TDBAL + 0x40, 1 << 10);
        }
        write("rctl", RCTL, rctlOn() & ~CardState.EN);
        write("tdbal", TDBAL, TX_RING);
        write("tdbah", TDBAL + 4, 0);
        write("tdlen", TDBAL + 8, TX_SIZE * 16);
        write("tdh", TDBAL + 0x10, 0);
        write("tdt-0", TDT, 0);
        write("tidv", CardState.TIDV, 0);
        write("txdctl", CardState.TXDCTL, later ? 1 << 22 : 0);
        write("tipg", TIPG, 0x60200a);
    }

    void readEeprom(final int count, final int last) {
        for (int i = 0; i < count; i++) {
            rules.onWrite(EERD, i << (later ? 2 : 8) | 1);
            rules.onRead(EERD, (i == 63 ? last : WORDS[i]) << 16 | (later ? 1 << 1 : 1 << 4));
        }
    }

    private void start() {
        add("bus-master", () -> rules.onConfigWrite(4, 2, CardState.COMMAND_MEMORY | CardState.COMMAND_BUS_MASTER));
        add("statistics", () -> IntStream.range(0, 64).forEach(i -> rules.onRead(CardState.STATISTICS + 4 * i, 0)));
        add("rx-fill", () -> IntStream.range(0, RX_SIZE - 1).forEach(i -> rxPost(i)));
        write("rdt", RDT, (RX_SIZE - 1) * rxBytes() / 16);
        write("rctl-on", RCTL, rctlOn());
        write("tctl-on", TCTL, TCTL_ON);
    }

    /** Bytes of a receive descriptor. */
    private int rxBytes() {
        return later ? 32 : 16;
    }

    private int rctlOn() {
        return RCTL_ON | (later ? CardState.RCTL_DTYP_SPLIT : 0);
    }

    private void interrupt() {
        if (later) {
            message();
            return;
        }
        write("ims", IMS, 0x80);
        write("imc", IMC, ALL);
        read("icr", ICR, 1 << 2);
        read("status", STATUS, 2);
        write("ims-again", IMS, 0x80);
        write("imc-again", IMC, ALL);
    }

    private void message() {
        write("ims", IMS, 1 << 20);
        write("imc", IMC, ALL);
        read("icr", ICR, 1 << 20);
        write("icr-clear", ICR, 1 << 20);
        write("ims-again", IMS, 1 << 20);
        write("imc-again", IMC, ALL);
    }

    private void receive() {
        add("rx-fetch", () -> IntStream.range(0, 2).forEach(this::rxFetch));
        add("rx-done", () -> IntStream.range(0, 2).forEach(this::rxDone));
        add("rx-refill", () -> rxPost(RX_SIZE - 1));
        write("rdt-next", RDT, 0);
    }

    private void transmit() {
        add("udp", () -> {
            frame(false);
            txDescriptor(0, TxWords.checksums(14, 34, 6), TxWords.context(0, 2, 0, 0));
            txDescriptor(1, TX_BUFFER, TxWords.data(100, 0x20 | 0xb, 3));
        });
        write("udp-tail", TDT, 2);
        add("udp-fetch", () -> {
            IntStream.range(0, 2).forEach(this::txFetch);
            txFrame(100);
        });
        add("udp-done", () -> rules.onTransmitDone(0, 1));
        add("tcp", () -> {
            frame(true);
            txDescriptor(2, TxWords.checksums(14, 34, 16), TxWords.context(946, 7, 54, 400));
            txDescriptor(3, TX_BUFFER, TxWords.data(54, 0x20 | 0x46, 3));
            txDescriptor(4, TX_BUFFER + 54, TxWords.data(946, 0x20 | 0x4f, 3));
        });
        write("tcp-tail", TDT, 5);
        add("tcp-fetch", () -> {
            IntStream.range(2, 5).forEach(this::txFetch);
            txFrame(1000);
        });
        add("tcp-done", () -> rules.onTransmitDone(0, 4));
        add("plain", () -> txDescriptor(5, TX_BUFFER, TxWords.data(60, 0x4b, 0)));
        write("plain-tail", TDT, 6);
        add("plain-fetch", () -> {
            txFetch(5);
            txFrame(60);
        });
        add("plain-done", () -> rules.onTransmitDone(0, 5));
    }

    /** IPv4 with UDP, or with TCP made ready to be cut. */
    private void frame(final boolean tcp) {
        memory.setMemory(TX_BUFFER - BASE, TX_BUFFER_SIZE, (byte) 0);
        putShort(12, 0x0800);
        putShort(14, 0x4500);
        putShort(16, tcp ? 0 : 86);
        putShort(22, 0x4000 | (tcp ? 6 : 17));
        putShort(28, 1);
        putShort(32, 2);
        putShort(46, 0x5010);
        putShort(tcp ? 50 : 40, 3 + (tcp ? 6 : 17 + 66));
    }

    void putShort(final int at, final int value) {
        memory.putShort(TX_BUFFER - BASE + at, (short) value, ByteOrder.BIG_ENDIAN);
    }

    static long rxBuffer(final int index) {
        return RX_BUFFERS + 2048L * index;
    }

    static long header(final int index) {
        return RX_HEADERS + 128L * index;
    }

    private void rxPost(final int index) {
        if (later) {
            rxDescriptor(index, header(index), rxBuffer(index));
        } else {
            rxDescriptor(index, rxBuffer(index), 0);
        }
    }

    void rxDescriptor(final int index, final long first, final long second) {
        memory.putLong(RX_RING - BASE + rxBytes() * index, first);
        memory.putLong(RX_RING - BASE + rxBytes() * index + 8, second);
    }

    void txDescriptor(final int index, final long first, final long second) {
        memory.putLong(TX_RING - BASE + 16 * index, first);
        memory.putLong(TX_RING - BASE + 16 * index + 8, second);
    }

    void rxFetch(final int index) {
        final long at = RX_RING + (long) rxBytes() * index;
        rules.onReceiveFetch(0, index, getLong(at), getLong(at + 8));
    }

    void rxDone(final int index) {
        rules.onReceiveDone(0, index);
        rxDescriptor(index, getLong(RX_RING + (long) rxBytes() * index), later ? 60L << 32 | 3 : 3L << 32 | 60);
    }

    void txFetch(final int index) {
        rules.onTransmitFetch(0, index, getLong(TX_RING + 16L * index), getLong(TX_RING + 16L * index + 8));
    }

    void txFrame(final int length) {
        rules.onTransmitFrame(0, new UnsafeBuffer(memory, TX_BUFFER - BASE, TX_BUFFER_SIZE), length);
    }

    StrictRules rules() {
        return rules;
    }

    DriverScript write(final String name, final int offset, final int value) {
        return add(name, () -> rules.onWrite(offset, value));
    }

    private void read(final String name, final int offset, final int value) {
        add(name, () -> rules.onRead(offset, value));
    }

    private DriverScript add(final String name, final Runnable action) {
        steps.add(new Step(name, action));
        return this;
    }

    /** Leaves out the first step of a name. */
    DriverScript without(final String name) {
        steps.remove(find(name));
        return this;
    }

    /** Puts something in the place of the first step of a name. */
    DriverScript instead(final String name, final Runnable action) {
        steps.set(find(name), new Step(name, action));
        return this;
    }

    DriverScript instead(final String name, final int offset, final int value) {
        return instead(name, () -> rules.onWrite(offset, value));
    }

    DriverScript behind(final String name, final Runnable action) {
        steps.add(find(name) + 1, new Step("behind " + name, action));
        return this;
    }

    DriverScript behind(final String name, final int offset, final int value) {
        return behind(name, () -> rules.onWrite(offset, value));
    }

    private int find(final String name) {
        return IntStream.range(0, steps.size()).filter(i -> steps.get(i).name().equals(name)).findFirst().orElseThrow();
    }

    Breaches run() {
        steps.forEach(step -> step.action().run());
        return breaches;
    }

    @Override
    public long getLong(final long iova) {
        return isWritable(iova, 8) ? memory.getLong((int) (iova - BASE)) : -1;
    }

    @Override
    public DirectBuffer view(final long iova, final int length) {
        if (!isWritable(iova, length)) {
            return null;
        }
        view.wrap(memory, (int) (iova - BASE), length);
        return view;
    }

    @Override
    public boolean isWritable(final long iova, final int length) {
        return iova >= BASE && iova - BASE <= memory.capacity() - length;
    }

    /** Words of transmit descriptors. */
    static final class TxWords {
        private TxWords() {
        }

        static long checksums(final int l3, final int l4, final int field) {
            return checksums(l3, l3 + 10, l4 - 1, l4, l4 + field);
        }

        static long checksums(final int ipcss, final int ipcso, final long ipcse, final long tucss, final long tucso) {
            return ipcss | ipcso << 8 | ipcse << 16 | tucss << 32 | tucso << 40;
        }

        static long context(final int payload, final long command, final long header, final long mss) {
            return payload | (command | 0x20) << 24 | header << 40 | mss << 48;
        }

        /** Of the legacy format where the command has no DEXT. */
        static long data(final int length, final long command, final long options) {
            return length | ((command & 0x20) != 0 ? 1L << 20 : 0) | command << 24 | options << 40;
        }
    }
}
