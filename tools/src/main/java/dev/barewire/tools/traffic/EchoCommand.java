package dev.barewire.tools.traffic;

import dev.barewire.Nic;
import dev.barewire.NicAgent;
import dev.barewire.NicConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers as a station on the network. */
@Command(name = "echo", mixinStandardHelpOptions = true, description = {
    "Answer as a station on the network: ARP and ping, datagrams at the UDP echo port (RFC 862); the same over IPv6. An",
    "answer is the frame that asked, its headers edited in place. Fragments are not answered."})
public final class EchoCommand extends TrafficCommand {
    @Parameters(paramLabel = "DEVICE", description = "such as vfio:0000:03:00.0, qemu:e1000 or model:82540EM")
    private String device;

    @Option(names = "--ip", required = true, paramLabel = "IP[/LENGTH]", description = "the station's IPv4 address")
    private String ip;

    @Option(names = "--ipv6", paramLabel = "IP", description = "its IPv6 address; none by default")
    private String ipv6;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "7",
        description = "the UDP port at which it echoes; ${DEFAULT-VALUE} by default")
    private int port;

    @Option(names = "--count", paramLabel = "N", description = "end after so many answers")
    private Long count;

    private final List<Responder> responders = new ArrayList<>();
    private EchoAddresses addresses;

    /** Made by the command line's parser. */
    public EchoCommand() {
    }

    @Override
    List<String> devices() {
        return List.of(device);
    }

    @Override
    void check() {
        if (count != null && count < 1) {
            throw wrong("--count " + count + ": give 1 answer or more, or leave it away to run until Ctrl-C");
        }
        addresses = EchoAddresses.parse(ip, ipv6, port);
    }

    @Override
    NicConfig configure(final NicConfig config) {
        return config;
    }

    @Override
    List<Duty> duties(final List<Nic> nics) {
        final Nic nic = nics.getFirst();
        // The group in which neighbours look for an IPv6 station is a multicast address.
        nic.allMulticast(addresses.hasIpv6());
        final List<Duty> duties = new ArrayList<>();
        for (int queue = 0; queue < queues(); queue++) {
            responders.add(new Responder(addresses.at(nic.mac().value())));
            duties.add(new Duty(new NicAgent(nic, queue, responders.getLast()), nic.rx(queue)));
        }
        return duties;
    }

    private long sum(final ToLongFunction<Responder> what) {
        return responders.stream().mapToLong(what).sum();
    }

    @Override
    boolean isDone() {
        return count != null && sum(Responder::arpAnswers) + sum(Responder::neighbourAnswers)
            + sum(Responder::pingAnswers) + sum(Responder::datagramAnswers) >= count;
    }

    @Override
    Map<String, Object> findings() {
        final Map<String, Object> findings = new LinkedHashMap<>();
        findings.put("arp", sum(Responder::arpAnswers));
        if (addresses.hasIpv6()) {
            findings.put("neighbours", sum(Responder::neighbourAnswers));
        }
        findings.put("pings", sum(Responder::pingAnswers));
        findings.put("datagrams", sum(Responder::datagramAnswers));
        findings.put("wrong_sums", sum(Responder::wrongSums));
        findings.put("unsent", sum(Responder::dropped));
        return findings;
    }

    @Override
    List<String> finish() {
        responders.forEach(Responder::stop);
        return List.of();
    }
}
