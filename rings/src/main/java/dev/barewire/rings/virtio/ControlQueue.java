package dev.barewire.rings.virtio;

import dev.barewire.dma.Region;
import dev.barewire.rings.RingMemory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * The control virtqueue of a network device (section 5.1.9.5): a command at a time, and its answer is waited for. One thread
 * at a time uses it; it polls, and is not for traffic.
 */
public final class ControlQueue {
    /** The device did what it was asked (VIRTIO_NET_OK). */
    public static final int OK = 0;
    /** The device refused it (VIRTIO_NET_ERR). */
    public static final int ERROR = 1;
    /** The device has not answered in time. It may still use the command's memory: nothing works before {@link #reset()}. */
    public static final int NO_ANSWER = -1;

    /** The most bytes of a command or of its reply. */
    public static final int MAX_DATA = 4096;
    private static final int CLASS_AND_COMMAND = 2;
    private static final int COMMAND_BYTES = VirtqueueFormat.align(CLASS_AND_COMMAND + MAX_DATA);
    private static final int REPLY_BYTES = VirtqueueFormat.align(MAX_DATA);
    private static final int ACK_BYTES = VirtqueueFormat.ALIGNMENT;
    private static final int DESCRIPTORS = 3;
    /** What a device that has written nothing leaves: no answer that there is. */
    private static final byte UNANSWERED = (byte) 0xff;
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final RingMemory memory;
    private final Virtqueue queue;
    private final IntConsumer doorbell;
    private final long timeoutNanos;
    private final int command;
    private final int reply;
    private final int ack;
    private boolean isHung;

    /**
     * Lays a queue out.
     *
     * @param region       memory that the device may read and write
     * @param offset       where the queue starts in it; its IOVA must be a multiple of 64
     * @param format       the virtqueue, of at least 4 descriptors
     * @param doorbell     notifies the device; gets what a notification carries with VIRTIO_F_NOTIFICATION_DATA in its upper half
     * @param timeoutNanos how long a command may take
     */
    public ControlQueue(final Region region, final long offset, final VirtqueueFormat format, final IntConsumer doorbell,
        final long timeoutNanos) {
        this(Virtqueue.memory(region, offset, bytesFor(format)), format, doorbell, timeoutNanos);
    }

    ControlQueue(final RingMemory memory, final VirtqueueFormat format, final IntConsumer doorbell, final long timeoutNanos) {
        if (format.size() < DESCRIPTORS) {
            throw new IllegalArgumentException("a command needs a queue of " + DESCRIPTORS + " descriptors, not "
                + format.size());
        }
        this.memory = memory;
        this.doorbell = doorbell;
        this.timeoutNanos = timeoutNanos;
        this.command = format.bytes();
        this.reply = command + COMMAND_BYTES;
        this.ack = reply + REPLY_BYTES;
        this.queue = Virtqueue.of(memory, format);
    }

    /**
     * How much memory a queue takes.
     *
     * @param format the virtqueue
     * @return bytes
     */
    public static int bytesFor(final VirtqueueFormat format) {
        return format.bytes() + COMMAND_BYTES + REPLY_BYTES + ACK_BYTES;
    }

    /**
     * Gives a command that has no reply but its acknowledgement.
     *
     * @param commandClass its class
     * @param commandCode  the command in its class
     * @param data         what it is about, as the class has it, up to {@link #MAX_DATA} bytes
     * @return {@link #OK}, {@link #ERROR} (any answer but OK is one) or {@link #NO_ANSWER}
     */
    public int execute(final int commandClass, final int commandCode, final byte... data) {
        return execute(commandClass, commandCode, data, new byte[0]);
    }

    /**
     * Gives a command.
     *
     * @param commandClass its class
     * @param commandCode  the command in its class
     * @param data         what it is about, as the class has it, up to {@link #MAX_DATA} bytes
     * @param answer       gets the reply if the answer is {@link #OK}; what the device did not write is 0
     * @return {@link #OK}, {@link #ERROR} (any answer but OK is one) or {@link #NO_ANSWER}
     */
    public int execute(final int commandClass, final int commandCode, final byte[] data, final byte[] answer) {
        if (data.length > MAX_DATA || answer.length > MAX_DATA) {
            throw new IllegalArgumentException("a command has up to " + MAX_DATA + " bytes and a reply as many, not "
                + data.length + " and " + answer.length);
        }
        if (isHung) {
            return NO_ANSWER;
        }
        write(commandClass, commandCode, data, answer.length);
        post(CLASS_AND_COMMAND + data.length, answer.length);
        final int notification = queue.publish();
        if (notification != Virtqueue.NONE) {
            doorbell.accept(notification);
        }
        if (!await()) {
            isHung = true;
            return NO_ANSWER;
        }
        if (memory.getByteAcquire(ack) != OK) {
            return ERROR;
        }
        for (int i = 0; i < answer.length; i++) {
            answer[i] = memory.getByteAcquire(reply + i);
        }
        return OK;
    }

    private void write(final int commandClass, final int commandCode, final byte[] data, final int replyBytes) {
        memory.putByte(command, (byte) commandClass);
        memory.putByte(command + 1, (byte) commandCode);
        for (int i = 0; i < data.length; i++) {
            memory.putByte(command + CLASS_AND_COMMAND + i, data[i]);
        }
        for (int i = 0; i < replyBytes; i++) {
            memory.putByte(reply + i, (byte) 0);
        }
        memory.putByte(ack, UNANSWERED);
    }

    /** What the device reads first, then what it writes (2.7.4.2). */
    private void post(final int commandBytes, final int replyBytes) {
        queue.begin(replyBytes > 0 ? DESCRIPTORS : DESCRIPTORS - 1);
        queue.add(memory.iova() + command, commandBytes, 0);
        if (replyBytes > 0) {
            queue.add(memory.iova() + reply, replyBytes, Virtqueue.WRITE);
        }
        queue.add(memory.iova() + ack, Byte.BYTES, Virtqueue.WRITE);
        queue.end();
    }

    private boolean await() {
        final long start = System.nanoTime();
        while (queue.take() == Virtqueue.NONE) {
            if (System.nanoTime() - start > timeoutNanos) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /**
     * Whether a command was not answered in time since the last {@link #reset()}.
     *
     * @return true if nothing works any more
     */
    public boolean isHung() {
        return isHung;
    }

    /**
     * How often the device named a command that it had not been given.
     *
     * @return the count since the queue was made
     */
    public long disorders() {
        return queue.disorders();
    }

    /**
     * Where the device finds the queue.
     *
     * @return its areas
     */
    public VirtqueueAreas areas() {
        return queue.areas();
    }

    /** Starts again from nothing; only when the device, or its queue, has been reset. */
    public void reset() {
        queue.reset();
        isHung = false;
    }
}
