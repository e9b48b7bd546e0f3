package dev.barewire.tools.qemu;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A run's own folder: sockets on which this process waits for its QEMU, and the firmware. The leash removes it. */
final class QemuFolder implements AutoCloseable {
    private static final int FIRMWARE_BYTES = 1 << 16;
    /** Where an x86 processor begins: 16 bytes before its firmware's end. */
    private static final int RESET_VECTOR = FIRMWARE_BYTES - 16;
    private static final byte CLI = (byte) 0xfa;
    private static final byte HLT = (byte) 0xf4;

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path path;
    private final ServerSocketChannel qtestServer;
    private final ServerSocketChannel monitorServer;
    private final ServerSocketChannel wireServer;

    QemuFolder() throws IOException {
        path = create();
        final byte[] firmware = new byte[FIRMWARE_BYTES];
        firmware[RESET_VECTOR] = CLI;
        firmware[RESET_VECTOR + 1] = HLT;
        Files.write(firmware(), firmware);
        qtestServer = listen(qtest());
        monitorServer = listen(monitor());
        wireServer = listen(wire());
    }

    /** Files.createTempDirectory() would have a random number generator seeded first, which takes 10 ms. */
    private static Path create() throws IOException {
        final String name = "barewire-qemu-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
        return Files.createDirectory(Path.of(System.getProperty("java.io.tmpdir"), name), OWNER_ONLY);
    }

    private static ServerSocketChannel listen(final Path socket) throws IOException {
        final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket)).configureBlocking(false);
        return server;
    }

    Path path() {
        return path;
    }

    Path firmware() {
        return path.resolve("firmware");
    }

    Path qtest() {
        return path.resolve("qtest");
    }

    Path monitor() {
        return path.resolve("monitor");
    }

    Path wire() {
        return path.resolve("wire");
    }

    ServerSocketChannel qtestServer() {
        return qtestServer;
    }

    ServerSocketChannel monitorServer() {
        return monitorServer;
    }

    ServerSocketChannel wireServer() {
        return wireServer;
    }

    /** Stops listening. */
    @Override
    public void close() throws IOException {
        qtestServer.close();
        monitorServer.close();
        wireServer.close();
    }
}
