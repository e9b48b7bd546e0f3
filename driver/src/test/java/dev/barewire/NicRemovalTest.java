package dev.barewire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.NicCounters.Name;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.intel.IntelRegister;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A card that is pulled out, or that the kernel asks for, while frames are on their way in and out. */
@Timeout(60)
final class NicRemovalTest {
    private static final String WANTED = "the kernel wants it back";
    /** More polls than pass between two looks at the clock. */
    private static final int POLLS = 2048;

    /** How a card goes. */
    private enum Way {
        /** At once: its registers read as all ones. */
        PULLED_OUT {
            @Override
            void go(final FakeDevice card) {
                card.registers.gone = true;
            }
        },
        /** It still answers, but its driver is asked for it. */
        ASKED_FOR {
            @Override
            void go(final FakeDevice card) {
                card.fault = WANTED;
            }
        };

        abstract void go(FakeDevice card);
    }

    /** What the kernel says of a card ends a wait, and is no cause of the card's. */
    private record Kernel(boolean[] speaks) implements InterruptSource {
        @Override
        public Kind kind() {
            return Kind.MSI;
        }

        @Override
        public int vectors() {
            return 1;
        }

        @Override
        public boolean await(final int vector, final int timeoutMillis) {
            return speaks[0];
        }

        @Override
        public void rearm(final int vector) {
            // nothing was masked
        }

        @Override
        public void wake(final int vector) {
            // nobody sleeps
        }
    }

    @TempDir
    private Path folder;

    private final boolean[] kernelSpeaks = new boolean[1];
    private final Packet[] burst = new Packet[16];
    private Nic nic;
    private FakeDevice card;
    private BufferPool pool;

    @BeforeEach
    void open() {
        FakeDevice.nextInterrupts = new Kernel(kernelSpeaks);
        nic = Nic.open("fake:1", NicTest.SMALL);
        card = FakeDevice.last;
        pool = new BufferPool("app", nic.domain(), MemoryKind.ANONYMOUS, 64, 4);
    }

    @AfterEach
    void everythingIsGivenBack() {
        try {
            nic.close();
        } catch (final SetupException gone) {
            assertThat(card.registers.gone).as("whether it does not answer").isTrue();
        }
        assertThat(nic.state()).isEqualTo(NicState.CLOSED);
        assertThat(nic.buffersOutstanding()).isZero();
        assertThat(pool.outstanding()).isZero();
        pool.close();
        assertThat(card.closed).isTrue();
        assertThat(card.mappings()).isZero();
    }

    private int send() {
        final Packet packet = nic.tx(0).packet().append(pool.take(), 0, 60);
        final int sent = nic.tx(0).send(new Packet[] {packet}, 1);
        if (sent == 0) {
            packet.release();
        }
        return sent;
    }

    @ParameterizedTest
    @EnumSource
    void shouldMoveNothingAnyMoreWhenItIsRemoved(final Way way) {
        assertThat(nic.state()).isEqualTo(NicState.RUNNING);
        assertThat(nic.fault()).isEmpty();
        assertThat(nic.link().up()).isTrue();
        assertThat(send()).isOne();
        card.receive(Frames.udp(100));

        way.go(card);

        assertThat(nic.state()).isEqualTo(NicState.REMOVED);
        assertThat(nic.rx(0).poll(burst)).as("a frame that had come").isZero();
        assertThat(send()).isZero();
        assertThat(nic.rx(0).await(-1)).isFalse();
        assertThat(nic.link().up()).isFalse();
        assertThat(nic.statistics()).isNotEmpty();
        assertThat(nic.counters().get(Name.TX_RING_FULL)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void shouldNoticeByItselfWhenItIsPolled(final Way way) {
        nic.rx(0).poll(burst);
        way.go(card);

        while (nic.counters().get(Name.DEVICE_LOST) == 0) {
            assertThat(nic.rx(0).poll(burst)).isZero();
        }
        assertThat(nic.state()).isEqualTo(NicState.REMOVED);
    }

    @ParameterizedTest
    @EnumSource
    void shouldNoticeByItselfWhenAWaitEndsWithoutACause(final Way way) {
        way.go(card);
        kernelSpeaks[0] = true;
        nic.rx(0).await(-1);

        assertThat(nic.counters().get(Name.DEVICE_LOST)).isOne();
        assertThat(nic.rx(0).await(-1)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellOfItOnceHoweverOftenItIsLookedAt(final Way way) throws IOException {
        try (Recording recording = new Recording()) {
            recording.enable("dev.barewire.Fault");
            recording.start();
            way.go(card);
            for (int i = 0; i < POLLS; i++) {
                nic.rx(0).poll(burst);
                nic.state();
                nic.link();
                nic.collectStatistics();
            }
            assertThat(faults(recording)).singleElement().asString().startsWith("fake:1 is lost: ")
                .endsWith(way == Way.ASKED_FOR ? WANTED : "its registers read as all ones");
        }
        assertThat(nic.counters().get(Name.DEVICE_LOST)).isOne();
        assertThat(nic.counters().get(Name.LINK_CHANGES)).isOne();
    }

    private List<String> faults(final Recording recording) throws IOException {
        recording.stop();
        final Path file = folder.resolve("faults.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("dev.barewire.Fault"))
            .map(event -> event.getString("fault")).toList();
    }

    /** What was put back is another card, whose rings are not ours. */
    @Test
    void shouldStayRemovedWhenItAnswersAgain() {
        Way.PULLED_OUT.go(card);
        assertThat(nic.state()).isEqualTo(NicState.REMOVED);
        card.registers.gone = false;

        assertThat(nic.state()).isEqualTo(NicState.REMOVED);
        assertThat(send()).isZero();
    }

    @Test
    void shouldSayWhyItCannotBeStoppedWhenItDoesNotAnswer() {
        send();
        card.fault = "the bus reported an error";
        Way.PULLED_OUT.go(card);

        assertThatThrownBy(nic::close).isInstanceOf(SetupException.class)
            .hasMessageContaining("fake:1 is lost: its registers read as all ones; the bus reported an error")
            .hasNoSuppressedExceptions();
    }

    @Test
    void shouldStopAndGiveBackQuietlyWhatIsAskedForAndStillAnswers() {
        send();
        Way.ASKED_FOR.go(card);

        assertThatCode(nic::close).doesNotThrowAnyException();
        assertThat(card.registers.stored(IntelRegister.RCTL)).isZero();
        assertThat(nic.fault()).isEqualTo("fake:1 is lost: " + WANTED);
        assertThat(nic.counters().get(Name.DEVICE_LOST)).isOne();
    }

    @Test
    void shouldNameThePacketsThatTheApplicationStillHasWhenItIsClosedRemoved() {
        card.receive(Frames.udp(100));
        assertThat(nic.rx(0).poll(burst)).isOne();
        Way.ASKED_FOR.go(card);

        assertThatThrownBy(nic::close).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("1 of 32 buffers outstanding");
        burst[0].release();
    }
}
