package dev.barewire.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.SegmentList;
import dev.barewire.fallback.FrameHeaders.Fragment;
import dev.barewire.fallback.FrameHeaders.L3;
import dev.barewire.fallback.FrameHeaders.L4;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameParserTest {
    private final TestMemory memory = new TestMemory();
    private final FrameParser parser = new FrameParser();
    private final FrameHeaders headers = new FrameHeaders();

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void shouldSplitAfterTcpOptionsWhenIpv4HasOptionsToo() {
        parse(FrameBuilder.ethernet(0x0800).ipv4(6, 32 + 100, 2, 0x4000).tcp(0x18, 3).zeros(100));
        assertThat(headers.l3).isEqualTo(L3.IPV4);
        assertThat(headers.l3Offset).isEqualTo(14);
        assertThat(headers.l3HeaderLength).isEqualTo(28);
        assertThat(headers.l4).isEqualTo(L4.TCP);
        assertThat(headers.l4Offset).isEqualTo(42);
        assertThat(headers.headerLength).isEqualTo(74);
        assertThat(headers.l4End).isEqualTo(174);
        assertThat(headers.protocol).isEqualTo(6);
        assertThat(headers.fragment).isEqualTo(Fragment.NONE);
        assertThat(headers.malformed).isFalse();
    }

    @Test
    void shouldStepOverUpToTwoTags() {
        parse(FrameBuilder.ethernet(0x8100, 0x0800).ipv4(17, 8 + 5, 0, 0).udp(5).zeros(5));
        assertThat(headers.vlanTags).isEqualTo(1);
        assertThat(headers.outerTag).isEqualTo(0x2064);
        assertThat(headers.headerLength).isEqualTo(46);

        parse(FrameBuilder.ethernet(0x88A8, 0x8100, 0x86DD).ipv6(17, 8).udp(0));
        assertThat(headers.vlanTags).isEqualTo(2);
        assertThat(headers.outerTag).isEqualTo(0x2064);
        assertThat(headers.innerTag).isEqualTo(0x2065);
        assertThat(headers.l3Offset).isEqualTo(22);
        assertThat(headers.headerLength).isEqualTo(70);

        parse(FrameBuilder.ethernet(0x8100, 0x8100, 0x8100, 0x0800).ipv4(17, 8, 0, 0).udp(0));
        assertThat(headers.vlanTags).isEqualTo(2);
        assertThat(headers.etherType).isEqualTo(0x8100);
        assertThat(headers.l3).isEqualTo(L3.OTHER);
        assertThat(headers.headerLength).isZero();
    }

    @Test
    void shouldNotSplitWhatIsNotIp() {
        parse(FrameBuilder.ethernet(0x0806).zeros(46));
        assertThat(headers.l3).isEqualTo(L3.ARP);
        assertThat(headers.l3Offset).isEqualTo(14);
        assertThat(headers.headerLength).isZero();

        parse(FrameBuilder.ethernet(0x002E).zeros(46));
        assertThat(headers.l3).isEqualTo(L3.OTHER);
        assertThat(headers.headerLength).isZero();
        assertThat(headers.malformed).isFalse();
    }

    @Test
    void shouldSplitAfterTheIpHeaderWhenItIsAFragment() {
        parse(FrameBuilder.ethernet(0x0800).ipv4(17, 64, 1, 0x2000).udp(200).zeros(56));
        assertThat(headers.fragment).isEqualTo(Fragment.FIRST);
        assertThat(headers.l4).isEqualTo(L4.NONE);
        assertThat(headers.headerLength).isEqualTo(38);

        parse(FrameBuilder.ethernet(0x0800).ipv4(17, 64, 0, 0x0008).zeros(64));
        assertThat(headers.fragment).isEqualTo(Fragment.LATER);
        assertThat(headers.headerLength).isEqualTo(34);

        parse(FrameBuilder.ethernet(0x86DD).ipv6(44, 8 + 64).hex("11000001AABBCCDD").zeros(64));
        assertThat(headers.fragment).isEqualTo(Fragment.FIRST);
        assertThat(headers.protocol).isEqualTo(17);
        assertThat(headers.headerLength).isEqualTo(62);

        parse(FrameBuilder.ethernet(0x86DD).ipv6(44, 8 + 64).hex("11000010AABBCCDD").zeros(64));
        assertThat(headers.fragment).isEqualTo(Fragment.LATER);
        assertThat(headers.headerLength).isEqualTo(62);
    }

    @Test
    void shouldTreatAnAtomicFragmentAsWhole() {
        parse(FrameBuilder.ethernet(0x86DD).ipv6(44, 8 + 8).hex("11000000AABBCCDD").udp(0));
        assertThat(headers.fragment).isEqualTo(Fragment.NONE);
        assertThat(headers.l4).isEqualTo(L4.UDP);
        assertThat(headers.headerLength).isEqualTo(70);
    }

    @Test
    void shouldSplitAfterTheIpHeaderWhenTheProtocolIsOpaque() {
        parse(FrameBuilder.ethernet(0x0800).ipv4(1, 64, 0, 0).zeros(64));
        assertThat(headers.l4).isEqualTo(L4.OTHER);
        assertThat(headers.headerLength).isEqualTo(34);
        assertThat(headers.l4Offset).isEqualTo(34);

        parse(FrameBuilder.ethernet(0x86DD).ipv6(59, 6).zeros(6));
        assertThat(headers.l4).isEqualTo(L4.NONE);
        assertThat(headers.headerLength).isEqualTo(54);
    }

    @Test
    void shouldFollowExtensionHeadersButOnlySoMany() {
        parse(FrameBuilder.ethernet(0x86DD).ipv6(0, 8 + 24 + 24 + 16 + 20)
            .hex("2B00010400000000")
            .hex("3302000000000000").zeros(16)
            .hex("3C04000000000000").zeros(16)
            .hex("0601010C00000000").zeros(8)
            .tcp(0x10, 0));
        assertThat(headers.l4).isEqualTo(L4.TCP);
        assertThat(headers.l4Offset).isEqualTo(54 + 72);
        assertThat(headers.headerLength).isEqualTo(54 + 92);
        assertThat(headers.destinationOffset).isEqualTo(38);

        final FrameBuilder long8 = FrameBuilder.ethernet(0x86DD).ipv6(60, 8 * 8 + 8);
        final FrameBuilder long9 = FrameBuilder.ethernet(0x86DD).ipv6(60, 9 * 8 + 8);
        for (int i = 0; i < 9; i++) {
            long9.u8(i < 8 ? 60 : 17).u8(0).zeros(6);
            if (i < 8) {
                long8.u8(i < 7 ? 60 : 17).u8(0).zeros(6);
            }
        }
        parse(long8.udp(0));
        assertThat(headers.headerLength).isEqualTo(54 + 72);
        parse(long9.udp(0));
        assertThat(headers.malformed).isTrue();
        assertThat(headers.headerLength).isZero();
    }

    @Test
    void shouldEndTheMessageWhereTheLengthsSay() {
        parse(FrameBuilder.ethernet(0x0800).ipv4(17, 8 + 1, 0, 0).udp(1).zeros(18));
        assertThat(headers.l3End).isEqualTo(43);
        assertThat(headers.l4End).isEqualTo(43);

        parse(FrameBuilder.ethernet(0x0800).ipv4(17, 8 + 9, 0, 0).udp(1).zeros(9));
        assertThat(headers.l3End).isEqualTo(51);
        assertThat(headers.l4End).isEqualTo(43);
    }

    @Test
    void shouldRefuseHeadersThatLie() {
        final byte[] good = FrameBuilder.ethernet(0x0800).ipv4(6, 30, 0, 0).tcp(0x10, 0).zeros(10).bytes();
        assertMalformed(good, 14, 0x44);
        assertMalformed(good, 14, 0x65);
        assertMalformed(good, 14, 0x4F);
        assertMalformed(good, 17, 19);
        assertMalformed(good, 17, 51);
        assertMalformed(good, 46, 0x40);
        assertMalformed(good, 46, 0xF0);
        final byte[] udp = FrameBuilder.ethernet(0x86DD).ipv6(17, 10).udp(2).zeros(2).bytes();
        assertMalformed(udp, 14, 0x40);
        assertMalformed(udp, 19, 11);
        assertMalformed(udp, 59, 7);
        assertMalformed(udp, 59, 11);
        assertMalformed(udp, 20, 43);
    }

    @Test
    void shouldRefuseEveryTruncation() {
        final byte[] frame =
            FrameBuilder.ethernet(0x8100, 0x86DD).ipv6(0, 16 + 20).hex("0601").zeros(14).tcp(0x10, 0).bytes();
        for (int length = 0; length < frame.length; length++) {
            parse(Arrays.copyOf(frame, length));
            assertThat(headers.malformed).isTrue();
            assertThat(headers.headerLength).isZero();
        }
        parse(frame);
        assertThat(headers.headerLength).isEqualTo(frame.length);
    }

    @Test
    void shouldTakeTheFramesEndWhenItShallBeSegmented() {
        final byte[] frame = FrameBuilder.ethernet(0x0800).ipv4(6, 0, 0, 0x4000).tcp(0x18, 0).zeros(66_000).bytes();
        final SegmentList list = memory.whole(frame, 0);
        parser.parse(list, headers);
        assertThat(headers.malformed).isTrue();
        parser.parseUnsegmented(list, headers);
        assertThat(headers.malformed).isFalse();
        assertThat(headers.headerLength).isEqualTo(54);
        assertThat(headers.l4End).isEqualTo(frame.length);
        list.release();
    }

    @Test
    void shouldFindTheSameWhereverTheSegmentsAreCut() {
        final byte[] frame = FrameBuilder.ethernet(0x88A8, 0x8100, 0x86DD).ipv6(43, 24 + 24 + 5)
            .hex("0602000200000000").zeros(16).tcp(0x10, 1).zeros(5).bytes();
        parse(frame);
        final String expected = describe();
        for (int at = 0; at <= frame.length; at++) {
            for (int step = 1; step < 4; step++) {
                final SegmentList list = memory.cut(frame, at, Math.min(frame.length, at + step));
                parser.parse(list, headers);
                assertThat(describe()).isEqualTo(expected);
                list.release();
            }
        }
    }

    @Test
    void shouldAnswerAnyBytes() {
        final Random random = new Random(4);
        final byte[][] seeds = {
            FrameBuilder.ethernet(0x0800).ipv4(6, 60, 3, 0).tcp(0x18, 2).zeros(32).bytes(),
            FrameBuilder.ethernet(0x8100, 0x0800).ipv4(17, 30, 0, 0).udp(22).zeros(22).bytes(),
            FrameBuilder.ethernet(0x86DD).ipv6(0, 60).hex("2B00").zeros(6).hex("3C00").zeros(6).hex("2C00").zeros(6)
                .hex("3300").zeros(6).hex("0600").zeros(6).tcp(0x10, 0).bytes()};
        int whole = 0;
        for (int round = 0; round < 150_000; round++) {
            final byte[] frame = Arrays.copyOf(seeds[round % 3], random.nextInt(120));
            final int changes = random.nextInt(5);
            for (int i = 0; i < changes && frame.length > 12; i++) {
                frame[12 + random.nextInt(frame.length - 12)] = (byte) random.nextInt(256);
            }
            final SegmentList list = memory.scatter(frame, 1 + random.nextInt(5), random);
            parser.parse(list, headers);
            assertBounded(frame.length);
            InternetChecksum.best().verifyIp(list, headers);
            InternetChecksum.best().verifyL4(list, headers);
            whole += headers.hasTransport() ? 1 : 0;
            parser.parseUnsegmented(list, headers);
            assertBounded(frame.length);
            list.release();
        }
        assertThat(whole).isGreaterThan(1000);
    }

    private void assertBounded(final int length) {
        assertThat(headers.headerLength >= 0 && headers.headerLength <= length
            && headers.l3Offset <= length && headers.l3Offset + headers.l3HeaderLength <= length
            && headers.l3End <= length && headers.l4End <= headers.l3End && headers.l4Offset <= headers.l4End
            && headers.destinationOffset <= Math.max(length - 4, -1)
            && (!headers.malformed || headers.headerLength == 0 && headers.l4 == L4.NONE)).isTrue();
    }

    private void assertMalformed(final byte[] good, final int at, final int value) {
        parse(good);
        assertThat(headers.malformed).isFalse();
        final byte[] bad = good.clone();
        bad[at] = (byte) value;
        parse(bad);
        assertThat(headers.malformed).as("byte %d = %x", at, value).isTrue();
        assertThat(headers.headerLength).isZero();
    }

    private String describe() {
        return headers.vlanTags + " " + headers.outerTag + " " + headers.innerTag + " " + headers.etherType + " "
            + headers.l3 + headers.l3Offset + " " + headers.l3HeaderLength + " " + headers.l3End + " "
            + headers.destinationOffset + " " + headers.fragment + " " + headers.protocol + " " + headers.l4
            + headers.l4Offset + " " + headers.l4End + " " + headers.headerLength + " " + headers.malformed;
    }

    private void parse(final FrameBuilder frame) {
        parse(frame.bytes());
    }

    private void parse(final byte[] frame) {
        final SegmentList list = memory.whole(frame, 5);
        parser.parse(list, headers);
        list.release();
    }
}
