package dev.barewire.rings.intel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Descriptors whose 16 bytes were written down by hand from the manual's tables. */
class DescriptorLayoutTest {
    private static final long IOVA = 0x0000_0001_2345_6780L;

    // Manual 317453, section 3.2.3: table of the receive descriptor, status and errors.
    @Test
    void shouldReadAReceiveDescriptorAsTheManualLaysItOut() {
        final ByteBuffer bytes = ByteBuffer.wrap(HexFormat.ofDelimiter(" ").parseHex(
            "80 67 45 23 01 00 00 00 " // address
                + "ee 05 "             // length 1518
                + "34 12 "             // packet checksum
                + "6b "                // IPCS, TCPCS, VP, EOP, DD
                + "20 "                // TCPE
                + "64 60")             // priority 3, VLAN 100
        ).order(ByteOrder.LITTLE_ENDIAN);
        final long writeBack = bytes.getLong(LegacyRxDescriptor.WRITE_BACK);

        assertThat(bytes.getLong(LegacyRxDescriptor.ADDRESS)).isEqualTo(IOVA);
        assertThat(LegacyRxDescriptor.length(writeBack)).isEqualTo(1518)
            .isEqualTo(bytes.getShort(LegacyRxDescriptor.LENGTH));
        assertThat(bytes.getShort(LegacyRxDescriptor.CHECKSUM)).isEqualTo((short) 0x1234);
        assertThat(LegacyRxDescriptor.status(writeBack)).isEqualTo(bytes.get(LegacyRxDescriptor.STATUS)).isEqualTo(
            LegacyRxDescriptor.STATUS_IPCS | LegacyRxDescriptor.STATUS_TCPCS | LegacyRxDescriptor.STATUS_VP
                | LegacyRxDescriptor.STATUS_EOP | LegacyRxDescriptor.STATUS_DD);
        assertThat(LegacyRxDescriptor.errors(writeBack)).isEqualTo(bytes.get(LegacyRxDescriptor.ERRORS))
            .isEqualTo(LegacyRxDescriptor.ERROR_TCPE);
        assertThat(LegacyRxDescriptor.special(writeBack)).isEqualTo(3 << 13 | 100)
            .isEqualTo(bytes.getShort(LegacyRxDescriptor.SPECIAL));
        assertThat(LegacyRxDescriptor.writeBack(1518, 0x1234, 0x6B, 0x20, 0x6064)).isEqualTo(writeBack);
        assertThat(LegacyRxDescriptor.offset(3)).isEqualTo(48);
    }

    // The bits not used above, and fields with their highest bit set.
    @Test
    void shouldReadEveryBitOfAReceiveDescriptor() {
        final long writeBack = LegacyRxDescriptor.writeBack(0xFFFF, 0xFFFF, 0x84, 0xC3 | 0x14, 0xFFFF);

        assertThat(LegacyRxDescriptor.length(writeBack)).isEqualTo(65535);
        assertThat(LegacyRxDescriptor.special(writeBack)).isEqualTo(65535);
        assertThat(LegacyRxDescriptor.status(writeBack))
            .isEqualTo(LegacyRxDescriptor.STATUS_PIF | LegacyRxDescriptor.STATUS_IXSM);
        assertThat(LegacyRxDescriptor.errors(writeBack))
            .isEqualTo(LegacyRxDescriptor.ERROR_FRAME | LegacyRxDescriptor.ERROR_IPE);
    }

