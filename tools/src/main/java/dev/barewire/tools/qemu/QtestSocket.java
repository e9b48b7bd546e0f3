package dev.barewire.tools.qemu;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * QEMU's test socket: a line for each access, answered by a line, in order. Writes are pipelined: their answers are taken
 * when somebody reads, when too many are out, or when a thread waits for an interrupt, whose lines come between the
 * answers. There is no thread for it: whoever reads the socket acts for all. Any thread may call; accesses allocate nothing.
 *
 * <p>A QEMU that has ended, hangs or talks nonsense is lost, for good: reads give all ones and writes vanish.
 */
final class QtestSocket implements AutoCloseable {
    /** Hears of what comes without being asked for, under this socket's lock. */
    interface Listener {
        /** An interrupt line has changed. */
        void onLine(int line, boolean raised);

        /** QEMU is lost. Said once. */
        void onLost();
    }

    /** How the fault of a QEMU begins that has ended, or acts like it. */
    static final String HUNG_UP = "QEMU has closed its test socket";
    /** How long QEMU may owe an answer. */
    static final int PATIENCE_MILLIS = 2000;
    /** How long it may take to come up. */
    static final int START_MILLIS = 30_000;
    /** Time is counted in slices, so that a machine or a JVM that was asleep counts as one. */
    private static final int SLICE_MILLIS = 100;
    /** Few enough that neither side's socket buffer can fill, which would make both wait for each other. */
    private static final int MOST_UNANSWERED = 64;
    /** An answer takes some 10 µs, a sleep and a wake-up several times that. */
    private static final int SPINS = 100;
    private static final int LONGEST_LINE = 256;
    private static final int ADDRESS_BITS = 32;
    private static final String ANSWERED = "OK 0x";
    private static final String RAISED = "IRQ raise ";
    private static final Consumer<SelectionKey> NOTHING = key -> { };

    private final SocketChannel channel;
    private final Selector readable;
    private final Listener listener;
    private final ByteBuffer out = ByteBuffer.allocateDirect(LONGEST_LINE);
    private final ByteBuffer in = ByteBuffer.allocateDirect(4096);
    private int scanned;
    private long sent;
    private long answered;
    private long answer;
    /** When something was last heard, or when the first of what is unanswered was sent. */
    private long heardNanos;
    private String fault = "";

    /**
     * Takes a socket that QEMU has connected to.
     *
     * @throws IOException if it cannot be waited for
     */
    QtestSocket(final SocketChannel channel, final Listener listener) throws IOException {
        this.channel = channel;
        this.listener = listener;
        channel.configureBlocking(false);
        readable = Selector.open();
        channel.register(readable, SelectionKey.OP_READ);
    }

    /** Writes to memory: earlier stores of this thread are seen by the card first. Does not wait for QEMU to do it. */
    synchronized void write(final long address, final int width, final int value) {
        if (isLost()) {
            return;
        }
        put("write");
        out.put(suffix(width));
        put(" 0x");
        putHex(address);
        put(" 0x");
        putHex(value & mask(width));
        VarHandle.releaseFence();
        submit();
        if (sent - answered >= MOST_UNANSWERED) {
            awaitAnswers(sent - MOST_UNANSWERED / 2);
        } else if (System.nanoTime() - heardNanos > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
            awaitAnswers(sent);
        }
    }

    /** Reads memory, after all earlier writes were done; all ones when QEMU is lost. */
    synchronized int read(final long address, final int width) {
        if (!isLost()) {
            put("read");
            out.put(suffix(width));
            put(" 0x");
            putHex(address);
            submit();
            awaitAnswers(sent);
        }
        return isLost() ? (int) mask(width) : (int) (answer & mask(width));
    }

    /** Gives a command in qtest's words, while the card is set up. */
    synchronized void command(final String words) {
        if (!isLost()) {
            put(words);
            submit();
            awaitAnswers(sent);
        }
    }

    /** Takes what has come, and waits for nothing. */
    synchronized void drain() {
        if (!isLost()) {
            receive();
        }
    }

    /** Waits until all that was sent has been done. */
    synchronized void settle() {
        awaitAnswers(sent);
    }

    /** Lets a selector wake when something comes. */
    void register(final Selector selector) throws ClosedChannelException {
        channel.register(selector, SelectionKey.OP_READ);
    }

    /** Why QEMU is lost; empty while it is not known to be. */
    synchronized String fault() {
        drain();
        return fault;
    }

