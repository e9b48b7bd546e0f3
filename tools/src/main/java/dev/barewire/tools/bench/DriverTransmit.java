package dev.barewire.tools.bench;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.Devices;
import dev.barewire.testkit.wire.Wired;

/** Frames out of a card by the driver, to the end of its cable. */
final class DriverTransmit implements Traffic {
    private final Nic nic;
    private final DriverSender sender;
    private final WireDrain drain;

    DriverTransmit(final String device, final int length) {
        final DeviceAccess access = Devices.open(device);
        nic = Nic.open(access, NicConfig.defaults());
        sender = new DriverSender(nic, length);
        drain = new WireDrain(((Wired) access).wire(), length);
    }

    @Override
    public double framesPerSecond(final long nanos) {
        return drain.run(nanos, sender::send);
    }

    @Override
    public void close() {
        sender.finish();
        nic.close();
    }
}
