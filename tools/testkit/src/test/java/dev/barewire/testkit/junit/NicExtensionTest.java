package dev.barewire.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.barewire.HeaderSplit;
import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.SplitKind;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.Devices;
import dev.barewire.testkit.pcap.CaptureFile;
import dev.barewire.testkit.wire.Wire;
import dev.barewire.testkit.wire.Wired;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** The extension, seen from outside: whole test classes are run and what JUnit reports of them is looked at. */
@Timeout(60)
final class NicExtensionTest {
    /** A pattern of test names may find the classes that are run here, which mean nothing by themselves. */
    private static final String IF_UNDER_TEST = "dev.barewire.testkit.junit.NicExtensionTest#isUnderTest";
    private static boolean underTest;

    @TempDir
    private Path folder;

    @BeforeEach
    void begin() {
        underTest = true;
    }

    @AfterEach
    void end() {
        underTest = false;
    }

    static boolean isUnderTest() {
        return underTest;
    }

    @Test
    void shouldPassTestsThatLeaveNothing() {
        run(Clean.class).assertStatistics(stats -> stats.started(6).succeeded(6));
    }

    @Test
    void shouldFailATestByTheNamesOfTheBuffersThatItLeft() {
        final Throwable failure = failure(Leaky.class, "keepsAPacket");

        assertThat(failure).isInstanceOf(AssertionError.class)
            .hasMessageContaining("left buffers of model:82540EM")
            .hasMessageMatching("(?s).*pool receive closed with 1 of 1024 buffers outstanding:.*"
                + "buffer \\d+ of pool receive: APPLICATION, 1 holders, for \\d+ ms.*");
    }

    @Test
    void shouldShowTheTestsOwnFailureFirst() {
        final Throwable failure = failure(Leaky.class, "keepsAPacketAndFails");

        assertThat(failure).hasMessage("the test's own");
        assertThat(failure.getSuppressed()).singleElement()
            .satisfies(leak -> assertThat(leak).hasMessageContaining("left buffers of model:82540EM"));
    }

    @Test
    void shouldNameTheLeaksOfBothCards() {
        final Throwable failure = failure(Leaky.class, "keepsAPacketOfEach");

        assertThat(failure).hasMessageContaining("1 of 1024 buffers outstanding");
        assertThat(failure.getSuppressed()).anySatisfy(
            other -> assertThat(other).isInstanceOf(AssertionError.class).hasMessageContaining("1 of 1024 buffers outstanding"));
    }

    @Test
    void shouldSayWhereACardCanStand() {
        assertThat(failure(Wrong.class, "number")).hasMessageContaining("@NicUnderTest stands before a Nic, CabledNics");
        assertThat(failure(Wrong.class, "wireFirst")).hasMessageContaining("right behind a @NicUnderTest Nic");
        assertThat(failure(Wrong.class, "unknownDevice")).hasMessageContaining("no model of a card '82599'");
        assertThat(EngineTestKit.engine("junit-jupiter").selectors(selectClass(TooEarly.class)).execute()
            .containerEvents().failed().list()).singleElement().extracting(NicExtensionTest::thrown)
            .satisfies(thrown -> assertThat(thrown).hasMessageContaining("a card is opened for each test"));
    }

    @Test
    void shouldRunOnTheDeviceThatTheRunNames() {
        withProperty(NicExtension.DEVICE_PROPERTY, "model:82540EM?as=qemu&rules=off", () -> {
            assertThat(failure(Property.class, "isQemus")).isNull();
            assertThat(failure(Property.class, "areQemus")).isNull();
            assertThat(failure(Property.class, "isItsOwn")).isNull();
        });
    }