    /** Gives QEMU up for a reason, unless it was given up before. */
    synchronized void lose(final String reason) {
        if (isLost()) {
            return;
        }
        fault = reason;
        try {
            channel.close();
        } catch (final IOException nothingToSave) {
            // The socket is of no use either way.
        }
        listener.onLost();
    }

    private boolean isLost() {
        return !fault.isEmpty();
    }

    // ---- sending

    private void put(final String text) {
        for (int i = 0; i < text.length(); i++) {
            out.put((byte) text.charAt(i));
        }
    }

    private void putHex(final long value) {
        for (int shift = ADDRESS_BITS - 4; shift >= 0; shift -= 4) {
            final int digit = (int) (value >>> shift) & 0xf;
            out.put((byte) (digit < 10 ? '0' + digit : 'a' + digit - 10));
        }
    }

    private static byte suffix(final int width) {
        return (byte) switch (width) {
            case Byte.BYTES -> 'b';
            case Short.BYTES -> 'w';
            case Integer.BYTES -> 'l';
            default -> throw new IllegalArgumentException("an access is 1, 2 or 4 bytes wide, not " + width);
        };
    }

    private static long mask(final int width) {
        return (1L << width * Byte.SIZE) - 1;
    }

    private void submit() {
        out.put((byte) '\n').flip();
        if (sent == answered) {
            heardNanos = System.nanoTime();
        }
        try {
            while (out.hasRemaining() && !isLost()) {
                if (channel.write(out) == 0) {
                    awaitAnswers(Math.min(answered + 1, sent));
                }
            }
        } catch (final IOException hungUp) {
            lose(HUNG_UP + ": " + hungUp.getMessage());
        }
        out.clear();
        sent++;
    }

    // ---- receiving

    /** Waits for answers; a QEMU that gives none in time is lost. */
    private void awaitAnswers(final long count) {
        final int patience = (answered == 0 ? START_MILLIS : PATIENCE_MILLIS) / SLICE_MILLIS;
        boolean interrupted = false;
        int slices = 0;
        int spins = 0;
        while (answered < count && !isLost()) {
            final long before = answered;
            receive();
            if (answered > before) {
                slices = 0;
            } else if (spins++ < SPINS) {
                Thread.onSpinWait();
            } else if (slices++ < patience) {
                // A selector does not sleep for a thread that is interrupted.
                interrupted |= Thread.interrupted();
                sleep();
            } else {
                lose("QEMU has not answered for " + patience * SLICE_MILLIS + " ms");
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void sleep() {
        try {
            readable.select(NOTHING, SLICE_MILLIS);
        } catch (final IOException broken) {
            lose("QEMU's test socket cannot be waited for: " + broken.getMessage());
        }
    }

    private void receive() {
        try {
            final int bytes = channel.read(in);
            if (bytes < 0) {
                lose(HUNG_UP);
            } else if (bytes > 0) {
                heardNanos = System.nanoTime();
                lines();
            }
        } catch (final IOException hungUp) {
            lose(HUNG_UP + ": " + hungUp.getMessage());
        }
    }

    private void lines() {
        int start = 0;
        for (; scanned < in.position(); scanned++) {
            if (in.get(scanned) == '\n') {
                line(start, scanned);
                start = scanned + 1;
            }
        }
        if (start > 0) {
            in.flip().position(start);
            in.compact();
            scanned -= start;
        } else if (!in.hasRemaining()) {
            lose("QEMU does not end its lines");
        }
    }

    private void line(final int start, final int end) {
        switch (in.get(start)) {
            case 'O' -> {
                answered++;
                answer = number(start + ANSWERED.length(), end, 16);
            }
            case 'I' -> listener.onLine((int) number(start + RAISED.length(), end, 10),
                in.get(start + RAISED.indexOf('r')) == 'r');
            default -> lose("QEMU does not understand its test socket's words: " + text(start, end));
        }
    }

    private long number(final int start, final int end, final int base) {
        long value = 0;
        for (int i = start; i < end; i++) {
            value = value * base + Math.max(0, Character.digit(in.get(i), base));
        }
        return value;
    }

    private String text(final int start, final int end) {
        final StringBuilder text = new StringBuilder();
        for (int i = start; i < end; i++) {
            text.append((char) in.get(i));
        }
        return text.toString();
    }

    /** Hangs up. Closing twice does nothing. */
    @Override
    public synchronized void close() {
        lose("the card is closed");
        try {
            readable.close();
        } catch (final IOException nothingToSave) {
            // A selector holds nothing but its own descriptors.
        }
    }
}
