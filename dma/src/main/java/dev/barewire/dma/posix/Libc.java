package dev.barewire.dma.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls that JNR-POSIX lacks, over Panama FFM. Each throws {@link SystemCallException} on failure, but for
 * {@link #epollWait}, {@link #ioctlQuietly}, {@link #pwriteQuietly} and {@link #signal}, which a data path may call: those report failure by
 * their result, if at all, and allocate nothing.
 */
public final class Libc {
    /** Pages may be read (mman.h). */
    public static final int PROT_READ = 1;
    /** Pages may be written. */
    public static final int PROT_WRITE = 2;
    /** Changes are seen by every mapping of the same object. */
    public static final int MAP_SHARED = 1;
    /** Changes stay in this process. */
    public static final int MAP_PRIVATE = 2;
    /** No file behind the mapping. */
    public static final int MAP_ANONYMOUS = 0x20;
    /** At just this address, in place of what is there. */
    public static final int MAP_FIXED = 0x10;
    /** Fault all pages in now. */
    public static final int MAP_POPULATE = 0x8000;
    /** Pages from the kernel's pool of huge pages. */
    public static final int MAP_HUGETLB = 0x40000;
    /** Huge pages of 2 MiB: log2 of the size in bits 26 to 31. */
    public static final int MAP_HUGE_2MB = 21 << 26;
    /** Close on exec (eventfd, memfd and epoll have each their own number for it). */
    public static final int EFD_CLOEXEC = 0x80000;
    /** A read of a zero counter fails with EAGAIN. */
    public static final int EFD_NONBLOCK = 0x800;
    /** Close on exec. */
    public static final int MFD_CLOEXEC = 1;
    /** A memory file of huge pages; of which, as with {@link #MAP_HUGE_2MB}. */
    public static final int MFD_HUGETLB = 4;
    /** Add a descriptor to an epoll set. */
    public static final int EPOLL_CTL_ADD = 1;
    /** Readable. */
    public static final int EPOLLIN = 1;
    /** Report an edge, once, so that an eventfd need not be read. */
    public static final int EPOLLET = 1 << 31;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> CAPTURED =
        ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));
    private static final boolean PACKED_EPOLL_EVENT = System.getProperty("os.arch").equals("amd64");
    private static final int CPU_SET_BYTES = 128;
    private static final long MAP_FAILED = -1;

    private Libc() {
    }

    // A handle takes 5 to 10 ms to make. Each group is made when it is first needed.

    private static final class Ioctl {
        static final MethodHandle STRUCT = capturing("ioctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));
        static final MethodHandle NUMBER = capturing("ioctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(2));
        static final MethodHandle QUIET = LINKER.downcallHandle(symbol("ioctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));
    }

    private static final class Mapping {
        static final MethodHandle MMAP = capturing("mmap",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    }

    private static final class Mapped {
        static final MethodHandle MUNMAP = capturing("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
        static final MethodHandle MLOCK = capturing("mlock", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    }

    private static final class Eventfd {
        static final MethodHandle CREATE = capturing("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle WRITE = LINKER.downcallHandle(symbol("write"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
        static final MemorySegment ONE = Arena.global().allocateFrom(JAVA_LONG, 1);
    }

    private static final class Epoll {
        static final MethodHandle CREATE = capturing("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        static final MethodHandle CTL = capturing("epoll_ctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
        static final MethodHandle WAIT = LINKER.downcallHandle(symbol("epoll_wait"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    }

    private static final class Memfd {
        static final MethodHandle CREATE = capturing("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    }

    private static final class Nothing {
        static final MethodHandle ABS = LINKER.downcallHandle(symbol("abs"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    private static final class Pwrite {
        static final MethodHandle QUIET = LINKER.downcallHandle(symbol("pwrite"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    }

    private static final class Affinity {
        static final MethodHandle SET = capturing("sched_setaffinity",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    }

    /**
     * ioctl(2) with a struct.
     *
     * @param what     what is asked, for the error message, such as {@code VFIO_GROUP_GET_STATUS}
     * @param fd       the file descriptor
     * @param request  the request number
     * @param argument the struct, or {@link MemorySegment#NULL}
     * @return the call's result, 0 or more
     */
    public static int ioctl(final String what, final int fd, final long request, final MemorySegment argument) {
        final MemorySegment state = CAPTURED.get();
        try {
            return check(what, state, (int) Ioctl.STRUCT.invokeExact(state, fd, request, argument));
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * ioctl(2) whose argument is a number or nothing.
     *
     * @param what     what is asked, for the error message
     * @param fd       the file descriptor
     * @param request  the request number
     * @param argument the number
     * @return the call's result, 0 or more
     */
    public static int ioctl(final String what, final int fd, final long request, final long argument) {
        final MemorySegment state = CAPTURED.get();
        try {
            return check(what, state, (int) Ioctl.NUMBER.invokeExact(state, fd, request, argument));
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * ioctl(2) for a data path: allocates nothing, and an error is a result of -1 without its errno.
     *
     * @param fd       the file descriptor
     * @param request  the request number
     * @param argument the struct
     * @return the call's result, -1 on failure
     */
    public static int ioctlQuietly(final int fd, final long request, final MemorySegment argument) {
        try {
            return (int) Ioctl.QUIET.invokeExact(fd, request, argument);
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * pwrite(2) of a whole segment, for a data path: allocates nothing, and an error is a result of -1 without its errno.
     *
     * @param fd     the file descriptor
     * @param bytes  native memory
     * @param offset where in the file
     * @return bytes written, -1 on failure
     */
    public static long pwriteQuietly(final int fd, final MemorySegment bytes, final long offset) {
        try {
            return (long) Pwrite.QUIET.invokeExact(fd, bytes, bytes.byteSize(), offset);
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * mmap(2) at an address of the kernel's choice. For {@code MappedMemory} alone, which keeps the address to itself.
     *
     * @param what       what is mapped, for the error message
     * @param bytes      the length
     * @param protection {@code PROT_*} bits
     * @param flags      {@code MAP_*} bits
     * @param fd         the file, or -1 for anonymous memory
     * @param offset     where in the file, a multiple of the page size
     * @return the mapping's address
     */
    public static long mmap(
        final String what, final long bytes, final int protection, final int flags, final int fd, final long offset) {
        return mmapAt(what, 0, bytes, protection, flags, fd, offset);
    }

    /**
     * mmap(2) at a given address, which {@link #MAP_FIXED} insists on. For {@code MappedMemory} alone.
     *
     * @param what       what is mapped, for the error message
     * @param wanted     where, in a range that the caller has mapped before
     * @param bytes      the length
     * @param protection {@code PROT_*} bits
     * @param flags      {@code MAP_*} bits
     * @param fd         the file, or -1 for anonymous memory
     * @param offset     where in the file, a multiple of the page size
     * @return the mapping's address
     */
    public static long mmapAt(final String what, final long wanted, final long bytes, final int protection, final int flags,
        final int fd, final long offset) {
        final MemorySegment state = CAPTURED.get();
        try {
            final long address = (long) Mapping.MMAP.invokeExact(state, wanted, bytes, protection, flags, fd, offset);
            if (address == MAP_FAILED) {
                throw failure("mmap(" + what + ", " + bytes + " bytes)", state);
            }
            return address;
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * munmap(2).
     *
     * @param address where the mapping starts
     * @param bytes   its length
     */
    public static void munmap(final long address, final long bytes) {
        final MemorySegment state = CAPTURED.get();
        try {
            check("munmap", state, (int) Mapped.MUNMAP.invokeExact(state, address, bytes));
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * mlock(2): keeps pages in memory. Counts against RLIMIT_MEMLOCK.
     *
     * @param address where the pages start
     * @param bytes   their length
     */
    public static void mlock(final long address, final long bytes) {
        final MemorySegment state = CAPTURED.get();
        try {
            check("mlock(" + bytes + " bytes)", state, (int) Mapped.MLOCK.invokeExact(state, address, bytes));
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * eventfd(2) with a counter of 0, closed on exec.
     *
     * @return the file descriptor
     */
    public static int eventfd() {
        final MemorySegment state = CAPTURED.get();
        try {
            return check("eventfd", state, (int) Eventfd.CREATE.invokeExact(state, 0, EFD_CLOEXEC | EFD_NONBLOCK));
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * Adds 1 to an eventfd's counter. Allocates nothing; a counter that is full, which no one will see, stays full.
     *
     * @param eventfd the file descriptor
     */
    public static void signal(final int eventfd) {
        try {
            final long unused = (long) Eventfd.WRITE.invokeExact(eventfd, Eventfd.ONE, JAVA_LONG.byteSize());
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * memfd_create(2), closed on exec: a file that lives in memory only.
     *
     * @param name shown in /proc
     * @return the file descriptor of an empty file
     */
    public static int memfdCreate(final String name) {
        return memfdCreate(name, 0);
    }

    /**
     * memfd_create(2), closed on exec.
     *
     * @param name  shown in /proc
     * @param flags {@code MFD_*} bits
     * @return the file descriptor of an empty file
     */
    public static int memfdCreate(final String name, final int flags) {
        final MemorySegment state = CAPTURED.get();
        try (Arena arena = Arena.ofConfined()) {
            return check("memfd_create", state,
                (int) Memfd.CREATE.invokeExact(state, arena.allocateFrom(name), flags | MFD_CLOEXEC));
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * Leaves Java and comes back, which takes some nanoseconds. A SIGBUS of this thread, which compiled code notes only, is
     * thrown here at the latest, as {@link InternalError}; without this it may be thrown in whatever code comes next.
     */
    public static void meetFaults() {
        try {
            final int unused = (int) Nothing.ABS.invokeExact(0);
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * epoll_create1(2).
     *
     * @return the file descriptor of an empty set
     */
    public static int epollCreate() {
        final MemorySegment state = CAPTURED.get();
        try {
            return check("epoll_create1", state, (int) Epoll.CREATE.invokeExact(state, EFD_CLOEXEC));
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * epoll_ctl(2), adding a file descriptor to a set.
     *
     * @param epoll  the set
     * @param fd     the file descriptor to watch
     * @param events {@code EPOLL*} bits
     * @param data   what {@link #epollData} gives when it fires
     */
    public static void epollAdd(final int epoll, final int fd, final int events, final long data) {
        final MemorySegment state = CAPTURED.get();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment event = arena.allocate(epollEventBytes(), 8);
            event.set(JAVA_INT, 0, events);
            event.set(ValueLayout.JAVA_LONG_UNALIGNED, epollDataOffset(), data);
            check("epoll_ctl", state, (int) Epoll.CTL.invokeExact(state, epoll, EPOLL_CTL_ADD, fd, event));
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * epoll_wait(2). Allocates nothing; an interrupted call reads as no event.
     *
     * @param epoll          the set
     * @param events         room for the events, {@link #epollEventBytes} each
     * @param timeoutMillis  how long to wait at most; -1 for ever
     * @return the number of events, 0 when the time was over or a signal came
     */
    public static int epollWait(final int epoll, final MemorySegment events, final int timeoutMillis) {
        final int room = (int) (events.byteSize() / epollEventBytes());
        try {
            return Math.max(0, (int) Epoll.WAIT.invokeExact(epoll, events, room, timeoutMillis));
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    /**
     * What was given to {@link #epollAdd} for an event.
     *
     * @param events as filled by {@link #epollWait}
     * @param index  which event
     * @return its data
     */
    public static long epollData(final MemorySegment events, final int index) {
        return events.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) index * epollEventBytes() + epollDataOffset());
    }

    /**
     * The size of {@code struct epoll_event}: packed on x86-64, padded elsewhere.
     *
     * @return bytes
     */
    public static int epollEventBytes() {
        return PACKED_EPOLL_EVENT ? 12 : 16;
    }

    /**
     * sched_setaffinity(2) for the calling thread.
     *
     * @param cpu the only processor that it may run on, from 0 to 1023
     */
    public static void pinCurrentThread(final int cpu) {
        if (cpu < 0 || cpu >= CPU_SET_BYTES * Byte.SIZE) {
            throw new IllegalArgumentException("no such processor: " + cpu);
        }
        final MemorySegment state = CAPTURED.get();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment set = arena.allocate(CPU_SET_BYTES, 8);
            set.set(JAVA_BYTE, cpu / Byte.SIZE, (byte) (1 << cpu % Byte.SIZE));
            check("sched_setaffinity(cpu " + cpu + ")", state,
                (int) Affinity.SET.invokeExact(state, 0, (long) CPU_SET_BYTES, set));
        } catch (final Throwable error) {
            throw rethrow(error);
        }
    }

    private static int epollDataOffset() {
        return PACKED_EPOLL_EVENT ? 4 : 8;
    }

    private static int check(final String call, final MemorySegment state, final int result) {
        if (result < 0) {
            throw failure(call, state);
        }
        return result;
    }

    private static SystemCallException failure(final String call, final MemorySegment state) {
        return new SystemCallException(call, (int) ERRNO.get(state, 0L));
    }

    private static MemorySegment symbol(final String name) {
        return LINKER.defaultLookup().findOrThrow(name);
    }

    private static MethodHandle capturing(
        final String name, final FunctionDescriptor descriptor, final Linker.Option... options) {
        final Linker.Option[] all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 1, options.length);
        all[0] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(symbol(name), descriptor, all);
    }

    private static RuntimeException rethrow(final Throwable error) {
        if (error instanceof Error fatal) {
            throw fatal;
        }
        return error instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(error);
    }
}
