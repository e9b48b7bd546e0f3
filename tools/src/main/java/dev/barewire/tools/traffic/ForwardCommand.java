package dev.barewire.tools.traffic;

import dev.barewire.Force;
import dev.barewire.HeaderSplit;
import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.profiles.Offload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Forwards frames. */
@Command(name = "forward", mixinStandardHelpOptions = true, description = {
    "Send back what a card receives, its MAC addresses swapped; or forward between two cards, in both directions. Frames go",
    "out from the buffers in which they came. They are copied only where one card cannot reach the other's memory, as with",
    "two QEMUs, and the summary tells."})
public final class ForwardCommand extends TrafficCommand {
    @Parameters(arity = "1..2", paramLabel = "DEVICE", description = "such as vfio:0000:03:00.0, qemu:e1000 or model:82540EM")
    private List<String> devices;

    @Option(names = "--mac-swap", negatable = true, fallbackValue = "true",
        description = "let source and destination address change places; on by default with one card, off with two")
    private Boolean swap;

    @Option(names = "--count", paramLabel = "N", description = "end after so many frames or a burst more")
    private Long count;

    private AtomicLong left;

    /** Made by the command line's parser. */
    public ForwardCommand() {
    }

    @Override
    List<String> devices() {
        return devices;
    }

    @Override
    void check() {
        if (count != null && count < 1) {
            throw wrong("--count " + count + ": give 1 frame or more, or leave it away to run until Ctrl-C");
        }
        if (devices.size() == 2 && devices.get(0).startsWith("vfio:") && devices.get(0).equals(devices.get(1))) {
            throw wrong(devices.get(0) + " is named twice: name another card, or this one once to send back what it receives");
        }
        left = new AtomicLong(count == null ? Long.MAX_VALUE : count);
    }

    /** All frames are taken, and none is looked into. */
    @Override
    NicConfig configure(final NicConfig config) {
        return config.promiscuous(true).headerSplit(HeaderSplit.NONE).offload(Offload.RX_IP_CHECKSUM, Force.OFF)
            .offload(Offload.RX_TCP_CHECKSUM, Force.OFF).offload(Offload.RX_UDP_CHECKSUM, Force.OFF);
    }

    @Override
    List<Duty> duties(final List<Nic> nics) {
        final List<Duty> duties = new ArrayList<>();
        for (int queue = 0; queue < queues(); queue++) {
            for (int card = 0; card < nics.size(); card++) {
                final Nic from = nics.get(card);
                final Nic to = nics.get((card + 1) % nics.size());
                duties.add(new Duty(new Forwarder(from.rx(queue), to.tx(queue),
                    swap == null ? nics.size() == 1 : swap, left), from.rx(queue)));
            }
        }
        return duties;
    }

    @Override
    boolean isDone() {
        return left.get() <= 0;
    }

    @Override
    Map<String, Object> findings() {
        return Map.of();
    }

    @Override
    List<String> finish() {
        return List.of();
    }
}
