package dev.barewire.tools.frames;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.fallback.Arp;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
    private final Station from = new Station(0x525400123456L, Station.ip(10, 0, 2, 15), 7400);
    private final Station to = new Station(0x525500000202L, Station.ip(10, 0, 2, 2), 40000);

    @Test
    void shouldWriteAnArpRequestToEverybody() {
        ByteBuffer frame = ByteBuffer.allocate(60);
        FrameWriter.arp(new Octets.OfByteBuffer(frame), Arp.REQUEST, from, to);
        assertThat(hex(frame)).isEqualTo("ffffffffffff525400123456" + "0806" + "0001080006040001"
                + "525400123456" + "0a00020f" + "000000000000" + "0a000202" + "00".repeat(18));
    }

    @Test
    void shouldWriteAnArpReplyToWhoAsked() {
        ByteBuffer frame = ByteBuffer.allocate(60);
        FrameWriter.arp(new Octets.OfByteBuffer(frame), Arp.REPLY, from, to);
        assertThat(hex(frame)).startsWith("525500000202525400123456" + "0806" + "0001080006040002"
                + "525400123456" + "0a00020f" + "525500000202" + "0a000202");
    }

    @Test
    void shouldWriteADatagramWithItsSums() {
        ByteBuffer frame = ByteBuffer.allocate(45);
        Octets octets = new Octets.OfByteBuffer(frame);
        FrameWriter.udp(octets, from, to, 3);
        frame.put(42, new byte[] {1, 2, 3});
        FrameWriter.sumUdp(octets);
        // Sums as a pocket calculator has them: 0xdd41 over the IPv4 header, 0xd562 with the pseudo header.
        assertThat(hex(frame)).isEqualTo("525500000202525400123456" + "0800"
                + "4500001f00004000401122be" + "0a00020f0a000202" + "1ce89c40000b" + "2a9d" + "010203");
        assertThat(InternetSum.of(octets, FrameWriter.L4, 11, InternetSum.udpPseudoHeader(octets))).isEqualTo(0xffff);
    }

    @Test
    void shouldWriteAnEchoRequestWhoseSumsHold() {
        ByteBuffer frame = ByteBuffer.allocate(FrameWriter.ECHO_PAYLOAD + 5);
        Octets octets = new Octets.OfByteBuffer(frame);
        FrameWriter.echoRequest(octets, from, to, 0x1234, 2, 5);
        assertThat(hex(frame)).endsWith("12340002" + "0203040506");
        assertThat(InternetSum.of(octets, FrameWriter.IP, 20, 0)).isEqualTo(0xffff);
        assertThat(InternetSum.of(octets, FrameWriter.L4, 13, 0)).isEqualTo(0xffff);
    }

    private static String hex(ByteBuffer frame) {
        return HexFormat.of().formatHex(frame.array());
    }
}
