package dev.barewire.tools.demo;

import dev.barewire.tools.demo.transfer.Datagrams;
import dev.barewire.tools.demo.transfer.FileSender;
import dev.barewire.tools.demo.transfer.PeerDatagrams;
import dev.barewire.tools.demo.transfer.UdpDatagrams;
import dev.barewire.tools.frames.Station;
import dev.barewire.tools.wire.EthernetPeer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** The other side of a run: the raw Ethernet peer resolves and pings the card, then the file goes to it and comes back. */
final class Outside {
    /** How many pings the raw Ethernet peer sends. */
    static final int PINGS = 5;

    private static final int SMALL_PING = 56;
    private static final int ICMP_OVERHEAD = 28;
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final DemoSettings settings;
    private final Console console;
    private final Stage stage;
    private final ByteBuffer file;
    private Station card;
    private int pingReplies;
    private IntSupplier wrongSums = () -> 0;
    private FileSender sender;
    private double seconds;

    /**
     * Prepares.
     *
     * @param settings what the demo is asked for
     * @param console where progress is shown
     * @param stage where the card is
     * @param file what is sent
     */
    Outside(DemoSettings settings, Console console, Stage stage, ByteBuffer file) {
        this.settings = settings;
        this.console = console;
        this.stage = stage;
        this.file = file;
    }

    /** Runs until the card's program has ended. The card is up already. */
    void run(BooleanSupplier cardEnded) throws IOException {
        int ip = settings.isRaw() ? DemoNetwork.GATEWAY_IP : DemoNetwork.PEER_IP;
        Station self = new Station(DemoNetwork.PEER_MAC, ip, DemoNetwork.PEER_PORT);
        try (EthernetPeer peer = new EthernetPeer(stage.wire(), self)) {
            wrongSums = peer::wrongSums;
            pingCard(peer);
            Station to = new Station(card == null ? Station.BROADCAST : card.mac(), DemoNetwork.CARD_IP,
                    DemoNetwork.CARD_PORT);
            try (Datagrams link = settings.isRaw() ? new PeerDatagrams(peer, to) : new UdpDatagrams(stage.udpPort())) {
                moveFile(link, cardEnded);
            }
        } catch (IOException e) {
            // The wire ends with the card, whose program ends when it knows that the file is back.
            if (returned() == null && !cardEnded.getAsBoolean()) {
                throw e;
            }
        }
    }

    private void pingCard(EthernetPeer peer) throws IOException {
        card = peer.resolve(DemoNetwork.CARD_IP, ANSWER);
        if (card == null) {
            console.say("The raw Ethernet peer found nobody at " + Station.text(DemoNetwork.CARD_IP) + ".");
            return;
        }
        int full = settings.mtu() - ICMP_OVERHEAD;
        pingReplies = peer.ping(card, PINGS - 2, SMALL_PING, ANSWER) + peer.ping(card, 2, full, ANSWER);
        console.say("ARP and ping answered: the raw Ethernet peer resolved " + Station.text(DemoNetwork.CARD_IP)
                + " and got " + pingReplies + " of " + PINGS + " echoes back, two of them with " + full + " bytes.");
    }

    private void moveFile(Datagrams link, BooleanSupplier cardEnded) throws IOException {
        sender = new FileSender(link, file, settings.shape().chunkBytes(), new SecureRandom().nextInt());
        int chunks = sender.shape().count();
        console.say("Sending " + file.limit() + " bytes in " + chunks + " datagrams of " + settings.shape().chunkBytes()
                + " bytes, and back:");
        Progress forth = console.progress("to the card", chunks, settings.shape().chunkBytes());
        long start = System.nanoTime();
        Progress[] back = new Progress[1];
        sender.run(() -> {
            forth.show(sender.sentChunks());
            if (back[0] == null && sender.returnedChunks() > 0) {
                back[0] = console.progress("from the card", chunks, settings.shape().chunkBytes());
            }
            if (back[0] != null) {
                back[0].show(sender.returnedChunks());
            }
            if (sender.isComplete() && seconds == 0) {
                seconds = (System.nanoTime() - start) / 1e9;
            }
            return cardEnded.getAsBoolean();
        });
    }

    /** {@return how many of the raw Ethernet peer's {@link #PINGS} came back} */
    int pingReplies() {
        return pingReplies;
    }

    /** {@return frames from the card in which the raw Ethernet peer found a wrong checksum} */
    int wrongSums() {
        return wrongSums.getAsInt();
    }

    /** {@return how long the file took out and back, 0 if it did not come back} */
    double transferSeconds() {
        return seconds;
    }

    /** {@return how often a datagram was sent again} */
    long retransmissions() {
        return sender == null ? 0 : sender.retransmissions();
    }

    /** {@return what came back, or null if not all did} */
    ByteBuffer returned() {
        return sender != null && sender.isComplete() ? sender.returned() : null;
    }
}
