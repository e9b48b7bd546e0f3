package dev.barewire.tools.traffic;

import dev.barewire.Force;
import dev.barewire.HeaderSplit;
import dev.barewire.MacAddress;
import dev.barewire.Nic;
import dev.barewire.NicAgent;
import dev.barewire.NicConfig;
import dev.barewire.OffloadPlan;
import dev.barewire.SetupException;
import dev.barewire.profiles.Offload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Generates frames. */
@Command(name = "gen", mixinStandardHelpOptions = true, description = {
    "Send UDP or TCP frames, as fast as the card takes them if no rate is given. The payload begins with a sequence",
    "number and the time of sending (nanoseconds since 1970), 8 bytes each. What is received is counted and dropped."})
public final class GenCommand extends TrafficCommand {
    private static final int MAX_BURST = 256;
    private static final int MAX_FLOWS = 65_536;
    private static final int MAX_PORT = 65_535;
    private static final double NANOS = 1e9;

    @Parameters(paramLabel = "DEVICE", description = "such as vfio:0000:03:00.0, qemu:e1000 or model:82540EM")
    private String device;

    @Option(names = "--rate", paramLabel = "PPS", description = "frames a second, all queues together")
    private Double rate;

    @Option(names = "--size", paramLabel = "BYTES|imix", defaultValue = "60",
        description = "a frame's length without FCS, or the simple Internet mix; ${DEFAULT-VALUE} by default, 70 with --tcp")
    private String size;

    @Option(names = "--burst", paramLabel = "N", defaultValue = "64",
        description = "frames handed to the card at once, at most; ${DEFAULT-VALUE} by default")
    private int burst;

    @Option(names = "--count", paramLabel = "N", description = "end after so many frames")
    private Long count;

    @Option(names = "--dst-mac", paramLabel = "MAC", defaultValue = "ff:ff:ff:ff:ff:ff",
        description = "destination; broadcast by default")
    private String destinationMac;

    @Option(names = "--src-ip", paramLabel = "IP", defaultValue = "198.18.0.1",
        description = "source; ${DEFAULT-VALUE} by default, of the range for benchmarks (RFC 2544)")
    private String sourceIp;

    @Option(names = "--dst-ip", paramLabel = "IP", defaultValue = "198.18.0.2", description = "destination; ${DEFAULT-VALUE}"
        + " by default")
    private String destinationIp;

    @Option(names = "--src-port", paramLabel = "PORT", defaultValue = "1024",
        description = "source port of the first flow; ${DEFAULT-VALUE} by default")
    private int sourcePort;

    @Option(names = "--dst-port", paramLabel = "PORT", defaultValue = "9",
        description = "destination port; ${DEFAULT-VALUE} (discard) by default")
    private int destinationPort;

    @Option(names = "--flows", paramLabel = "N", defaultValue = "1",
        description = "flows in turn, which differ in their source port; ${DEFAULT-VALUE} by default")
    private int flows;

    @Option(names = "--tcp", description = "TCP instead of UDP; no connection, just frames")
    private boolean tcp;

    private final List<Generator> generators = new ArrayList<>();
    private FlowFrame shape;
    private int[] lengths;

    /** Made by the command line's parser. */
    public GenCommand() {
    }

    @Override
    List<String> devices() {
        return List.of(device);
    }

    @Override
    void check() {
        if (rate != null && !(rate > 0 && rate <= NANOS)) {
            throw wrong("--rate " + rate + ": give frames a second above 0, or leave it away for as fast as the card takes");
        }
        if (count != null && count < 1) {
            throw wrong("--count " + count + ": give 1 frame or more, or leave it away to run until Ctrl-C");
        }
        if (burst < 1 || burst > MAX_BURST) {
            throw wrong("--burst " + burst + ": give 1 to " + MAX_BURST + " frames");
        }
        checkPort("--src-port", sourcePort);
        checkPort("--dst-port", destinationPort);
        if (flows < 1 || flows > MAX_FLOWS - sourcePort) {
            throw wrong("--flows " + flows + ": from source port " + sourcePort + " on there are 1 to "
                + (MAX_FLOWS - sourcePort));
        }
        // The source address is the card's, once it is open.
        shape = FlowFrame.of(new MacAddress(0), MacAddress.parse(destinationMac),
            new int[] {Ipv4Address.parse("--src-ip", sourceIp), Ipv4Address.parse("--dst-ip", destinationIp)},
            new int[] {sourcePort, destinationPort}, flows, tcp);
        lengths = FrameSizes.parse(tcp && size.equals("60") ? String.valueOf(shape.leastLength()) : size,
            shape.leastLength(), mtu() + FlowFrame.overhead());
    }

    private void checkPort(final String option, final int port) {
        if (port < 0 || port > MAX_PORT) {
            throw wrong(option + " " + port + ": a port is from 0 to " + MAX_PORT);
        }
    }

    /** What comes in is only counted. */
    @Override
    NicConfig configure(final NicConfig config) {
        return config.headerSplit(HeaderSplit.NONE).offload(Offload.RX_IP_CHECKSUM, Force.OFF)
            .offload(Offload.RX_TCP_CHECKSUM, Force.OFF).offload(Offload.RX_UDP_CHECKSUM, Force.OFF);
    }

    @Override
    List<Duty> duties(final List<Nic> nics) {
        final Nic nic = nics.getFirst();
        final boolean sums = sums(nic.offloads());
        final FlowFrame own = FlowFrame.of(nic.mac(), new MacAddress(shape.to().mac()),
            new int[] {shape.from().ip(), shape.to().ip()}, new int[] {sourcePort, destinationPort}, flows, tcp);
        final long wanted = count == null ? Long.MAX_VALUE : count;
        final List<Duty> duties = new ArrayList<>();
        for (int queue = 0; queue < queues(); queue++) {
            final long share = count == null ? wanted : wanted / queues() + (queue < wanted % queues() ? 1 : 0);
            generators.add(new Generator(nic, own, new Generator.Load(lengths, burst, share,
                rate == null ? 0 : rate / queues() / NANOS), sums));
            duties.add(new Duty(new NicAgent(nic, queue, generators.getLast()), nic.rx(queue)));
        }
        return duties;
    }

    /** UDP over IPv4 can do without a checksum (RFC 768); TCP cannot. */
    private boolean sums(final OffloadPlan plan) {
        final Offload transport = tcp ? Offload.TX_TCP_CHECKSUM : Offload.TX_UDP_CHECKSUM;
        final boolean there = plan.state(Offload.TX_IP_CHECKSUM) != OffloadPlan.State.ABSENT
            && plan.state(transport) != OffloadPlan.State.ABSENT;
        if (!there && tcp) {
            throw new SetupException("TCP frames need their checksums, and the plan has none: " + plan.reason(transport),
                "leave --offload tx-checksum=off away, or --tcp");
        }
        return there;
    }

    @Override
    boolean isDone() {
        return generators.stream().allMatch(Generator::isDone);
    }

    @Override
    Map<String, Object> findings() {
        return Map.of();
    }

    @Override
    List<String> finish() {
        generators.forEach(Generator::stop);
        return List.of();
    }

    @Override
    List<String> closed() {
        return generators.stream().flatMap(generator -> generator.end().stream()).toList();
    }
}
