package dev.barewire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.NicCounters.Name;
import org.junit.jupiter.api.AfterEach;

/** A card that lies where a test wants it to, opened anew for each. */
abstract class QueueFixture {
    final Packet[] burst = new Packet[16];
    Nic nic = Nic.open("fake:1", NicTest.SMALL);
    FakeDevice card = FakeDevice.last;

    @AfterEach
    final void everyBufferIsHomeAtTheEnd() {
        nic.close();
    }

    void reopen(final NicConfig config) {
        nic.close();
        nic = Nic.open("fake:1", config);
        card = FakeDevice.last;
    }

    Packet receive(final byte[] frame) {
        assertThat(card.receive(frame)).isTrue();
        assertThat(nic.rx(0).poll(burst)).isOne();
        return burst[0];
    }

    long count(final Name name) {
        return nic.counters().get(name);
    }
}
