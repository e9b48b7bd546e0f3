package dev.barewire.dma.posix;

import java.nio.ByteBuffer;
import jnr.constants.platform.linux.RLIMIT;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.RLimit;

/**
 * The system calls that JNR-POSIX has. It is loaded at the first use (some 0.2 to 0.4 s). Each call throws
 * {@link SystemCallException} on failure.
 */
public final class Posix {
    /** Open for reading (fcntl.h). */
    public static final int O_RDONLY = 0;
    /** Open for reading and writing. */
    public static final int O_RDWR = 2;
    /** Close on exec. */
    public static final int O_CLOEXEC = 0x80000;
    /** A limit that is no limit (RLIM_INFINITY). */
    public static final long UNLIMITED = -1;

    /** An exclusive lock (file.h). */
    private static final int LOCK_EX = 2;
    /** Do not wait for a lock. */
    private static final int LOCK_NB = 4;

    private Posix() {
    }

    private static final class Holder {
        static final POSIX NATIVE = load();

        private static POSIX load() {
            final POSIX posix = POSIXFactory.getNativePOSIX();
            if (!posix.isNative()) {
                throw new IllegalStateException("JNR-POSIX has no native part for this machine: "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
            }
            return posix;
        }
    }

    /**
     * open(2), closed on exec.
     *
     * @param path  the file
     * @param flags {@code O_*} bits
     * @return the file descriptor
     */
    public static int open(final String path, final int flags) {
        return (int) check("open(" + path + ")", Holder.NATIVE.open(path, flags | O_CLOEXEC, 0));
    }

    /**
     * close(2).
     *
     * @param fd the file descriptor
     */
    public static void close(final int fd) {
        check("close(" + fd + ")", Holder.NATIVE.close(fd));
    }

    /**
     * read(2).
     *
     * @param fd     the file descriptor
     * @param buffer where to; from its position to its limit
     * @return bytes read, 0 at the end
     */
    public static int read(final int fd, final ByteBuffer buffer) {
        return (int) check("read(" + fd + ")", Holder.NATIVE.read(fd, buffer, buffer.remaining()));
    }

    /**
     * pread(2).
     *
     * @param fd     the file descriptor
     * @param buffer where to; from its position to its limit
     * @param offset where in the file
     * @return bytes read, 0 at the end
     */
    public static int pread(final int fd, final ByteBuffer buffer, final long offset) {
        return (int) check("pread(" + fd + ", " + offset + ")",
            Holder.NATIVE.pread(fd, buffer, buffer.remaining(), offset));
    }

    /**
     * write(2).
     *
     * @param fd     the file descriptor
     * @param buffer from its position to its limit
     * @return bytes written
     */
    public static int write(final int fd, final ByteBuffer buffer) {
        return (int) check("write(" + fd + ")", Holder.NATIVE.write(fd, buffer, buffer.remaining()));
    }

    /**
     * pwrite(2).
     *
     * @param fd     the file descriptor
     * @param buffer from its position to its limit
     * @param offset where in the file
     * @return bytes written
     */
    public static int pwrite(final int fd, final ByteBuffer buffer, final long offset) {
        return (int) check("pwrite(" + fd + ", " + offset + ")",
            Holder.NATIVE.pwrite(fd, buffer, buffer.remaining(), offset));
    }

    /**
     * ftruncate(2).
     *
     * @param fd    the file descriptor
     * @param bytes the new length
     */
    public static void ftruncate(final int fd, final long bytes) {
        check("ftruncate(" + fd + ", " + bytes + ")", Holder.NATIVE.ftruncate(fd, bytes));
    }

    /**
     * flock(2), exclusive and without waiting: held until the descriptor is closed, against any other opening of the file.
     *
     * @param fd the file descriptor
     * @return false if another opening of the file holds it
     */
    public static boolean tryLock(final int fd) {
        if (Holder.NATIVE.flock(fd, LOCK_EX | LOCK_NB) == 0) {
            return true;
        }
        final SystemCallException refused = new SystemCallException("flock(" + fd + ")", Holder.NATIVE.errno());
        if (refused.is("EAGAIN") || refused.is("EWOULDBLOCK")) {
            return false;
        }
        throw refused;
    }

    /**
     * geteuid(2).
     *
     * @return the effective user id; 0 is root
     */
    public static int geteuid() {
        return Holder.NATIVE.geteuid();
    }

    /**
     * getrlimit(2) of RLIMIT_MEMLOCK: how many bytes this process may keep in memory.
     *
     * @return bytes, or {@link #UNLIMITED}
     */
    public static long lockedMemoryLimit() {
        final RLimit limit = Holder.NATIVE.getrlimit(RLIMIT.RLIMIT_MEMLOCK.intValue());
        return limit.rlimCur();
    }

    private static long check(final String call, final long result) {
        if (result < 0) {
            throw new SystemCallException(call, Holder.NATIVE.errno());
        }
        return result;
    }
}
