package dev.barewire.tools.demo;

import dev.barewire.HeaderSplit;
import dev.barewire.Nic;
import dev.barewire.NicAgent;
import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import dev.barewire.OffloadPlan;
import dev.barewire.SetupException;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.MemoryKind;
import dev.barewire.profiles.Offload;
import dev.barewire.tools.demo.transfer.FileShape;
import dev.barewire.tools.frames.Station;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;

/**
 * The demo's program that drives the card, in a guest or on this machine: opens it, runs the data path, writes the file,
 * reports. Has a {@code main} of its own and no command line library, since every class that it loads costs time in an
 * emulated machine.
 */
public final class CardProgram {
    /** How long it waits for anything to happen before it gives up. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration LINK_LIMIT = Duration.ofSeconds(5);
    private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int RX_BUFFER = 2048;
    private static final int DESCRIPTORS = 1024;
    private static final int SPARE_BUFFERS = 512;
    private static final int HEADER_BYTES = 128;
    private static final int HEADER_COUNT = 1024;
    private static final int ETHERNET_AND_TAGS = 22;

    private final CardTask task;
    private final Report report;
    private BufferPool payload;
    private BufferPool headers;

    private CardProgram(CardTask task, Report report) {
        this.task = task;
        this.report = report;
    }

    /**
     * Runs; exits with 0 if the file came and went.
     *
     * @param arguments the {@link CardTask}
     */
    public static void main(String[] arguments) {
        Report report = new Report(System.out);
        int code = 1;
        try {
            code = new CardProgram(CardTask.parse(arguments), report).run() ? 0 : 1;
        } catch (SetupException refused) {
            report.put(Report.FAILURE + "card", refused.getMessage());
        } catch (IOException | RuntimeException problem) {
            report.put(Report.FAILURE + "card", problem);
            problem.printStackTrace();
        }
        System.exit(code);
    }

    /** How many segments a frame can lie in. */
    private static int segmentsPerFrame(int mtu) {
        return (mtu + ETHERNET_AND_TAGS + RX_BUFFER - 1) / RX_BUFFER;
    }

    /** How many receive buffers hold the file, the ring and some frames in between. */
    private static int bufferCount(FileShape file, int mtu) {
        return file.count() * segmentsPerFrame(mtu) + DESCRIPTORS + SPARE_BUFFERS;
    }

    /**
     * How many huge pages its receive buffers take.
     *
     * @param file the file that is kept in them
     * @param mtu the card's MTU
     * @return pages of 2 MiB
     */
    static int hugePages(FileShape file, int mtu) {
        return (int) (((long) bufferCount(file, mtu) * RX_BUFFER >> 21) + 1);
    }

    private boolean run() throws IOException {
        NicConfig config = NicConfig.defaults().mtu(task.mtu()).headerSplit(HeaderSplit.AFTER_L4)
                .descriptors(DESCRIPTORS, DESCRIPTORS)
                .payloadPool(domain -> payload = new BufferPool("receive", domain, MemoryKind.HUGE_PAGES, RX_BUFFER,
                        bufferCount(task.file(), task.mtu())));
        for (Offload offload : task.offloads().keySet()) {
            config = config.offload(offload, task.offloads().get(offload));
        }
        Nic nic = Nic.open(task.device(), config);
        boolean done = false;
        try {
            describe(nic);
            headers = new BufferPool("demo headers", nic.domain(), MemoryKind.ANONYMOUS, HEADER_BYTES, HEADER_COUNT);
            done = serve(nic);
        } finally {
            close(nic);
        }
        return done;
    }

    private void describe(Nic nic) {
        report.put(Report.CARD, nic.card());
        report.put(Report.DEVICE, nic.name());
        nic.facts().forEach((name, value) -> report.put(Report.FACT + name, value));
        report.put(Report.MAC, nic.mac());
        nic.offloads().forEach((offload, entry) ->
                report.put(Report.OFFLOAD + offload.label(), entry.state() + " " + entry.reason()));
        if (!nic.awaitLink(LINK_LIMIT)) {
            report.put(Report.FAILURE + "link", "the link did not come up within " + LINK_LIMIT.toSeconds() + " s");
        }
        report.put(Report.LINK_MBPS, nic.link().mbps());
    }