    // Datasheet 317694, sections 7.1.4 and 7.1.5: write-back of the extended and the packet-split descriptor.
    @Test
    void shouldReadAPacketSplitWriteBackAsTheDatasheetLaysItOut() {
        final ByteBuffer bytes = ByteBuffer.wrap(HexFormat.ofDelimiter(" ").parseHex(
            "01 00 00 00 "      // RSS type 1
                + "78 56 34 12 " // RSS hash
                + "63 00 00 60 " // IPCS, TCPCS, EOP, DD; IPE, TCPE
                + "36 00 "       // length 0
                + "64 60 "       // VLAN
                + "36 80 "       // HDRSP, header of 54
                + "00 04 "       // length 1
                + "fe 03 "       // length 2
                + "01 00 "       // length 3
                + "00 00 00 00 00 00 00 00")
        ).order(ByteOrder.LITTLE_ENDIAN);
        final long writeBack = bytes.getLong(ExtendedRxDescriptor.WRITE_BACK);
        final long lengths = bytes.getLong(PacketSplitRxDescriptor.LENGTHS);

        assertThat(ExtendedRxDescriptor.statusErrors(writeBack)).isEqualTo(bytes.getInt(ExtendedRxDescriptor.STATUS))
            .isEqualTo(ExtendedRxDescriptor.STATUS_IPCS | ExtendedRxDescriptor.STATUS_TCPCS | ExtendedRxDescriptor.STATUS_EOP
                | ExtendedRxDescriptor.STATUS_DD | ExtendedRxDescriptor.ERROR_IPE | ExtendedRxDescriptor.ERROR_TCPE);
        assertThat(ExtendedRxDescriptor.length(writeBack)).isEqualTo(54).isEqualTo(bytes.getShort(ExtendedRxDescriptor.LENGTH));
        assertThat(ExtendedRxDescriptor.vlan(writeBack)).isEqualTo(0x6064).isEqualTo(bytes.getShort(ExtendedRxDescriptor.VLAN));
        assertThat(PacketSplitRxDescriptor.headerStatus(lengths)).isEqualTo(PacketSplitRxDescriptor.HEADER_SPLIT | 54);
        assertThat(PacketSplitRxDescriptor.length(lengths, 1)).isEqualTo(1024);
        assertThat(PacketSplitRxDescriptor.length(lengths, 2)).isEqualTo(1022);
        assertThat(PacketSplitRxDescriptor.length(lengths, 3)).isEqualTo(1);
        assertThat(PacketSplitRxDescriptor.lengths(0x8036, 1024, 1022, 1)).isEqualTo(lengths);
        assertThat(ExtendedRxDescriptor.writeBack(bytes.getInt(8), 54, 0x6064)).isEqualTo(writeBack);
        assertThat(PacketSplitRxDescriptor.offset(3)).isEqualTo(96);
        assertThat(ExtendedRxDescriptor.offset(3)).isEqualTo(48);
    }

    // Section 3.3.3: table of the legacy transmit descriptor; command bits of section 3.3.3.1.
    @Test
    void shouldWriteALegacyTransmitDescriptorAsTheManualLaysItOut() {
        final long control = LegacyTxDescriptor.control(1514, LegacyTxDescriptor.COMMAND_EOP
            | LegacyTxDescriptor.COMMAND_IFCS | LegacyTxDescriptor.COMMAND_RS | LegacyTxDescriptor.COMMAND_VLE, 0xA00F);

        assertThat(bytes(IOVA, control)).isEqualTo("80 67 45 23 01 00 00 00 "
            + "ea 05 " // length
            + "00 "    // CSO
            + "4b "    // VLE, RS, IFCS, EOP
            + "00 "    // status
            + "00 "    // CSS
            + "0f a0"); // special
        assertThat(LegacyTxDescriptor.command(0x80)).isEqualTo(0x8000_0000L);
    }

    // Section 3.3.7: table of the data descriptor; DCMD, POPTS and special of its subsections.
    @Test
    void shouldWriteADataDescriptorAsTheManualLaysItOut() {
        final long control = TxDataDescriptor.control(0x1_2345,
            TxDataDescriptor.COMMAND_EOP | TxDataDescriptor.COMMAND_IFCS | TxDataDescriptor.COMMAND_TSE
                | TxDataDescriptor.COMMAND_RS,
            TxDataDescriptor.OPTION_IXSM | TxDataDescriptor.OPTION_TXSM, 0xFFFE);

        assertThat(bytes(IOVA, control)).isEqualTo("80 67 45 23 01 00 00 00 "
            + "45 23 11 " // 20 bits of length, DTYP 1
            + "2f "       // DEXT, RS, TSE, IFCS, EOP
            + "00 "       // status
            + "03 "       // POPTS: TXSM, IXSM
            + "fe ff");   // special
    }

    // Section 3.3.6: a segmentation of 10,000 bytes in TCP over IPv4 without options behind an Ethernet header.
    @Test
    void shouldWriteAContextDescriptorAsTheManualLaysItOut() {
        final long checksums = TxContextDescriptor.checksums(
            TxContextDescriptor.checksum(14, 24, 33), TxContextDescriptor.checksum(34, 50, 0));
        final long control = TxContextDescriptor.control(10_000,
            TxContextDescriptor.COMMAND_TCP | TxContextDescriptor.COMMAND_IP | TxContextDescriptor.COMMAND_TSE, 54, 1460);

        assertThat(bytes(checksums, control)).isEqualTo(
            "0e "         // IPCSS
                + "18 "   // IPCSO
                + "21 00 " // IPCSE, inclusive
                + "22 "   // TUCSS
                + "32 "   // TUCSO
                + "00 00 " // TUCSE: to the end
                + "10 27 00 " // PAYLEN, DTYP 0
                + "27 "   // DEXT, TSE, IP, TCP
                + "00 "   // status
                + "36 "   // HDRLEN
                + "b4 05"); // MSS
    }

    @Test
    void shouldKeepTheHighBitsOfContextFieldsApart() {
        final long checksums = TxContextDescriptor.checksums(
            TxContextDescriptor.checksum(0xFF, 0xFE, 0xFFFD), TxContextDescriptor.checksum(0xFC, 0xFB, 0xFFFA));
        final long control = TxContextDescriptor.control(TxContextDescriptor.MAX_PAYLEN, 0, 0xF0, 0xFFFF);

        assertThat(bytes(checksums, control)).isEqualTo("ff fe fd ff fc fb fa ff " + "ff ff 0f 20 00 f0 ff ff");
    }

