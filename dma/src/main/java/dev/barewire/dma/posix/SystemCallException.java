package dev.barewire.dma.posix;

import java.io.Serial;
import jnr.constants.platform.linux.Errno;

/** A system call that failed, with its errno by name. */
public final class SystemCallException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What failed. */
    private final String call;
    /** Its number. */
    private final int errno;

    /**
     * Names a failure.
     *
     * @param call  the call and what it was asked for, such as {@code open(/dev/vfio/vfio)}
     * @param errno the number that the kernel gave, as in errno(3)
     */
    public SystemCallException(final String call, final int errno) {
        super(call + " failed: " + describe(errno));
        this.call = call;
        this.errno = errno;
    }

    /**
     * The call that failed.
     *
     * @return its name and arguments
     */
    public String call() {
        return call;
    }

    /**
     * The error's name.
     *
     * @return such as {@code EPERM}, or {@code errno 4711} for one that Linux does not define
     */
    public String errno() {
        final Errno known = find(errno);
        return known == null ? "errno " + errno : known.name();
    }

    /**
     * Whether this is the error of the given name.
     *
     * @param name such as {@code ENOENT}
     * @return true if the kernel gave that error
     */
    public boolean is(final String name) {
        return errno().equals(name);
    }

    private static String describe(final int errno) {
        final Errno known = find(errno);
        return known == null ? "errno " + errno : known.name() + " (" + known + ")";
    }

    private static Errno find(final int errno) {
        for (final Errno candidate : Errno.values()) {
            if (candidate.intValue() == errno) {
                return candidate;
            }
        }
        return null;
    }
}
