package dev.barewire.rings.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferSource;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.TxRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order in which the rings touch the memory that they share with the device, access by access. */
class VirtqueueOrderTest {
    private static final VirtqueueFormat SPLIT = new VirtqueueFormat(false, 4, false, false, false);
    private static final VirtqueueFormat PACKED = new VirtqueueFormat(true, 4, false, false, false);
    /** The driver area of four descriptors starts behind them, the device area at the next cache line. */
    private static final int DRIVER = 64;
    private static final int DEVICE = 128;

    private final VirtioFixture fixture = new VirtioFixture(256, 16);
    private final RxBurst burst = new RxBurst(8);

    @AfterEach
    void close() {
        fixture.close();
    }

    private RecordingVirtqueueMemory memory() {
        return new RecordingVirtqueueMemory(fixture.ring, 4096);
    }

    private VirtioRxRing rx(final RecordingVirtqueueMemory memory, final VirtqueueFormat format) {
        final VirtioRxRing ring = new VirtioRxRing(memory, format, NetFormat.PLAIN, 0, 256, 1);
        memory.events.clear();
        return ring;
    }

    /** A source that runs dry after so many buffers. */
    private BufferSource source(final int count) {
        return new BufferSource() {
            private int left = count;

            @Override
            public Buffer take() {
                return left-- > 0 ? fixture.pool.take() : null;
            }

            @Override
            public int bufferSize() {
                return fixture.pool.bufferSize();
            }
        };
    }

    // SPLIT-AVSUP-01
    @Test
    void shouldZeroAllAreasBeforeAnythingElse() {
        final RecordingVirtqueueMemory split = memory();
        new VirtioRxRing(split, SPLIT, NetFormat.PLAIN, 0, 256, 1);
        assertThat(split.events).containsExactly("clear", "store-release " + DRIVER);

        final RecordingVirtqueueMemory packed = memory();
        new VirtioRxRing(packed, PACKED, NetFormat.PLAIN, 0, 256, 1);
        assertThat(packed.events).containsExactly("clear", "store-release " + DRIVER);
    }

    // SPLIT-IDX-01, SPLIT-NOTIFY-01
    @Test
    void shouldPublishASplitBurstWithOneIndexStoreAndAFenceBehindIt() {
        final RecordingVirtqueueMemory memory = memory();
        final VirtioRxRing ring = rx(memory, SPLIT);

        ring.fill(source(2));
        ring.publish();

        assertThat(memory.stores()).containsExactly("store 0", "store 8", "store 16", "store 24", "store " + (DRIVER + 6),
            "store-release " + (DRIVER + 2), "fence");
        assertThat(memory.events.getLast()).isEqualTo("load " + DEVICE);
        ring.drain();
    }

    // PACKED-SG-06, PACKED-FLAGS-01, PACKED-NOTIFY-01
    @Test
    void shouldPublishAPackedBurstWithItsFirstFlagsAndAFenceBehindThem() {
        final RecordingVirtqueueMemory memory = memory();
        final VirtioRxRing ring = rx(memory, PACKED);

        ring.fill(source(3));
        ring.publish();

        assertThat(memory.events).containsExactly("store 0", "store 16", "store 24", "store 32", "store 40",
            "store-release 8", "fence", "load " + DEVICE);
        ring.drain();
    }

    @Test
    void shouldNotWriteASplitDescriptorAgainThatSaysTheSame() {
        final RecordingVirtqueueMemory memory = memory();
        final VirtioRxRing ring = rx(memory, SPLIT);
        final DeviceQueue device = DeviceQueue.of(fixture, SPLIT, ring.areas());
        final Buffer buffer = fixture.pool.take();
        final BufferSource same = new BufferSource() {
            @Override
            public Buffer take() {
                if (ring.posted() > 0) {
                    return null;
                }
                buffer.hold();
                return buffer;
            }

            @Override
            public int bufferSize() {
                return 256;
            }
        };
        for (int round = 0; round < 2 * SPLIT.size(); round++) {
            memory.events.clear();
            ring.fill(same);
            ring.publish();
            device.pass(60);
            ring.reap(burst, 1);
            VirtioFixture.release(burst, 0);
        }

        assertThat(memory.stores()).containsExactly("store-release " + (DRIVER + 2), "fence", "load-acquire " + (DEVICE + 2));
        buffer.release();
    }

    @Test
    void shouldReadTheUsedIndexOnceForABurstAndBeforeItsEntries() {
        final RecordingVirtqueueMemory memory = memory();
        final VirtioRxRing ring = rx(memory, SPLIT);
        ring.fill(source(3));
        ring.publish();
        final DeviceQueue device = DeviceQueue.of(fixture, SPLIT, ring.areas());
        device.pass(60);
        device.pass(60);
        memory.events.clear();

        assertThat(ring.reap(burst, 8)).isEqualTo(2);

        assertThat(memory.events).containsExactly("load-acquire " + (DEVICE + 2), "load " + (DEVICE + 4),
            "load " + (DEVICE + 12), "load-acquire " + (DEVICE + 2));
        VirtioFixture.release(burst, 0);
        VirtioFixture.release(burst, 1);
        ring.drain();
    }

    @Test
    void shouldReadPackedFlagsBeforeTheRestOfADescriptor() {
        final RecordingVirtqueueMemory memory = memory();
        final VirtioRxRing ring = rx(memory, PACKED);
        ring.fill(source(2));
        ring.publish();
        DeviceQueue.of(fixture, PACKED, ring.areas()).pass(60);
        memory.events.clear();

        assertThat(ring.reap(burst, 8)).isEqualTo(1);

        assertThat(memory.events).containsExactly("load-acquire 14", "load 8", "load-acquire 30");
        VirtioFixture.release(burst, 0);
        ring.drain();
    }

    // PACKED-SG-06: table and header are there before the descriptor that points at them
    @Test
    void shouldWriteHeaderAndTableBeforeAFrameIsPublished() {
        final VirtqueueFormat format = new VirtqueueFormat(true, 4, true, false, false);
        final RecordingVirtqueueMemory memory = new RecordingVirtqueueMemory(fixture.ring, VirtioTxRing.bytesFor(format));
        final VirtioTxRing ring = new VirtioTxRing(memory, format, new NetFormat(false, false, true, false, false, false, false));
        memory.events.clear();
        final TxRequest request = new TxRequest();
        request.flags = TxRequest.UDP_CHECKSUM;
        request.l4Offset = 34;

        ring.post(fixture.frame(0, 60, 30), request, 0);
        ring.publish();

        final int header = format.bytes();
        final int table = header + 4 * 32;
        assertThat(memory.stores()).containsExactly("store " + header, "store " + (header + 8), "store " + table,
            "store " + (table + 8), "store " + (table + 16), "store " + (table + 24), "store " + (table + 32),
            "store " + (table + 40), "store 0", "store-release 8", "fence");
        ring.drain();
    }

    @Test
    void shouldTouchNothingWhenThereIsNothingToDo() {
        for (final VirtqueueFormat format : new VirtqueueFormat[] {SPLIT, PACKED}) {
            final RecordingVirtqueueMemory memory = memory();
            final VirtioRxRing ring = rx(memory, format);

            ring.publish();
            ring.reap(burst, 8);
            ring.isReady();

            assertThat(memory.stores()).allMatch(event -> event.startsWith("load-acquire"));
        }
    }
}