    @Test
    void shouldRecordEachCardsTrafficWhenTheRunAsksForIt() throws IOException {
        withProperty(NicExtension.PCAP_PROPERTY, folder.toString(),
            () -> assertThat(failure(Clean.class, "pair", CabledNics.class)).isNull());

        try (Stream<Path> files = Files.list(folder)) {
            final List<Path> all = files.sorted().toList();
            assertThat(all).hasSize(2);
            assertThat(all.getFirst().getFileName().toString()).startsWith("Clean.pair-").contains("-left-");
            assertThat(all).allSatisfy(file -> assertThat(CaptureFile.read(file).frames()).hasSize(1));
        }
    }

    @Test
    void shouldCarryFramesBetweenCablesThatAreHeldHere() {
        final Wired one = (Wired) Devices.open("model:82540EM?rules=off");
        final Wired other = (Wired) Devices.open("model:82540EM?rules=off");
        try (Nic left = Nic.open((DeviceAccess) one, NicConfig.defaults());
            Nic right = Nic.open((DeviceAccess) other, NicConfig.defaults().promiscuous(true));
            Patch patch = new Patch(one.wire(), other.wire())) {
            assertThat(patch).isNotNull();
            send(left);
            release(receive(right));
        }
    }

    private static Events run(final Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter").selectors(selectClass(tests)).execute().testEvents();
    }

    /** What a test failed of; null if it passed. */
    private static Throwable failure(final Class<?> tests, final String method, final Class<?>... parameters) {
        final Class<?>[] types = parameters.length > 0 ? parameters
            : Stream.of(tests.getDeclaredMethods()).filter(each -> each.getName().equals(method)).findFirst().orElseThrow()
                .getParameterTypes();
        final Events events = EngineTestKit.engine("junit-jupiter").selectors(selectMethod(tests, method(tests, method, types)))
            .execute().testEvents();
        assertThat(events.finished().count()).isEqualTo(1);
        return events.failed().stream().map(NicExtensionTest::thrown).findFirst().orElse(null);
    }

    private static Method method(final Class<?> tests, final String name, final Class<?>... types) {
        try {
            return tests.getDeclaredMethod(name, types);
        } catch (final NoSuchMethodException missing) {
            throw new AssertionError(missing);
        }
    }

    private static Throwable thrown(final Event event) {
        return event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
    }

