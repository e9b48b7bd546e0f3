package dev.barewire.dma.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LibcTest {
    private static final int BAD_FD = 1_000_000;

    private final MemorySegment events = Arena.ofAuto().allocate(2L * Libc.epollEventBytes(), 8);

    @Test
    void shouldReportAnEdgeOnceWhenAnEventfdIsSignalled() {
        final int epoll = Libc.epollCreate();
        final int first = Libc.eventfd();
        final int second = Libc.eventfd();
        Libc.epollAdd(epoll, first, Libc.EPOLLIN | Libc.EPOLLET, 0x1234_5678_9abc_def0L);
        Libc.epollAdd(epoll, second, Libc.EPOLLIN | Libc.EPOLLET, 7);

        assertThat(Libc.epollWait(epoll, events, 0)).isZero();
        for (int round = 0; round < 3; round++) {
            Libc.signal(first);
            assertThat(Libc.epollWait(epoll, events, -1)).isEqualTo(1);
            assertThat(Libc.epollData(events, 0)).isEqualTo(0x1234_5678_9abc_def0L);
            assertThat(Libc.epollWait(epoll, events, 0)).isZero();
        }
        Libc.signal(first);
        Libc.signal(second);
        assertThat(Libc.epollWait(epoll, events, -1)).isEqualTo(2);
        assertThat(new long[] {Libc.epollData(events, 0), Libc.epollData(events, 1)})
            .containsExactlyInAnyOrder(0x1234_5678_9abc_def0L, 7);
        final ByteBuffer counter = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        assertThat(Posix.read(first, counter)).isEqualTo(8);
        assertThat(counter.getLong(0)).isEqualTo(4);
        Posix.close(first);
        Posix.close(second);
        Posix.close(epoll);
    }

    @Test
    void shouldAllocateNothingWhenSignallingAndWaiting() {
        final int epoll = Libc.epollCreate();
        final int fd = Libc.eventfd();
        Libc.epollAdd(epoll, fd, Libc.EPOLLIN | Libc.EPOLLET, 0);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        // Compiled code allocates nothing; how soon it is compiled depends on the machine.
        for (int batch = 0; batch < 200 && allocated > 0; batch++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 2000; i++) {
                Libc.signal(fd);
                Libc.epollWait(epoll, events, 0);
                Libc.ioctlQuietly(fd, 0, MemorySegment.NULL);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).isZero();
        Posix.close(fd);
        Posix.close(epoll);
    }

    @Test
    void shouldNameCallAndErrorWhenTheKernelRefuses() {
        assertRefused("EBADF", "VFIO_X", () -> Libc.ioctl("VFIO_X", BAD_FD, 0x3b64, MemorySegment.NULL));
        assertRefused("EBADF", "VFIO_Y", () -> Libc.ioctl("VFIO_Y", BAD_FD, 0x3b64, 1));
        assertThat(Libc.ioctlQuietly(BAD_FD, 0x3b64, MemorySegment.NULL)).isEqualTo(-1);
        assertRefused("EBADF", "mmap(a file, 4096 bytes)",
            () -> Libc.mmap("a file", 4096, Libc.PROT_READ, Libc.MAP_SHARED, BAD_FD, 0));
        assertRefused("EINVAL", "munmap", () -> Libc.munmap(1, 4096));
        assertRefused("ENOMEM", "mlock(4096 bytes)", () -> Libc.mlock(0, 4096));
        assertRefused("EBADF", "epoll_ctl", () -> Libc.epollAdd(BAD_FD, BAD_FD, Libc.EPOLLIN, 0));
        assertThat(Libc.epollWait(BAD_FD, events, 0)).isZero();
    }

    @Test
    void shouldMakeAnEmptyFileThatHasItsName() throws IOException {
        final int fd = Libc.memfdCreate("barewire-test");
        assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString()).contains("memfd:barewire-test");
        Posix.ftruncate(fd, 8192);
        assertThat(Files.size(Path.of("/proc/self/fd/" + fd))).isEqualTo(8192);
        Posix.close(fd);
    }

    @Test
    void shouldPinOnlyTheCallingThread() throws Exception {
        final int last = Runtime.getRuntime().availableProcessors() - 1;
        final String before = allowedProcessors();
        final String[] allowed = new String[1];
        final Thread thread = Thread.ofPlatform().start(() -> {
            Libc.pinCurrentThread(last);
            allowed[0] = allowedProcessors();
        });
        thread.join();

        assertThat(allowed[0]).isEqualTo(String.valueOf(last));
        assertThat(allowedProcessors()).isEqualTo(before);
    }

    @Test
    void shouldNameTheProcessorWhenThereIsNone() {
        assertRefused("EINVAL", "cpu 1023", () -> Libc.pinCurrentThread(1023));
        assertThatThrownBy(() -> Libc.pinCurrentThread(1024)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("1024");
        assertThatThrownBy(() -> Libc.pinCurrentThread(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String allowedProcessors() {
        try {
            return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow().split("\\s+")[1];
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void assertRefused(final String errno, final String call, final Runnable act) {
        assertThatThrownBy(act::run).isInstanceOfSatisfying(SystemCallException.class, refused -> {
            assertThat(refused.errno()).isEqualTo(errno);
            assertThat(refused.is(errno)).isTrue();
            assertThat(refused.call()).contains(call);
            assertThat(refused).hasMessageContaining(call).hasMessageContaining(errno);
        });
    }
}
