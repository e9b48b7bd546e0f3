package dev.barewire.tools.demo.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class FileTransferTest {
    @ParameterizedTest
    @CsvSource({"0, 1, 1, 1408", "0, 2, 300001, 1408", "3, 3, 300001, 1408", "10, 4, 100000, 512", "25, 5, 40000, 512",
        "10, 6, 64, 1", "10, 7, 65, 1"})
    void shouldBringTheFileOutAndBackWhenTheNetworkMisbehaves(int percent, long seed, int fileBytes, int chunkBytes)
            throws Exception {
        byte[] content = new byte[fileBytes];
        new Random(seed).nextBytes(content);
        LossyPipe pipe = new LossyPipe(percent);
        FileSender sender = new FileSender(pipe.near(seed), ByteBuffer.wrap(content), chunkBytes, 77);
        FileEcho echo = new FileEcho(pipe.far(seed + 100), sender.shape(), 77);

        CompletableFuture<Void> far = running(() -> echo.run(sender::isComplete));
        running(() -> sender.run(sender::isComplete)).get(50, TimeUnit.SECONDS);
        far.get(5, TimeUnit.SECONDS);

        assertThat(echo.file()).isEqualTo(ByteBuffer.wrap(content));
        assertThat(sender.returned()).isEqualTo(ByteBuffer.wrap(content));
        if (percent == 0) {
            assertThat(echo.in().duplicates() + echo.in().strays()).isEqualTo(sender.retransmissions());
        } else if (fileBytes > chunkBytes * 100) {
            assertThat(sender.retransmissions()).isPositive();
        }
    }

    private interface Job {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> running(Job job) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                job.run();
                done.complete(null);
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }
}
