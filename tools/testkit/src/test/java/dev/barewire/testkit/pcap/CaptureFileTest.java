package dev.barewire.testkit.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.barewire.SetupException;
import dev.barewire.testkit.pcap.CaptureFile.Frame;
import dev.barewire.testkit.pcap.CaptureWriter.Direction;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files written, read back, read by tshark, and broken in every way. */
final class CaptureFileTest {
    private static final long TIME = 1_795_257_600_123_456_789L;

    @TempDir
    private Path folder;

    @Test
    void shouldReadBackWhatWasWritten() throws IOException {
        final CaptureFile read = CaptureFile.read(written(1000));

        assertThat(read.isCut()).isFalse();
        assertThat(read.frames()).hasSize(1000);
        for (int i = 0; i < 1000; i++) {
            final Frame frame = read.frames().get(i);
            assertThat(frame.nanos()).isEqualTo(TIME + i);
            assertThat(frame.isSent()).isEqualTo(i % 3 == 0);
            assertThat(frame.whole()).isEqualTo(i % 2000 + 60);
            assertThat(Arrays.copyOfRange(read.bytes(), frame.offset(), frame.offset() + frame.length()))
                .isEqualTo(Arrays.copyOf(frame(i), Math.min(frame(i).length, 500)));
        }
    }

