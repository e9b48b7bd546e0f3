package dev.barewire.tools.bench;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.Devices;
import dev.barewire.testkit.wire.Wired;

/** Frames into a card by the driver, from the end of its cable. */
final class DriverReceive implements Traffic {
    private final Nic nic;
    private final WireFeed feed;
    private final Packet[] burst = new Packet[BURST];

    DriverReceive(final String device, final int length) {
        final DeviceAccess access = Devices.open(device);
        nic = Nic.open(access, NicConfig.defaults());
        feed = new WireFeed(((Wired) access).wire(), length);
    }

    @Override
    public double framesPerSecond(final long nanos) {
        return feed.run(nanos, this::receive);
    }

    private int receive() {
        final int count = nic.rx(0).poll(burst);
        for (int i = 0; i < count; i++) {
            burst[i].release();
        }
        return count;
    }

    @Override
    public void close() {
        nic.close();
    }
}
