package dev.barewire.testkit.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.barewire.SetupException;
import dev.barewire.rings.RxBurst;
import dev.barewire.testkit.pcap.CaptureFile;
import dev.barewire.testkit.pcap.CaptureFile.Frame;
import dev.barewire.testkit.pcap.CaptureWriter;
import dev.barewire.testkit.pcap.CaptureWriter.Direction;
import dev.barewire.testkit.wire.Wire;
import dev.barewire.testkit.wire.Wired;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What passes is recorded, and what was recorded comes in. */
final class PcapDeviceTest {
    private static final int BUFFER = 256;

    @TempDir
    private Path folder;
    private final FakeCard inner = new FakeCard();

    @Test
    void shouldRecordBothDirectionsAsTheyPass() {
        final Path file = folder.resolve("traffic.pcapng");
        final PcapDevice device = PcapDevice.of(inner, file);
        final List<byte[]> given = new ArrayList<>();
        try (RingUser user = new RingUser(device, inner, BUFFER, 256)) {
            for (int i = 0; i < 300; i++) {
                given.add(frame(i));
                if (i % 2 == 0) {
                    inner.receive(given.getLast(), 0);
                    user.poll(64);
                } else {
                    given.set(i, Arrays.copyOf(given.get(i), Math.min(BUFFER, given.get(i).length)));
                    user.send(given.getLast(), 0, i);
                    inner.transmit();
                    user.reclaim();
                }
            }
            assertThat(user.card.statistics()).containsEntry("pcap.recorded", 300L).containsEntry("pcap.lost", 0L);
            assertThat(user.ledger.sites().getFirst().site()).isEqualTo("pcap.record");
            assertThat(user.ledger.bytes()).isEqualTo(given.stream().mapToLong(frame -> frame.length).sum());
        }
        device.close();

        final CaptureFile read = CaptureFile.read(file);
        assertThat(bytes(read)).usingElementComparator(Arrays::compare).containsExactlyElementsOf(given);
        assertThat(read.frames()).extracting(Frame::isSent).startsWith(false, true, false, true);
        assertThat(read.frames()).extracting(Frame::nanos).isSorted();
        assertThat(inner.closed).isTrue();
    }

    @Test
    void shouldNotRecordAFrameThatFoundNoRoom() {
        final PcapDevice device = PcapDevice.of(inner, folder.resolve("full.pcapng"));
        try (RingUser user = new RingUser(device, inner, BUFFER, 256)) {
            for (int i = 0; i < FakeCard.RING - 1; i++) {
                assertThat(user.send(frame(1), 0, i)).isTrue();
            }
            assertThat(user.send(frame(1), 0, 99)).isFalse();

            assertThat(device.frames()).isEqualTo(FakeCard.RING - 1);
        }
        device.close();
    }

    @Test
    void shouldKeepOnlyTheBeginningOfAFrameWhenAsked() {
        final Path file = folder.resolve("short.pcapng");
        final PcapDevice device = PcapDevice.of(inner, file, 300);
        try (RingUser user = new RingUser(device, inner, BUFFER, 256)) {
            inner.receive(new byte[1000], 0);
            user.poll(64);
            device.flush();

            assertThat(CaptureFile.read(file).frames()).extracting(Frame::length, Frame::whole)
                .containsExactly(tuple(300, 1000));
        }
        device.close();
    }

    @Test
    void shouldRefuseAFileThatCannotBeWritten() {
        assertThatThrownBy(() -> PcapDevice.of(inner, folder.resolve("no/such/folder.pcapng")))
            .isInstanceOf(SetupException.class).hasMessageContaining("folder.pcapng").hasMessageContaining("To mend it");
        assertThat(inner.closed).isFalse();
    }

    @Test
    void shouldReceiveRecordedFramesOverAsManyBuffersAsTheyTake() throws IOException {
        final List<byte[]> frames = record("in.pcapng", 200, Direction.IN);
        final ReplayDevice device = ReplayDevice.of(inner, options("in.pcapng", false, 2, false));
        try (RingUser user = new RingUser(device, inner, BUFFER, 256)) {
            final List<byte[]> got = new ArrayList<>();
            while (!device.isFinished()) {
                got.addAll(user.poll(7));
            }

            final List<byte[]> twice = new ArrayList<>(frames);
            twice.addAll(frames);
            assertThat(got).usingElementComparator(Arrays::compare).containsExactlyElementsOf(twice);
            assertThat(user.card.statistics()).containsEntry("pcap.replayed", 400L);
            assertThat(user.outstanding()).isZero();
            assertThat(inner.posted).isNotEmpty();
        }
    }

    @Test
    void shouldReceiveFromTheCardInBetweenWithoutMixingFrames() throws IOException {
        final List<byte[]> frames = record("in.pcapng", 200, Direction.IN);
        final ReplayDevice device = ReplayDevice.of(inner, options("in.pcapng", false, 1, false));
        try (RingUser user = new RingUser(device, inner, BUFFER, 256)) {
            final List<byte[]> got = new ArrayList<>();
            final byte[] own = new byte[700];
            int received = 0;
            while (!device.isFinished() || received < 50) {
                if (received < 50) {
                    received += inner.receive(own, 0) ? 1 : 0;
                }
                got.addAll(user.poll(2));
            }
            got.addAll(user.poll(64));

            assertThat(got).hasSize(250);
            assertThat(got.stream().filter(frame -> frame.length == 700 && frame[0] == 0)).hasSize(50);
            assertThat(got.stream().filter(frame -> frame[0] != 0))
                .usingElementComparator(Arrays::compare).containsExactlyElementsOf(frames);
        }
    }