    @Test
    void shouldWriteWhatTsharkReads() throws IOException, InterruptedException {
        assumeTrue(System.getenv("PATH").lines().flatMap(path -> Arrays.stream(path.split(":")))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "tshark"))), "tshark is not installed");

        final List<String> lines = tshark("-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.cap_len",
            "-e", "frame.packet_flags_direction", "-e", "frame.interface_name", "-r", written(500).toString());

        assertThat(lines).hasSize(500);
        for (int i = 0; i < 500; i++) {
            final String[] fields = lines.get(i).split("\t");
            assertThat(fields[0]).endsWith(String.valueOf((TIME + i) % 1_000_000_000));
            assertThat(fields[1]).isEqualTo(String.valueOf(frame(i).length));
            assertThat(fields[2]).isEqualTo(String.valueOf(Math.min(frame(i).length, 500)));
            assertThat(Long.decode(fields[3])).isEqualTo(i % 3 == 0 ? 2 : 1);
            assertThat(fields[4]).isEqualTo("fake:card");
        }
    }

    @ParameterizedTest
    @CsvSource({"0xa1b2c3d4, true, 1000", "0xa1b2c3d4, false, 1000", "0xa1b23c4d, true, 1", "0xa1b23c4d, false, 1"})
    void shouldReadPcapOfEitherByteOrderAndUnit(final String magic, final boolean big, final int unit) throws IOException {
        final ByteBuffer file = ByteBuffer.allocate(24 + 2 * (16 + 60))
            .order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        file.putInt(Long.decode(magic).intValue()).putShort((short) 2).putShort((short) 4).putLong(0).putInt(65535).putInt(1);
        for (int i = 0; i < 2; i++) {
            file.putInt(5 + i).putInt(7).putInt(60).putInt(1514).put(new byte[60]);
        }

        final CaptureFile read = CaptureFile.read(file("a.pcap", file.array()));

        assertThat(read.frames()).containsExactly(
            new Frame(5_000_000_000L + 7L * unit, 40, 60, 1514, false),
            new Frame(6_000_000_000L + 7L * unit, 116, 60, 1514, false));
    }

    @Test
    void shouldReadAFileThatEndsInAFrameUpToThere() throws IOException {
        final byte[] whole = Files.readAllBytes(written(10));

        final CaptureFile read = CaptureFile.read(file("cut", Arrays.copyOf(whole, whole.length - 3)));

        assertThat(read.isCut()).isTrue();
        assertThat(read.frames()).hasSize(9);
    }

    @Test
    void shouldRefuseWhatIsNoCapture() throws IOException {
        final Path text = file("notes.txt", "not a capture at all".getBytes(StandardCharsets.UTF_8));
        final Path empty = file("empty", new byte[0]);

        assertThatThrownBy(() -> CaptureFile.read(text)).isInstanceOf(SetupException.class)
            .hasMessageContaining("notes.txt").hasMessageContaining("magic").hasMessageContaining("capinfos");
        assertThatThrownBy(() -> CaptureFile.read(empty)).isInstanceOf(SetupException.class);
        assertThatThrownBy(() -> CaptureFile.read(folder.resolve("missing"))).isInstanceOf(SetupException.class)
            .hasMessageContaining("NoSuchFile");
    }

    @Test
    void shouldRefuseFramesThatAreNotEthernet() throws IOException {
        final ByteBuffer file = ByteBuffer.allocate(24).putInt(0xa1b2c3d4);
        file.putInt(20, 101);

        assertThatThrownBy(() -> CaptureFile.read(file("raw-ip", file.array())))
            .isInstanceOf(SetupException.class).hasMessageContaining("link type 101");
    }

    @Test
    void shouldReadOrRefuseAnyBrokenFile() throws IOException {
        final byte[] whole = Files.readAllBytes(written(20));
        final Random random = new Random(20261121);
        int refused = 0;
        for (int i = 0; i < 5000; i++) {
            final byte[] broken = whole.clone();
            for (int k = 0; k < 1 + random.nextInt(4); k++) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            try {
                final CaptureFile read = CaptureFile.read(file("broken", broken));
                assertThat(read.frames()).allSatisfy(
                    frame -> assertThat(frame.offset() + frame.length()).isBetween(0, broken.length));
            } catch (final SetupException named) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1, 4999);
    }

    @Test
    void shouldSayAtOnceThatTheDiskIsFull() {
        final Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "there is no /dev/full");

        assertThatThrownBy(() -> new CaptureWriter(full, "fake:card", "", 500)).isInstanceOf(IOException.class)
            .hasMessageContaining("space");
    }

    @Test
    void shouldStopAndCutBehindTheLastFrameWhenTheDiskFills() throws IOException {
        final Path file = folder.resolve("full.pcapng");
        try (FileOutputStream disk = new FileOutputStream(file.toFile()) {
            private int writes;

            @Override
            public void write(final byte[] bytes, final int from, final int length) throws IOException {
                super.write(bytes, from, ++writes > 3 ? length / 2 : length);
                if (writes > 3) {
                    throw new IOException("No space left on device");
                }
            }
        }) {
            final CaptureWriter writer = new CaptureWriter(disk, "fake:card", "", 1500);
            for (int i = 0; i < 4000; i++) {
                writer.write(Direction.IN, TIME, frame(1400), 1460, 1460);
            }
            writer.close();

            assertThat(writer.failure()).isEqualTo("No space left on device");
            assertThat(writer.frames()).isBetween(1000L, 3000L);
            assertThat(writer.frames() + writer.lost()).isEqualTo(4000);
            assertThat(CaptureFile.read(file)).satisfies(read -> {
                assertThat(read.isCut()).isFalse();
                assertThat(read.frames()).hasSize((int) writer.frames());
            });
        }
    }

    @Test
    void shouldGoOnWhenTheWritingThreadWasInterrupted() throws IOException {
        Thread.currentThread().interrupt();
        final Path file = written(1000);
        assertThat(Thread.interrupted()).isTrue();

        assertThat(CaptureFile.read(file).frames()).hasSize(1000);
    }

    @Test
    void shouldCountWhatComesAfterTheEnd() throws IOException {
        final CaptureWriter writer = new CaptureWriter(folder.resolve("end"), "fake:card", "", 500);
        writer.write(Direction.IN, TIME, frame(0), 60, 60);
        writer.close();
        writer.write(Direction.IN, TIME, frame(0), 60, 60);
        writer.close();

        assertThat(writer.frames()).isEqualTo(1);
        assertThat(writer.lost()).isEqualTo(1);
        assertThat(CaptureFile.read(folder.resolve("end")).frames()).hasSize(1);
    }

    private Path written(final int frames) throws IOException {
        final Path file = folder.resolve("written.pcapng");
        try (CaptureWriter writer = new CaptureWriter(file, "fake:card", "a comment", 500)) {
            for (int i = 0; i < frames; i++) {
                final byte[] frame = frame(i);
                writer.write(i % 3 == 0 ? Direction.OUT : Direction.IN, TIME + i, frame, Math.min(frame.length, 500), frame.length);
            }
            assertThat(writer.frames()).isEqualTo(frames);
        }
        return file;
    }

    private static byte[] frame(final int number) {
        final byte[] frame = new byte[60 + number % 2000];
        Arrays.fill(frame, (byte) number);
        return frame;
    }

    private Path file(final String name, final byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private List<String> tshark(final String... arguments) throws IOException, InterruptedException {
        final Path output = folder.resolve("tshark.txt");
        final ProcessBuilder builder = new ProcessBuilder("tshark");
        builder.command().addAll(List.of(arguments));
        final Process process = builder.redirectOutput(output.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(process.waitFor()).isZero();
        return Files.readAllLines(output);
    }
}
