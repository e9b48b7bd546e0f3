package dev.barewire.rings.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands to a device that answers, refuses, lies or sleeps. */
class ControlQueueTest {
    private static final List<VirtqueueFormat> FORMATS = List.of(
        new VirtqueueFormat(false, 4, false, false, false), new VirtqueueFormat(true, 5, false, true, true));

    private final VirtioFixture fixture = new VirtioFixture(64, 1);
    private DeviceQueue device;
    private byte[] command;
    private int answer;

    @AfterEach
    void close() {
        fixture.close();
    }

    private ControlQueue open(final VirtqueueFormat format) {
        final ControlQueue queue = new ControlQueue(fixture.ring, 0, format, this::serve, TimeUnit.MILLISECONDS.toNanos(20));
        device = DeviceQueue.of(fixture, format, queue.areas());
        device.wantNotification();
        return queue;
    }

    /** The device, which runs when its doorbell rings. */
    private void serve(final int notification) {
        final DeviceQueue.Chain chain = device.next();
        command = device.read(chain);
        device.wantNotification();
        if (answer < 0) {
            return;
        }
        final int reply = chain.writable() - 1;
        final byte[] all = new byte[reply + 1];
        for (int i = 0; i < reply; i++) {
            all[i] = (byte) (i + 1);
        }
        all[reply] = (byte) answer;
        device.fill(chain, 0, all);
        device.use(chain, all.length);
    }

    @Test
    void shouldGiveACommandAndItsAnswer() {
        for (final VirtqueueFormat format : FORMATS) {
            final ControlQueue queue = open(format);
            for (int i = 0; i < 20; i++) {
                assertThat(queue.execute(1, 2, (byte) i, (byte) 7)).isEqualTo(ControlQueue.OK);
                assertThat(command).containsExactly(1, 2, i, 7);
            }
            assertThat(queue.execute(3, 4)).isEqualTo(ControlQueue.OK);
            assertThat(command).containsExactly(3, 4);
            assertThat(device.complaints).isEmpty();
        }
    }

    @Test
    void shouldGiveTheReplyBack() {
        for (final VirtqueueFormat format : FORMATS) {
            final ControlQueue queue = open(format);
            final byte[] reply = new byte[5];

            assertThat(queue.execute(8, 1, new byte[] {9}, reply)).isEqualTo(ControlQueue.OK);
            assertThat(reply).containsExactly(1, 2, 3, 4, 5);
            assertThat(device.complaints).isEmpty();
        }
    }

    @Test
    void shouldTakeAnyOtherAnswerAsARefusal() {
        final ControlQueue queue = open(FORMATS.getFirst());
        for (final int refusal : new int[] {1, 2, 0xff}) {
            answer = refusal;
            assertThat(queue.execute(1, 0)).isEqualTo(ControlQueue.ERROR);
        }
        answer = 0;
        assertThat(queue.execute(1, 0)).isEqualTo(ControlQueue.OK);
    }

    // CLEAN-02
    @Test
    void shouldUseItsMemoryForNothingElseWhenTheDeviceDoesNotAnswer() {
        for (final VirtqueueFormat format : FORMATS) {
            final ControlQueue queue = open(format);
            answer = -1;
            assertThat(queue.execute(1, 0, (byte) 5)).isEqualTo(ControlQueue.NO_ANSWER);
            answer = 0;
            assertThat(queue.execute(1, 0, (byte) 6)).isEqualTo(ControlQueue.NO_ANSWER);
            assertThat(command).containsExactly(1, 0, 5);
            assertThat(queue.isHung()).isTrue();

            queue.reset();
            device = DeviceQueue.of(fixture, format, queue.areas());
            assertThat(queue.execute(1, 0, (byte) 7)).isEqualTo(ControlQueue.OK);
            assertThat(command).containsExactly(1, 0, 7);
        }
    }

    @Test
    void shouldNotTakeAnothersAnswerForItsOwn() {
        final ControlQueue queue = open(FORMATS.getFirst());
        final SplitDevice split = (SplitDevice) device;
        split.put(3, 1);
        split.publish(1);
        answer = -1;

        assertThat(queue.execute(1, 0)).isEqualTo(ControlQueue.NO_ANSWER);
        assertThat(queue.disorders()).isEqualTo(1);
    }

    @Test
    void shouldRefuseWhatDoesNotFit() {
        final ControlQueue queue = open(FORMATS.getFirst());

        assertThatThrownBy(() -> queue.execute(1, 0, new byte[ControlQueue.MAX_DATA + 1]))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4096");
        assertThatThrownBy(() -> new ControlQueue(fixture.ring, 0, new VirtqueueFormat(false, 2, false, false, false),
            this::serve, 1)).hasMessageContaining("3 descriptors");
    }
}
