package dev.barewire.testkit.wrap;

import dev.barewire.SetupException;
import dev.barewire.driver.access.AccessProvider;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.Devices;
import dev.barewire.testkit.pcap.CaptureWriter;
import java.nio.file.Path;
import java.util.Set;

/**
 * {@code pcap:OPTIONS:DEVICE}: records what passes a device, or replays a file into it.
 *
 * <ul>
 * <li>{@code out=FILE} records to a pcapng file; {@code snaplen=BYTES} keeps only the beginning of each frame
 * <li>{@code in=FILE} lets the frames of a pcap or pcapng file come in; {@code pace=recorded} keeps the gaps between them
 *     ({@code fast}: as fast as they are polled); {@code times=N} or {@code times=forever} repeats the file;
 *     {@code sent=yes} takes frames that the file says were sent as well
 * </ul>
 *
 * <p>Both may be given; what is replayed is then recorded too. The device's own name stands behind the colon that ends the
 * options, with options of its own: {@code pcap:out=a.pcapng:model:82540EM?rules=off}. In a file's name a colon is written
 * {@code %3A}, an ampersand {@code %26} and a percent sign {@code %25}.
 */
public final class PcapProvider implements AccessProvider {
    private static final Set<String> OPTIONS = Set.of("out", "snaplen", "in", "pace", "times", "sent");

    /** For {@link java.util.ServiceLoader}. */
    public PcapProvider() {
    }

    @Override
    public String scheme() {
        return "pcap";
    }

    @Override
    public DeviceAccess open(final String address) {
        final WrapName name = WrapName.parse(scheme(), address, OPTIONS);
        if (!name.has("out") && !name.has("in")) {
            throw new SetupException("'pcap:" + address + "' names no file", "give out=FILE, in=FILE or both");
        }
        final int snaplen = (int) name.number("snaplen", CaptureWriter.MAX_SNAPLEN, 1, CaptureWriter.MAX_SNAPLEN);
        final ReplayDevice.Options replay = name.has("in") ? replay(name) : null;
        DeviceAccess device = Devices.open(name.device());
        try {
            if (replay != null) {
                device = ReplayDevice.of(device, replay);
            }
            if (name.has("out")) {
                device = PcapDevice.of(device, Path.of(name.text("out")), snaplen);
            }
            return device;
        } catch (final RuntimeException refused) {
            device.close();
            throw refused;
        }
    }

    private static ReplayDevice.Options replay(final WrapName name) {
        final long times = name.has("times") && name.text("times").equals("forever")
            ? Long.MAX_VALUE : name.number("times", 1, 1, Long.MAX_VALUE);
        return new ReplayDevice.Options(Path.of(name.text("in")),
            name.choice("pace", "fast", "recorded"), times, name.choice("sent", "no", "yes"));
    }
}
