package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The socket against a far end that plays QEMU. */
@Timeout(60)
class QtestSocketTest implements QtestSocket.Listener {
    @TempDir
    private Path folder;
    private final List<String> lines = new ArrayList<>();
    private int lost;
    private SocketChannel far;
    private BufferedReader asked;
    private QtestSocket socket;

    @BeforeEach
    void connect() throws IOException {
        final UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            far = SocketChannel.open(address);
            socket = new QtestSocket(server.accept(), this);
        }
        asked = new BufferedReader(Channels.newReader(far, StandardCharsets.US_ASCII));
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        far.close();
    }

    @Override
    public void onLine(final int line, final boolean raised) {
        lines.add(line + (raised ? " up" : " down"));
    }

    @Override
    public void onLost() {
        lost++;
    }

    @Test
    void shouldReadAndWriteInQtestsWords() throws Exception {
        socket.write(0xc0003818L, 4, 127);
        socket.write(0xb0010004L, 2, -1);
        say("OK\nOK\nOK\n");
        socket.command("outl 0xcf8 0x80000060");

        say("OK 0x00000000deadbeef\n");
        assertThat(socket.read(0xc0000008L, 4)).isEqualTo(0xdeadbeef);
        say("OK 0x0000000000008086\n");
        assertThat(socket.read(0xb0010000L, 2)).isEqualTo(0x8086);
        assertThat(asked.readLine()).isEqualTo("writel 0xc0003818 0x0000007f");
        assertThat(asked.readLine()).isEqualTo("writew 0xb0010004 0x0000ffff");
        assertThat(asked.readLine()).isEqualTo("outl 0xcf8 0x80000060");
        assertThat(asked.readLine()).isEqualTo("readl 0xc0000008");
        assertThat(asked.readLine()).isEqualTo("readw 0xb0010000");
    }

    @Test
    void shouldHearLinesWhereverTheyStandBetweenAnswers() throws Exception {
        final CompletableFuture<Integer> value = CompletableFuture.supplyAsync(() -> socket.read(0x1000, 4));
        asked.readLine();
        say("IRQ raise 2");
        say("2\nIRQ lower 22\nOK 0x00");
        say("0000000000002a\nIRQ raise 9\n");

        assertThat(value.get(20, TimeUnit.SECONDS)).isEqualTo(42);
        while (lines.size() < 3) {
            socket.drain();
        }
        assertThat(lines).containsExactly("22 up", "22 down", "9 up");
    }

    @Test
    void shouldWaitForAnswersWhenTooManyWritesAreOut() throws Exception {
        final CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 1000; i++) {
                socket.write(i * 4, 4, i);
            }
        });
        for (int i = 0; i < 64; i++) {
            assertThat(asked.readLine()).endsWith("0x%08x".formatted(i));
        }
        assertThat(writer).isNotDone();
        for (int i = 0; i < 64; i++) {
            say("OK\n");
        }
        for (int i = 64; i < 1000; i++) {
            assertThat(asked.readLine()).endsWith("0x%08x".formatted(i));
            say("OK\n");
        }
        writer.get(20, TimeUnit.SECONDS);
        assertThat(lost).isZero();
    }

    @Test
    void shouldBeLostForGoodWhenTheFarEndHangsUp() throws Exception {
        far.close();

        assertThat(socket.read(0x1000, 4)).isEqualTo(-1);
        assertThat(socket.read(0x1000, 2)).isEqualTo(0xffff);
        socket.write(0x1000, 4, 1);
        assertThat(socket.fault()).startsWith(QtestSocket.HUNG_UP);
        assertThat(lost).isEqualTo(1);
    }

    @Test
    void shouldBeLostWhenItIsNotUnderstood() throws Exception {
        say("FAIL Unknown command 'readl'\n");

        assertThat(socket.read(0x1000, 4)).isEqualTo(-1);
        assertThat(socket.fault()).isEqualTo(
            "QEMU does not understand its test socket's words: FAIL Unknown command 'readl'");
    }

    @Test
    void shouldBeLostWhenNoAnswerComesInTime() throws Exception {
        say("OK\n");
        socket.write(0x1000, 4, 1);
        socket.settle();

        assertThat(socket.read(0x1000, 4)).isEqualTo(-1);
        assertThat(socket.fault()).isEqualTo("QEMU has not answered for 2000 ms");
    }

    private void say(final String text) throws IOException {
        far.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
