package dev.barewire.tools.kernel;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Random;

/**
 * Ordinary sockets on both sides: one sends back what it gets over UDP and TCP, the other sends random bytes and compares.
 * Arguments: {@code echo}, or {@code talk} with the address of who echoes, the largest datagram and the bytes over TCP.
 */
final class KernelPeer {
    private static final int PORT = 7007;
    private static final int TIMEOUT_MILLIS = 5_000;
    /** UDP may be lost: a full ring, a late neighbour. */
    private static final int TRIES = 5;

    private KernelPeer() {
    }

    public static void main(String[] args) throws Exception {
        if (args[0].equals("echo")) {
            Thread.ofPlatform().daemon().start(KernelPeer::echoDatagrams);
            echoStreams();
        } else {
            InetAddress peer = InetAddress.getByName(args[1]);
            ping(peer);
            datagrams(peer, Integer.parseInt(args[2]));
            stream(peer, Integer.parseInt(args[3]));
            System.out.println("all came back");
        }
    }

    private static void echoDatagrams() {
        try (DatagramSocket socket = new DatagramSocket(PORT)) {
            DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
            for (;;) {
                packet.setLength(65536);
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void echoStreams() throws IOException {
        try (ServerSocket server = new ServerSocket(PORT)) {
            System.out.println("ready");
            for (;;) {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                }
            }
        }
    }

    /** As root, the JVM asks by an ICMP echo. */
    private static void ping(InetAddress peer) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            if (peer.isReachable(TIMEOUT_MILLIS)) {
                return;
            }
        }
        throw new IOException(peer + " answers no ping");
    }

    private static void datagrams(InetAddress peer, int largest) throws IOException {
        Random random = new Random(1);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS / TRIES);
            for (int bytes = 0; bytes <= largest; bytes += bytes < 40 ? 1 : 37) {
                byte[] sent = new byte[bytes];
                random.nextBytes(sent);
                if (!comesBack(socket, new DatagramPacket(sent, bytes, new InetSocketAddress(peer, PORT)))) {
                    throw new IOException("a datagram of " + bytes + " bytes did not come back");
                }
            }
        }
    }

    private static boolean comesBack(DatagramSocket socket, DatagramPacket sent) throws IOException {
        DatagramPacket back = new DatagramPacket(new byte[65536], 65536);
        for (int i = 0; i < TRIES; i++) {
            socket.send(sent);
            try {
                do {
                    back.setLength(65536);
                    socket.receive(back);
                } while (back.getLength() != sent.getLength());
                return Arrays.equals(back.getData(), 0, back.getLength(), sent.getData(), 0, sent.getLength());
            } catch (SocketTimeoutException lost) {
                // once more
            }
        }
        return false;
    }

    private static void stream(InetAddress peer, int bytes) throws IOException, InterruptedException {
        byte[] sent = new byte[bytes];
        new Random(2).nextBytes(sent);
        try (Socket socket = new Socket(peer, PORT)) {
            Thread sender = Thread.ofPlatform().start(() -> {
                try {
                    socket.getOutputStream().write(sent);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            byte[] back = new byte[bytes];
            new DataInputStream(socket.getInputStream()).readFully(back);
            sender.join();
            if (!Arrays.equals(back, sent)) {
                throw new IOException("another stream came back");
            }
        }
    }
}