    private boolean serve(Nic nic) throws IOException {
        Station self = new Station(nic.mac().value(), DemoNetwork.CARD_IP, DemoNetwork.CARD_PORT);
        OffloadPlan plan = nic.offloads();
        boolean sums = plan.state(Offload.TX_IP_CHECKSUM) != OffloadPlan.State.ABSENT
                && plan.state(Offload.TX_UDP_CHECKSUM) != OffloadPlan.State.ABSENT;
        GatewayProbe probe = new GatewayProbe(self, DemoNetwork.GATEWAY_IP);
        FileKeeper keeper = new FileKeeper(task.file(), segmentsPerFrame(task.mtu()), sums);
        CardStation station = new CardStation(self, new Outbox(nic.tx(0), headers), probe, keeper);
        AgentRunner runner = new AgentRunner(
                new BackoffIdleStrategy(0, 0, TimeUnit.MICROSECONDS.toNanos(50), TimeUnit.MILLISECONDS.toNanos(1)),
                problem -> report.put(Report.FAILURE + "data-path", problem), null, new NicAgent(nic, 0, station));
        AgentRunner.startOnThread(runner);
        report.put(Report.READY, "");
        boolean done;
        try {
            done = watch(probe, keeper, station);
        } finally {
            runner.close();
        }
        if (!done) {
            keeper.release();
        }
        tell(nic, station, keeper);
        return done;
    }

    /** Follows the data path from outside: tells what has happened, and writes the file between its two ways. */
    private boolean watch(GatewayProbe probe, FileKeeper keeper, CardStation station) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int progress = 0;
        boolean written = false;
        while (System.nanoTime() - deadline < 0) {
            if (probe.gateway() != null && report.text(Report.GATEWAY).isEmpty()) {
                report.put(Report.GATEWAY, Long.toHexString(probe.gateway().mac()));
            }
            if (probe.isDone() && report.text(Report.PING_REPLIES).isEmpty()) {
                report.put(Report.PING_REPLIES, probe.replies());
            }
            if (keeper.isReceived() && !written) {
                report.put(Report.RECEIVED, keeper.receivedChunks());
                KeptFile.write(keeper, task.file(), task.target());
                report.put(Report.WRITTEN, task.target());
                written = true;
                keeper.giveBack();
            }
            if (keeper.isReturned() && probe.isDone() && station.isIdle()) {
                return true;
            }
            int now = keeper.receivedChunks() + keeper.returnedChunks();
            if (now != progress) {
                progress = now;
                deadline = System.nanoTime() + PATIENCE.toNanos();
            }
            LockSupport.parkNanos(LOOK_EVERY);
        }
        report.put(Report.FAILURE + "time", "nothing moved for " + PATIENCE.toSeconds() + " s, with "
                + keeper.receivedChunks() + " chunks received, " + keeper.returnedChunks() + " returned of "
                + task.file().count() + (probe.gateway() == null ? ", and nobody answered for the gateway" : ""));
        return false;
    }

    private void tell(Nic nic, CardStation station, FileKeeper keeper) {
        NicCounters counters = nic.counters();
        report.put(Report.FRAMES_RECEIVED, counters.get(NicCounters.Name.RX_FRAMES));
        report.put(Report.BYTES_RECEIVED, counters.get(NicCounters.Name.RX_BYTES));
        report.put(Report.FRAMES_SENT, counters.get(NicCounters.Name.TX_FRAMES));
        report.put(Report.BYTES_SENT, counters.get(NicCounters.Name.TX_BYTES));
        counters.drops().forEach((reason, count) -> report.put(Report.DROP + reason, count));
        if (station.wrongFrames() > 0) {
            report.put(Report.DROP + "demo.wrong-checksum", station.wrongFrames());
        }
        if (keeper.dropped() > 0) {
            report.put(Report.DROP + "demo.duplicate-chunk", keeper.dropped());
        }
        int number = 0;
        for (CopySite site : nic.copies().sites()) {
            report.put(Report.COPY + number++, site.bytes() + " " + site.site() + "\t" + site.reason());
        }
        report.put(Report.VERIFIED, station.verifiedFrames());
        report.put(Report.ARP_ANSWERS, station.arpAnswers());
        report.put(Report.ECHO_ANSWERS, station.echoAnswers());
        report.put(Report.RETRANSMISSIONS, keeper.retransmissions());
        report.put(Report.ALLOCATED_RECEIVING, keeper.receiving().bytes());
        report.put(Report.MEASURED_RECEIVING, keeper.receiving().frames());
        report.put(Report.ALLOCATED_SENDING, keeper.sending().bytes());
        report.put(Report.MEASURED_SENDING, keeper.sending().frames());
    }

    /** Closes the card first: what it still had of the headers has come back then. */
    private void close(Nic nic) {
        try {
            nic.close();
        } catch (IllegalStateException outstanding) {
            report.put(Report.FAILURE + "close", outstanding.getMessage());
        }
        if (headers != null) {
            report.put(Report.OUTSTANDING, payload.outstanding() + headers.outstanding());
            headers.close();
        }
    }
}