    // 82576 datasheet, section 7.1: write-back of the advanced descriptor.
    @Test
    void shouldReadAnAdvancedWriteBackAsTheDatasheetLaysItOut() {
        final ByteBuffer bytes = ByteBuffer.wrap(HexFormat.ofDelimiter(" ").parseHex(
            "12 01 "             // packet type: IPv4, TCP; RSS type 2
                + "c0 86 "       // SPH, header of 54
                + "78 56 34 12 " // RSS hash
                + "63 00 80 60 " // IPCS, L4CS, EOP, DD; IPE, L4E, HBO
                + "e8 03 "       // PKT_LEN
                + "64 60")       // VLAN
        ).order(ByteOrder.LITTLE_ENDIAN);
        final long header = bytes.getLong(AdvancedRxDescriptor.HEADER);
        final long writeBack = bytes.getLong(ExtendedRxDescriptor.WRITE_BACK);

        assertThat(AdvancedRxDescriptor.isHeaderFound(header)).isTrue();
        assertThat(AdvancedRxDescriptor.headerLength(header)).isEqualTo(54);
        assertThat(AdvancedRxDescriptor.header(true, 54, 2, 0x12345678)).isEqualTo(header & ~0x1ff0L);
        assertThat(AdvancedRxDescriptor.headerLength(AdvancedRxDescriptor.header(false, 1023, 0, 0))).isEqualTo(1023);
        assertThat(AdvancedRxDescriptor.isHeaderFound(AdvancedRxDescriptor.header(false, 1023, 15, -1))).isFalse();
        assertThat(ExtendedRxDescriptor.statusErrors(writeBack)).isEqualTo(
            ExtendedRxDescriptor.STATUS_IPCS | ExtendedRxDescriptor.STATUS_TCPCS | ExtendedRxDescriptor.STATUS_EOP
                | ExtendedRxDescriptor.STATUS_DD | ExtendedRxDescriptor.ERROR_IPE | ExtendedRxDescriptor.ERROR_TCPE
                | AdvancedRxDescriptor.ERROR_HBO);
        assertThat(ExtendedRxDescriptor.length(writeBack)).isEqualTo(1000);
        assertThat(ExtendedRxDescriptor.vlan(writeBack)).isEqualTo(0x6064);
    }

    // 82576 datasheet, section 7.2.
    @Test
    void shouldWriteAdvancedTransmitDescriptorsAsTheDatasheetLaysThemOut() {
        assertThat(bytes(AdvancedTxContextDescriptor.lengths(14, 20, 0x6064), AdvancedTxContextDescriptor.control(
            AdvancedTxContextDescriptor.COMMAND_IPV4 | AdvancedTxContextDescriptor.COMMAND_TCP, 1, 32, 1460))).isEqualTo(
                "14 1c "       // IPLEN 20, MACLEN 14
                    + "64 60 " // VLAN
                    + "00 00 00 00 "
                    + "00 0c " // TUCMD: IPv4, L4T TCP
                    + "20 "    // DTYP 2
                    + "20 "    // DEXT
                    + "10 "    // IDX 1
                    + "20 "    // L4LEN
                    + "b4 05"); // MSS
        assertThat(bytes(IOVA, AdvancedTxDataDescriptor.control(0xFEDC, AdvancedTxDataDescriptor.COMMAND_EOP
            | AdvancedTxDataDescriptor.COMMAND_IFCS | AdvancedTxDataDescriptor.COMMAND_RS | AdvancedTxDataDescriptor.COMMAND_VLE
            | AdvancedTxDataDescriptor.COMMAND_TSE, AdvancedTxDataDescriptor.OPTION_IXSM | AdvancedTxDataDescriptor.OPTION_TXSM,
            1, 0x3_0001))).isEqualTo("80 67 45 23 01 00 00 00 "
                + "dc fe " // DTALEN
                + "30 "    // DTYP 3
                + "eb "    // TSE, VLE, DEXT, RS, IFCS, EOP
                + "10 "    // IDX 1, status
                + "43 "    // PAYLEN's low two bits, POPTS: TXSM, IXSM
                + "00 c0"); // PAYLEN
        assertThat(bytes(AdvancedTxContextDescriptor.lengths(0x7F, 0x1FF, 0xFFFF), AdvancedTxContextDescriptor.control(
            0, 0, 0xFF, 0xFFFF))).isEqualTo("ff ff ff ff 00 00 00 00 00 00 20 20 00 ff ff ff");
    }

    private static String bytes(final long first, final long second) {
        final byte[] bytes = new byte[LegacyTxDescriptor.SIZE];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(first).putLong(second);
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
