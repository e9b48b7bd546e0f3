package dev.barewire.tools.traffic;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** A program with an ordinary socket: asks an echo port and prints what comes back. */
final class UdpQuestion {
    private static final int LIMIT_MILLIS = 2000;

    private UdpQuestion() {
    }

    public static void main(final String[] arguments) throws IOException {
        final byte[] question = arguments[1].getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.connect(InetAddress.getByName(arguments[0]), 7);
            socket.send(new DatagramPacket(question, question.length));
            final DatagramPacket answer = new DatagramPacket(new byte[2 * question.length], 2 * question.length);
            socket.receive(answer);
            System.out.println("answer: " + new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII));
        }
    }
}
