package dev.barewire.testkit.wrap;

import dev.barewire.LinkState;
import dev.barewire.MacAddress;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferSource;
import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.IommuDomain;
import dev.barewire.dma.IommuMapper;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.SegmentList;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.NoInterrupts;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.card.Card;
import dev.barewire.driver.pci.PciConfig;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.RxRing;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A card without registers and its device in one: rings that are lists, which move when a test says so. */
class FakeCard implements Card, DeviceAccess {
    static final int RING = 64;

    final ArrayDeque<Buffer> posted = new ArrayDeque<>();
    final List<byte[]> sent = new ArrayList<>();
    final List<Integer> requests = new ArrayList<>();
    int rxDoorbells;
    int txDoorbells;
    boolean closed;
    private final IommuDomain domain = new IommuDomain(new IommuMapper() {
        @Override
        public void map(final MappedMemory memory, final long iova, final long bytes, final DmaAccess access) {
            // nothing reads through it
        }

        @Override
        public void unmap(final long iova, final long bytes) {
            // nothing reads through it
        }
    }, List.of(new IovaRange(0, (1L << 39) - 1)));
    private final Deque<Done> done = new ArrayDeque<>();
    private final Deque<Posted> sending = new ArrayDeque<>();
    private final Deque<Posted> finished = new ArrayDeque<>();
    private int unpublished;
    private boolean txPublished = true;

    private record Done(Buffer buffer, int length, int flags) {
    }

    private record Posted(SegmentList segments, int flags, long tag) {
    }

    /** Receives a frame over as many buffers as it takes; false if there are too few. */
    boolean receive(final byte[] frame, final int flags) {
        final int size = posted.isEmpty() ? 1 : posted.peek().capacity();
        if ((frame.length + size - 1) / size > posted.size()) {
            return false;
        }
        for (int at = 0; at < frame.length; at += size) {
            final Buffer buffer = posted.remove();
            final int length = Math.min(size, frame.length - at);
            for (int i = 0; i < length; i++) {
                buffer.memory().putByte(buffer.base() + i, frame[at + i]);
            }
            done.add(new Done(buffer, length, at + length == frame.length ? flags | RxBurst.END_OF_FRAME : 0));
        }
        return true;
    }

    /** Sends all that is posted. */
    void transmit() {
        while (!sending.isEmpty()) {
            final Posted frame = sending.remove();
            sent.add(bytes(frame.segments));
            requests.add(frame.flags);
            finished.add(frame);
        }
    }

    static byte[] bytes(final SegmentList segments) {
        final byte[] bytes = new byte[segments.bytes()];
        int at = 0;
        for (int i = 0; i < segments.count(); i++) {
            final Buffer buffer = segments.buffer(i);
            for (int k = 0; k < segments.length(i); k++) {
                bytes[at++] = buffer.memory().getByte(buffer.base() + segments.offset(i) + k);
            }
        }
        return bytes;
    }

    @Override
    public RxRing rxRing(final int queue) {
        return new RxRing() {
            @Override
            public int fill(final BufferSource source, final BufferSource headers) {
                int count = 0;
                while (posted() < RING - 1) {
                    final Buffer buffer = source.take();
                    if (buffer == null) {
                        break;
                    }
                    posted.add(buffer);
                    count++;
                }
                unpublished += count;
                return count;
            }

            @Override
            public int publish() {
                final boolean nothing = unpublished == 0;
                unpublished = 0;
                return nothing ? NOTHING : 1;
            }

            @Override
            public int reap(final RxBurst burst, final int max) {
                int count = 0;
                while (count < max && !done.isEmpty()) {
                    final Done next = done.remove();
                    burst.buffer[count] = next.buffer;
                    burst.length[count] = next.length;
                    burst.flags[count] = next.flags;
                    burst.vlan[count++] = 0;
                }
                return count;
            }

            @Override
            public boolean isReady() {
                return !done.isEmpty();
            }

            @Override
            public int posted() {
                return posted.size() + done.size();
            }

            @Override
            public void drain() {
                posted.forEach(Buffer::release);
                posted.clear();
                done.forEach(left -> left.buffer.release());
                done.clear();
            }
        };
    }

    @Override
    public TxRing txRing(final int queue) {
        return new TxRing() {
            @Override
            public boolean post(final SegmentList segments, final TxRequest request, final long tag) {
                if (sending.size() + finished.size() == capacity()) {
                    return false;
                }
                final SegmentList copy = new SegmentList(segments.count());
                for (int i = 0; i < segments.count(); i++) {
                    copy.append(segments.buffer(i), segments.offset(i), segments.length(i));
                }
                sending.add(new Posted(copy, request.flags, tag));
                txPublished = false;
                return true;
            }

            @Override
            public boolean supports(final TxRequest request, final int bytes) {
                return true;
            }

            @Override
            public int descriptorsFor(final SegmentList segments, final TxRequest request) {
                return segments.count();
            }

            @Override
            public int capacity() {
                return RING - 1;
            }

            @Override
            public int publish() {
                final boolean nothing = txPublished;
                txPublished = true;
                return nothing ? NOTHING : 1;
            }

            @Override
            public int reclaim(final Completion completion) {
                int count = 0;
                while (!finished.isEmpty()) {
                    final Posted frame = finished.remove();
                    frame.segments.release();
                    completion.onSent(frame.tag);
                    count++;
                }
                return count;
            }

            @Override
            public int pending() {
                return sending.size() + finished.size();
            }

            @Override
            public void drain() {
                sending.forEach(left -> left.segments.release());
                sending.clear();
                finished.forEach(left -> left.segments.release());
                finished.clear();
            }
        };
    }

    @Override
    public void rxDoorbell(final int queue, final int tail) {
        rxDoorbells++;
    }

    @Override
    public void txDoorbell(final int queue, final int tail) {
        txDoorbells++;
    }

    @Override
    public String name() {
        return "fake:card";
    }

    @Override
    public DmaDomain domain() {
        return domain;
    }

    @Override
    public InterruptSource interrupts() {
        return new NoInterrupts();
    }

    @Override
    public Map<String, String> facts() {
        return Map.of("fake", "yes");
    }

    @Override
    public String fault() {
        return "pulled out";
    }

    @Override
    public Map<String, Long> statistics() {
        return Map.of("inner", 1L);
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public MacAddress mac() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void start() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void stop() {
        throw new UnsupportedOperationException();
    }

    @Override
    public LinkState link() {
        return LinkState.DOWN;
    }

    @Override
    public void enableInterrupt(final int queue) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean disableInterrupt(final int queue) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int vector(final int queue) {
        return 3;
    }

    @Override
    public void promiscuous(final boolean on) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void allMulticast(final boolean on) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void multicast(final Collection<MacAddress> groups) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void vlans(final Collection<Integer> ids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void collectStatistics() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Integer> registers() {
        return Map.of("CTRL", 1);
    }

    @Override
    public PciConfig config() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Registers bar(final int index) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean reset() {
        return true;
    }
}
