package dev.barewire.tools.traffic;

import dev.barewire.Nic;
import dev.barewire.NicAgent;
import dev.barewire.NicConfig;
import dev.barewire.SetupException;
import dev.barewire.testkit.pcap.CaptureWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a card receives. */
@Command(name = "dump", mixinStandardHelpOptions = true, description = {
    "Show what a card receives: a line for each frame on standard output, or a capture for Wireshark."})
public final class DumpCommand extends TrafficCommand {
    @Parameters(paramLabel = "DEVICE", description = "such as vfio:0000:03:00.0, qemu:e1000 or model:82540EM")
    private String device;

    @Option(names = "--pcap", paramLabel = "FILE", description = "write frames to a capture (pcapng)")
    private Path pcap;

    @Option(names = "--snap", paramLabel = "BYTES", defaultValue = "262144",
        description = "keep the first bytes of each frame only; all by default")
    private int snap;

    @Option(names = "--count", paramLabel = "N", description = "end after so many frames")
    private Long count;

    @Option(names = "--no-promiscuous", description = "take only frames that are addressed to the card")
    private boolean addressed;

    private AtomicLong left;
    private CaptureWriter capture;

    /** Made by the command line's parser. */
    public DumpCommand() {
    }

    @Override
    List<String> devices() {
        return List.of(device);
    }

    @Override
    void check() {
        if (count != null && count < 1) {
            throw wrong("--count " + count + ": give 1 frame or more, or leave it away to run until Ctrl-C");
        }
        if (snap < 1 || snap > CaptureWriter.MAX_SNAPLEN) {
            throw wrong("--snap " + snap + ": give 1 to " + CaptureWriter.MAX_SNAPLEN + " bytes");
        }
        if (json() && pcap == null) {
            throw wrong("--json tells of counts, and the lines of frames are no JSON: give --pcap FILE for the frames");
        }
        left = new AtomicLong(count == null ? Long.MAX_VALUE : count);
    }

    @Override
    NicConfig configure(final NicConfig config) {
        return config.promiscuous(!addressed);
    }

    @Override
    List<Duty> duties(final List<Nic> nics) {
        final Nic nic = nics.getFirst();
        if (pcap != null) {
            try {
                capture = new CaptureWriter(pcap, nic.name(), "received by " + nic.card() + ", without FCS", snap);
            } catch (final IOException refused) {
                throw new SetupException("the capture cannot be written: " + refused.getMessage(),
                    "give --pcap a file in a folder that is there and may be written", refused);
            }
        }
        final List<Duty> duties = new ArrayList<>();
        for (int queue = 0; queue < queues(); queue++) {
            duties.add(new Duty(new NicAgent(nic, queue, new FrameTap(left, sink(nic))), nic.rx(queue)));
        }
        return duties;
    }

    private FrameTap.Sink sink(final Nic nic) {
        return capture == null ? new FrameTap.Lines(out()) : new FrameTap.Capture(capture,
            nic.copies().site("dump", "a capture keeps frames after their buffers were given back"),
            snap);
    }

    @Override
    boolean writesToOutput() {
        return pcap == null;
    }

    /** When enough has come, or nobody reads the lines any more, as {@code head} does, or the disk is full. */
    @Override
    boolean isDone() {
        return left.get() <= 0 || (capture == null ? out().checkError() : !capture.failure().isEmpty());
    }

    @Override
    Map<String, Object> findings() {
        final Map<String, Object> findings = new LinkedHashMap<>();
        if (capture != null) {
            findings.put("captured", capture.frames());
            findings.put("file", pcap);
        }
        return findings;
    }

    @Override
    List<String> finish() {
        if (capture == null) {
            out().flush();
            return List.of();
        }
        capture.close();
        return capture.failure().isEmpty() ? List.of()
            : List.of("the capture ends early, %d frames were lost: %s".formatted(capture.lost(), capture.failure()));
    }
}
