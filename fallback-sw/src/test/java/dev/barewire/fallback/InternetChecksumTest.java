package dev.barewire.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.SegmentList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InternetChecksumTest {
    private static final InternetChecksum[] BOTH = {
        InternetChecksum.scalar(), new InternetChecksum(SumKernels.vector().orElseThrow())};

    private final TestMemory memory = new TestMemory();
    private final FrameParser parser = new FrameParser();
    private final FrameHeaders headers = new FrameHeaders();

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void shouldGiveTheSumOfTheWorkedExample() {
        // RFC 1071, section 3: 0001 F203 F4F5 F6F7 sums to DDF2.
        final byte[] example = new FrameBuilder().hex("0001 F203 F4F5 F6F7").bytes();
        final SegmentList list = memory.whole(example, 3);
        for (final InternetChecksum checksum : BOTH) {
            assertThat(checksum.sum(list, 0, 8)).isEqualTo(0xDDF2);
        }
        list.release();
    }

    @Test
    void shouldAgreeWithTheDefinitionAtEveryLengthAndAlignment() {
        final byte[] bytes = new FrameBuilder().random(9100, 1).bytes();
        Arrays.fill(bytes, 4000, 4600, (byte) 0xFF);
        Arrays.fill(bytes, 6000, 6600, (byte) 0);
        final SegmentList list = memory.whole(bytes, 0);
        for (int length = 0; length <= 9000; length += length < 300 ? 1 : 97) {
            for (int from = 0; from < 64; from++) {
                final int expected = FrameBuilder.naiveSum(bytes, from, from + length);
                for (final InternetChecksum checksum : BOTH) {
                    assertThat(checksum.sum(list, from, from + length)).isEqualTo(expected);
                }
            }
        }
        list.release();
    }

    @Test
    void shouldAgreeWithTheDefinitionWhenTheBytesAreScattered() {
        final Random random = new Random(2);
        for (int round = 0; round < 3000; round++) {
            final byte[] bytes = new FrameBuilder().random(random.nextInt(9001), round).bytes();
            final SegmentList list = memory.scatter(bytes, 1 + random.nextInt(17), random);
            final int from = random.nextInt(bytes.length + 1);
            final int to = from + random.nextInt(bytes.length - from + 1);
            final int expected = FrameBuilder.naiveSum(bytes, from, to);
            for (final InternetChecksum checksum : BOTH) {
                assertThat(checksum.sum(list, from, to)).isEqualTo(expected);
            }
            list.release();
        }
    }

    @Test
    void shouldGiveZeroOnlyWhenEveryByteIsZero() {
        final SegmentList zeros = memory.whole(new byte[4096], 1);
        final byte[] ones = new byte[65_535];
        Arrays.fill(ones, (byte) 0xFF);
        final SegmentList all = memory.whole(ones, 1);
        for (final InternetChecksum checksum : BOTH) {
            assertThat(checksum.sum(zeros, 0, 4096)).isZero();
            assertThat(checksum.sum(all, 0, 65_534)).isEqualTo(0xFFFF);
            assertThat(checksum.sum(all, 0, 65_535)).isEqualTo(0xFF00);
        }
        zeros.release();
        all.release();
    }

    @Test
    void shouldInsertWhatVerifiesWhenTheFrameIsScattered() {
        final Random random = new Random(3);
        for (int round = 0; round < 2000; round++) {
            final boolean four = random.nextBoolean();
            final boolean tcp = random.nextBoolean();
            final int payload = random.nextInt(1400);
            final int options = random.nextInt(four ? 11 : 1);
            final byte[] frame = frame(four, tcp, payload, options, round);
            final SegmentList list = memory.scatter(frame, 1 + random.nextInt(20), random);
            final InternetChecksum checksum = BOTH[round & 1];
            parser.parse(list, headers);
            checksum.insertIp(list, headers);
            assertThat(checksum.insertL4(list, headers)).isTrue();

            final byte[] sent = TestMemory.bytes(list);
            final int field = headers.l4Offset + (tcp ? 16 : 6);
            final int expected = FrameBuilder.naiveTransportChecksum(
                frame, headers.l3Offset, headers.l4Offset, headers.l4End, tcp ? 6 : 17);
            assertThat((sent[field] & 0xFF) << 8 | sent[field + 1] & 0xFF)
                .isEqualTo(expected == 0 && !tcp ? 0xFFFF : expected);
            assertThat(checksum.verifyL4(list, headers)).isEqualTo(ChecksumVerdict.GOOD);
            assertThat(checksum.verifyIp(list, headers)).isEqualTo(four ? ChecksumVerdict.GOOD : ChecksumVerdict.NONE);
            list.release();
        }
    }

    @Test
    void shouldNoticeEverySingleFlippedBit() {
        final byte[] good = inserted(frame(true, true, 33, 0, 1));
        for (int bit = 0; bit < (good.length - 14) * 8; bit++) {
            final byte[] bad = good.clone();
            bad[14 + bit / 8] ^= (byte) (1 << bit % 8);
            final SegmentList list = memory.whole(bad, 0);
            parser.parse(list, headers);
            assertThat(InternetChecksum.best().verifyIp(list, headers) == ChecksumVerdict.GOOD
                && InternetChecksum.best().verifyL4(list, headers) == ChecksumVerdict.GOOD).as("bit %d", bit).isFalse();
            list.release();
        }
    }

    @Test
    void shouldLeaveEthernetPaddingOutOfTheSum() {
        final byte[] frame = inserted(frame(true, false, 3, 0, 1));
        final SegmentList list = memory.cut(Arrays.copyOf(frame, 60), 44);
        for (int at = frame.length; at < 60; at++) {
            FrameBytes.put8(list, at, 0xA5);
        }
        assertThat(verdict(list)).isEqualTo(ChecksumVerdict.GOOD);
        list.release();
    }

    @Test
    void shouldSendFfffWhenTheUdpChecksumIsZero() {
        final byte[] frame = frame(true, false, 2, 0, 1);
        frame[42] = 0;
        frame[43] = 0;
        // With this as payload the sum comes to FFFF, so that its complement is 0.
        final int lacking = FrameBuilder.naiveTransportChecksum(frame, 14, 34, 44, 17);
        frame[42] = (byte) (lacking >>> 8);
        frame[43] = (byte) lacking;
        final SegmentList list = memory.whole(frame, 0);
        parser.parse(list, headers);
        InternetChecksum.best().insertL4(list, headers);
        assertThat(FrameBytes.u16(list, 40)).isEqualTo(0xFFFF);
        assertThat(verdict(list)).isEqualTo(ChecksumVerdict.GOOD);
        list.release();
    }

    @Test
    void shouldSayNoneWhenUdpOverIpv4HasNoChecksumAndBadOverIpv6() {
        assertThat(verdictOf(frame(true, false, 9, 0, 1))).isEqualTo(ChecksumVerdict.NONE);
        assertThat(verdictOf(frame(false, false, 9, 0, 1))).isEqualTo(ChecksumVerdict.BAD);
    }

    @Test
    void shouldSayNoneOrUncheckedWhenThereIsNothingToSum() {
        final byte[] tcp = inserted(frame(true, true, 40, 0, 1));
        assertThat(verdictOf(Arrays.copyOf(tcp, tcp.length - 1))).isEqualTo(ChecksumVerdict.UNCHECKED);
        assertThat(verdictOf(FrameBuilder.ethernet(0x0806).zeros(46).bytes())).isEqualTo(ChecksumVerdict.NONE);
        assertThat(verdictOf(FrameBuilder.ethernet(0x0800).ipv4(17, 8, 0, 0x2000).zeros(8).bytes()))
            .isEqualTo(ChecksumVerdict.NONE);
        assertThat(verdictOf(FrameBuilder.ethernet(0x0800).ipv4(1, 8, 0, 0).zeros(8).bytes()))
            .isEqualTo(ChecksumVerdict.NONE);
        assertThat(verdictOf(new byte[9])).isEqualTo(ChecksumVerdict.UNCHECKED);
    }

    @Test
    void shouldSeedThePseudoHeaderForTheCardToFinish() {
        for (final boolean four : new boolean[] {true, false}) {
            final byte[] frame = frame(four, true, 101, 0, 1);
            final SegmentList list = memory.cut(frame, 51);
            parser.parse(list, headers);
            InternetChecksum.best().seedL4(list, headers, false);
            // What a card does: sum from the transport header to the end, complement, store.
            final byte[] seeded = TestMemory.bytes(list);
            assertThat(0xFFFF - FrameBuilder.naiveSum(seeded, headers.l4Offset, seeded.length)).isEqualTo(
                FrameBuilder.naiveTransportChecksum(frame, 14, headers.l4Offset, frame.length, 6));

            final int withLength = FrameBytes.u16(list, headers.l4Offset + 16);
            InternetChecksum.best().seedL4(list, headers, true);
            final int without = FrameBytes.u16(list, headers.l4Offset + 16);
            assertThat(InternetChecksum.fold(without + frame.length - headers.l4Offset)).isEqualTo(withLength);
            list.release();
        }
    }

    @Test
    void shouldFinishWhatASenderBegan() {
        final Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            final boolean tcp = random.nextBoolean();
            final byte[] frame = frame(random.nextBoolean(), tcp, random.nextInt(1400), 0, round);
            final SegmentList list = memory.scatter(frame, 1 + random.nextInt(20), random);
            final InternetChecksum checksum = BOTH[round & 1];
            parser.parse(list, headers);
            checksum.seedL4(list, headers, false);
            checksum.complete(list, headers.l4Offset, headers.l4Offset + (tcp ? 16 : 6));

            assertThat(checksum.verifyL4(list, headers)).isEqualTo(ChecksumVerdict.GOOD);
            final byte[] before = TestMemory.bytes(list);
            checksum.complete(list, headers.l4Offset, frame.length - 1);
            checksum.complete(list, -1, 20);
            checksum.complete(list, 0x7fff_ffff, 0x8000_0010);
            assertThat(TestMemory.bytes(list)).as("a field outside the frame").isEqualTo(before);
            list.release();
        }
    }

    @Test
    void shouldWriteTheLengthOfThePacketThatACardCutsWhole() {
        for (final boolean four : new boolean[] {true, false}) {
            final byte[] frame = inserted(frame(four, true, 3000, 0, 1));
            final SegmentList list = memory.cut(frame, 51);
            FrameBytes.put16(list, 14 + (four ? 2 : 4), 0);
            parser.parseUnsegmented(list, headers);
            InternetChecksum.best().completeForSegmentation(list, headers);

            parser.parse(list, headers);
            assertThat(headers.l4End).isEqualTo(frame.length);
            assertThat(InternetChecksum.best().verifyIp(list, headers))
                .isEqualTo(four ? ChecksumVerdict.GOOD : ChecksumVerdict.NONE);
            assertThat(TestMemory.bytes(list)).isEqualTo(frame);
            list.release();
        }
    }

    @Test
    void shouldSumTheFinalDestinationWhenARoutingHeaderHasHopsLeft() {
        final byte[] direct = inserted(frame(false, true, 20, 0, 1));
        final byte[] message = Arrays.copyOfRange(direct, 54, direct.length);
        final FrameBuilder routed = FrameBuilder.ethernet(0x86DD).ipv6(43, 24 + message.length)
            .hex("0602000100000000 FD0000000000000000000000000000FE");
        for (final byte part : message) {
            routed.u8(part);
        }
        final byte[] frame = routed.bytes();
        frame[53] = 0x77;
        assertThat(verdictOf(frame)).isEqualTo(ChecksumVerdict.GOOD);
        frame[56] = 99;
        assertThat(verdictOf(frame)).isEqualTo(ChecksumVerdict.UNCHECKED);
    }

    @Test
    void shouldAllocateNothingWhenWarm() {
        final SegmentList list = memory.cut(inserted(frame(true, true, 8900, 0, 1)), 54, 1501, 4242);
        // The vector kernel allocates until C2 has compiled it well, which is why it is used only where it won a race.
        for (final InternetChecksum checksum : List.of(InternetChecksum.scalar(), InternetChecksum.best())) {
            assertThat(TestMemory.allocatedWhenWarm(() -> {
                for (int i = 0; i < 500; i++) {
                    parser.parse(list, headers);
                    checksum.verifyIp(list, headers);
                    checksum.verifyL4(list, headers);
                    checksum.seedL4(list, headers, true);
                    checksum.insertL4(list, headers);
                }
            })).as(checksum.kernel()).isZero();
        }
        list.release();
    }

    private byte[] inserted(final byte[] frame) {
        final SegmentList list = memory.whole(frame, 0);
        parser.parse(list, headers);
        InternetChecksum.scalar().insertIp(list, headers);
        InternetChecksum.scalar().insertL4(list, headers);
        final byte[] bytes = TestMemory.bytes(list);
        list.release();
        return bytes;
    }

    private ChecksumVerdict verdictOf(final byte[] frame) {
        final SegmentList list = memory.whole(frame, 1);
        final ChecksumVerdict verdict = verdict(list);
        list.release();
        return verdict;
    }

    private ChecksumVerdict verdict(final SegmentList list) {
        parser.parse(list, headers);
        final ChecksumVerdict verdict = InternetChecksum.best().verifyL4(list, headers);
        assertThat(InternetChecksum.scalar().verifyL4(list, headers)).isEqualTo(verdict);
        return verdict;
    }

    private static byte[] frame(
        final boolean four, final boolean tcp, final int payload, final int optionWords, final long seed) {
        final FrameBuilder frame = FrameBuilder.ethernet(four ? 0x0800 : 0x86DD);
        final int message = payload + (tcp ? 20 : 8);
        if (four) {
            frame.ipv4(tcp ? 6 : 17, message, optionWords, 0x4000);
        } else {
            frame.ipv6(tcp ? 6 : 17, message);
        }
        return (tcp ? frame.tcp(0x18, 0) : frame.udp(payload)).random(payload, seed).bytes();
    }
}