    private static void withProperty(final String name, final String value, final Runnable action) {
        final String before = System.getProperty(name);
        System.setProperty(name, value);
        try {
            action.run();
        } finally {
            if (before == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, before);
            }
        }
    }

    private static void send(final Nic nic) {
        try (BufferPool pool = new BufferPool("test", nic.domain(), MemoryKind.ANONYMOUS, 64, 1)) {
            final Buffer buffer = pool.take();
            buffer.memory().putByte(buffer.base(), (byte) 2);
            final Packet[] frame = {nic.tx(0).packet().append(buffer, 0, 60)};
            assertThat(nic.tx(0).send(frame, 1)).isEqualTo(1);
            while (nic.tx(0).pending() > 0) {
                nic.tx(0).reclaim();
            }
        }
    }

    private static Packet receive(final Nic nic) {
        final Packet[] burst = new Packet[1];
        while (nic.rx(0).poll(burst) == 0) {
            nic.rx(0).await(10);
        }
        return burst[0];
    }

    private static void release(final Packet packet) {
        packet.release();
    }

    /** Takes in whatever comes. */
    static final class Promiscuous implements UnaryOperator<NicConfig> {
        @Override
        public NicConfig apply(final NicConfig config) {
            return config.promiscuous(true);
        }
    }

    /** A record of a test's own. */
    record Hosts(Nic client, Nic server) {
    }

    @EnabledIf(IF_UNDER_TEST)
    static final class Clean {
        @Test
        void lone(@NicUnderTest(config = Promiscuous.class, headerSplit = HeaderSplit.Mode.FIXED, splitAt = 14) final Nic nic,
            final Wire wire) {
            wire.send(new UnsafeBuffer(new byte[] {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x12, 0x34, 1, 2, 3, 4, 5, 6, 7, 8, 9,
                10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37,
                38, 39, 40, 41, 42, 43, 44, 45, 46}), 0, 60);
            final Packet packet = receive(nic);
            assertThat(packet.split()).isEqualTo(SplitKind.VIEW);
            assertThat(packet.headerLength()).isEqualTo(14);
            packet.release();
        }

        @Test
        void pair(@NicUnderTest(config = Promiscuous.class) final CabledNics nics) {
            send(nics.left());
            release(receive(nics.right()));
        }

        @Test
        void ownRecord(@NicUnderTest(config = Promiscuous.class) final Hosts hosts) {
            send(hosts.server());
            release(receive(hosts.client()));
        }

        @Test
        void wrapped(@NicUnderTest(config = Promiscuous.class, wrap = "fault:tx.duplicate=1&seed=1") final CabledNics nics) {
            send(nics.left());
            release(receive(nics.right()));
            release(receive(nics.right()));
            assertThat(nics.left().statistics()).containsEntry("fault.tx.duplicated", 1L);
        }

        @Test
        void two(@NicUnderTest final Nic one, @NicUnderTest(device = "model:82540EM?rules=off") final Nic other) {
            assertThat(one.mac()).isNotEqualTo(other.mac());
        }

        @Test
        void jumbo(@NicUnderTest(mtu = 9000, buffers = 300) final Nic nic) {
            assertThat(nic.facts().get("receive-buffers")).startsWith("300 of 2048 bytes");
        }
    }

    @EnabledIf(IF_UNDER_TEST)
    static final class Leaky {
        @Test
        void keepsAPacket(@NicUnderTest(config = Promiscuous.class) final CabledNics nics) {
            send(nics.left());
            assertThat(receive(nics.right()).length()).isEqualTo(60);
        }

        @Test
        void keepsAPacketAndFails(@NicUnderTest(config = Promiscuous.class) final CabledNics nics) {
            keepsAPacket(nics);
            throw new IllegalStateException("the test's own");
        }

        @Test
        void keepsAPacketOfEach(@NicUnderTest(config = Promiscuous.class) final CabledNics nics) {
            keepsAPacket(nics);
            keepsAPacket(new CabledNics(nics.right(), nics.left()));
        }
    }

    @EnabledIf(IF_UNDER_TEST)
    static final class Wrong {
        @Test
        void number(@NicUnderTest final int number) {
            throw new AssertionError(number);
        }

        @Test
        void wireFirst(final Wire wire, @NicUnderTest final Nic nic) {
            throw new AssertionError(wire + " " + nic);
        }

        @Test
        void unknownDevice(@NicUnderTest(device = "model:82599") final Nic nic) {
            throw new AssertionError(nic);
        }
    }

    @EnabledIf(IF_UNDER_TEST)
    static final class TooEarly {
        @BeforeAll
        static void open(@NicUnderTest final Nic nic) {
            throw new AssertionError(nic);
        }

        @Test
        void nothing() {
            throw new AssertionError("reached");
        }
    }

    @EnabledIf(IF_UNDER_TEST)
    static final class Property {
        private Nic fromBefore;

        @BeforeEach
        void open(@NicUnderTest final Nic nic) {
            fromBefore = nic;
        }

        @AfterEach
        void shouldStillBeOpen() {
            assertThat(fromBefore.link().up()).isTrue();
        }

        @Test
        void isQemus(@NicUnderTest final Nic nic) {
            assertThat(nic.facts().get("model")).contains("as QEMU's");
            assertThat(fromBefore.facts().get("model")).contains("as QEMU's");
        }

        @Test
        void areQemus(@NicUnderTest(config = Promiscuous.class, wrap = "fault:loss=0") final CabledNics nics) {
            assertThat(nics.left().facts().get("model")).contains("as QEMU's");
            assertThat(nics.right().facts().get("model")).contains("as QEMU's");
            send(nics.left());
            release(receive(nics.right()));
        }

        @Test
        void isItsOwn(@NicUnderTest(device = "model:82540EM") final Nic nic) {
            assertThat(nic.facts().get("model")).contains("as silicon");
        }
    }
}