    @Test
    void shouldWaitForBuffersAndGoOnWhenThereAreSome() throws IOException {
        record("in.pcapng", 10, Direction.IN);
        final ReplayDevice device = ReplayDevice.of(inner, options("in.pcapng", false, 1, false));
        try (RingUser user = new RingUser(device, inner, 1024, 4)) {
            final RxBurst burst = new RxBurst(64);
            assertThat(user.rx.reap(burst, 64)).isEqualTo(2);
            assertThat(user.rx.reap(burst, 64)).isZero();
            assertThat(user.rx.isReady()).isFalse();

            burst.buffer[0].release();
            burst.buffer[1].release();
            user.refill();

            assertThat(user.rx.isReady()).isTrue();
            int left = 8;
            while (left > 0) {
                left -= user.poll(64).size();
            }
            assertThat(user.outstanding()).isZero();
        }
    }

    @Test
    void shouldLeaveOutSentFramesUnlessAskedForThem() throws IOException {
        record("out.pcapng", 5, Direction.OUT);

        assertThatThrownBy(() -> ReplayDevice.of(inner, options("out.pcapng", false, 1, false)))
            .isInstanceOf(SetupException.class).hasMessageContaining("of 5 in all").hasMessageContaining("sent=yes");
        final ReplayDevice device = ReplayDevice.of(inner, options("out.pcapng", false, 1, true));
        try (RingUser user = new RingUser(device, inner, 1024, 256)) {
            assertThat(user.poll(64)).hasSize(5);
        }
        assertThat(device.facts().get("replaying")).contains("out.pcapng").contains("5 of 5 frames");
    }

    @Test
    void shouldKeepTheRecordedPace() throws IOException {
        final byte[] bytes = new byte[100];
        final List<Frame> frames = List.of(new Frame(1000, 0, 50, 50, false), new Frame(4000, 50, 50, 50, false));
        final Replay replay = new Replay(bytes, frames, true, 2);

        assertThat(replay.due(10_000)).isSameAs(frames.getFirst());
        replay.next();
        assertThat(replay.due(12_999)).isNull();
        assertThat(replay.due(13_000)).isSameAs(frames.getLast());
        replay.next();
        assertThat(replay.isFinished()).isFalse();
        assertThat(replay.due(20_000)).isSameAs(frames.getFirst());
        replay.next();
        assertThat(replay.due(22_000)).isNull();
        assertThat(replay.due(23_000)).isSameAs(frames.getLast());
        replay.next();
        assertThat(replay.isFinished()).isTrue();
        assertThat(replay.due(30_000)).isNull();
    }

    @Test
    void shouldHaveACableWhenTheDeviceInsideHasOne() throws IOException {
        record("in.pcapng", 1, Direction.IN);
        final CabledCard cabled = new CabledCard();

        for (final WrappedDevice device : List.of(PcapDevice.of(cabled, folder.resolve("a.pcapng")),
            ReplayDevice.of(cabled, options("in.pcapng", false, 1, false)), FaultDevice.of(cabled, FaultPlan.seed(1)))) {
            assertThat(device).isInstanceOf(Wired.class);
            ((Wired) device).link(true);
            device.close();
        }
        assertThat(cabled.plugged).isEqualTo(3);
        assertThat(FaultDevice.of(inner, FaultPlan.seed(1))).isNotInstanceOf(Wired.class);
    }

    private static final class CabledCard extends FakeCard implements Wired {
        private int plugged;

        @Override
        public Wire wire() {
            throw new IllegalStateException();
        }

        @Override
        public void link(final boolean up) {
            plugged++;
        }
    }

    private List<byte[]> record(final String name, final int count, final Direction direction) throws IOException {
        final List<byte[]> frames = new ArrayList<>();
        try (CaptureWriter writer = new CaptureWriter(folder.resolve(name), "fake:card", "", 2000)) {
            for (int i = 0; i < count; i++) {
                frames.add(frame(i));
                writer.write(direction, i, frames.getLast(), frames.getLast().length, frames.getLast().length);
            }
        }
        return frames;
    }

    private ReplayDevice.Options options(final String name, final boolean pace, final long times, final boolean sent) {
        return new ReplayDevice.Options(folder.resolve(name), pace, times, sent);
    }

    /** Never beginning with a zero. */
    private static byte[] frame(final int number) {
        final byte[] frame = new byte[60 + number * 3];
        Arrays.fill(frame, (byte) (1 + number % 100));
        return frame;
    }

    private static List<byte[]> bytes(final CaptureFile file) {
        return file.frames().stream()
            .map(frame -> Arrays.copyOfRange(file.bytes(), frame.offset(), frame.offset() + frame.length())).toList();
    }
}
