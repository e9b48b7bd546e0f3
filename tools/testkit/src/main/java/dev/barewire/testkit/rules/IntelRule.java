package dev.barewire.testkit.rules;

/**
 * What Intel asks of the driver of an 82540EM or a card after it, as far as registers, descriptors and buffers show it. Sections are
 * those of the "PCI/PCI-X Family of Gigabit Ethernet Controllers Software Developer's Manual", 317453, and of the "82574 GbE
 * Controller Family Datasheet", 317694.
 */
public enum IntelRule implements Rule {
    /** Interrupts around a reset. */
    RESET_01(true, "All interrupts are masked by IMC before a reset, and once more behind it.", "13.4.21, 14.3"),
    /** The bus before a reset. */
    RESET_02(false, "Before a reset CTRL's GIO master disable is set, and STATUS was seen to say that no access to memory is"
        + " under way, or waited for.", "317694, 5.2 and 10.2.2"),
    /** Units before a reset. */
    RESET_03(true, "Both units have been switched off when the card is reset.", "13.4.22, 13.4.33, 14.3"),
    /** Quiet during a reset. */
    RESET_04(true, "After CTRL.RST a millisecond passes, and nothing but CTRL is touched until the bit reads 0.", "13.4.1"),
    /** The EEPROM behind a reset. */
    RESET_05(true, "After a reset nothing is set up before EECD has said that the EEPROM was read.", "317694, 10.2.2"),
    /** Nothing survives a reset. */
    RESET_06(true, "A ring's registers are written anew after a reset, before its unit is switched on.", "14.3 to 14.5"),
    /** The bus first. */
    RESET_07(true, "Memory space is on before a register is touched, bus mastering before a unit is switched on.",
        "PCI Local Bus 3.0, 6.2.2"),
    /** Tables are not reset. */
    RESET_08(false, "Multicast table and unused receive addresses are cleared before the receiver is switched on, the"
        + " VLAN table before it filters.", "13.5.1 to 13.5.4, 14.4"),
    /** Access width. */
    RESET_09(true, "Registers are accessed as aligned words of 32 bits.", "13.2"),
    /** Posted writes. */
    RESET_10(true, "Before a reset a register is read when the units are off, so that this has arrived, and 10 ms pass from"
        + " then on.", "13.4.1, 14.3"),

    /** Link up. */
    LINK_01(true, "CTRL.SLU is set, and speed and duplex are not forced where they are negotiated.", "13.4.1, 14.2"),
    /** The PHY. */
    LINK_04(true, "MDIC takes one command at a time, for PHY 1: the next waits for READY.", "13.4.3"),
    /** Ownership. */
    LINK_05(true, "EERD is used by who owns SWSM, MDIC by who owns EXTCNF_CTRL: firmware uses both as well.",
        "317694, 10.2.2 and 10.2.10"),
    /** Link changes. */
    LINK_06(false, "An interrupt's LSC is answered by reading STATUS before interrupts are let in again.",
        "13.4.17, 13.4.33"),

    /** EEPROM reads. */
    NVM_01(true, "EERD takes START in bit 0 and the word's number from bit 8; the next read waits for DONE.", "13.4.4"),
    /** EEPROM reads of the 82574. */
    NVM_02(true, "EERD takes START in bit 0 and the word's number from bit 2; the next read waits for DONE.",
        "317694, 10.2.2"),
    /** EEPROM checksum. */
    NVM_03(false, "The EEPROM's 64 words have been read and add up to 0xBABA before its address is used.", "5.6.35"),
    /** The address. */
    NVM_04(true, "The card's own address is that of words 0 to 2, low byte first.", "5.6.1"),

    /** Ring alignment. */
    RING_01(true, "A ring starts at a multiple of 16.", "13.4.25, 13.4.36"),
    /** Ring length. */
    RING_02(true, "A ring's length is a multiple of 128 bytes.", "13.4.27, 13.4.38"),
    /** Ring limits. */
    RING_03(true, "A ring has from 8 to 4096 descriptors.", "13.4.27, 13.4.38"),
    /** Set-up while off. */
    RING_04(true, "Base, length and head are written only while the unit is off; it starts at head 0.", "14.4, 14.5"),
    /** Clean descriptors. */
    RING_05(true, "Descriptors that are not handed over are zero, and receive descriptors say nothing of a frame, when"
        + " the unit is switched on.", "3.2.6, 3.4"),
    /** Publication. */
    RING_06(true, "A descriptor is whole in memory before the tail that hands it over is written, and stays as it is.",
        "3.2.6, 3.4"),
    /** The tail's meaning. */
    RING_08(true, "The tail points behind the last descriptor that was made ready.", "3.2.6, 3.4"),
    /** One stays free. */
    RING_09(true, "A receive ring is never handed over whole: a tail that meets the head says that it is empty.", "3.2.6"),
    /** The tail's range. */
    RING_10(true, "A tail is less than the ring's number of descriptors.", "13.4.29, 13.4.40"),
    /** Addresses anew. */
    RING_11(true, "A receive descriptor's addresses are written anew when it is handed over: the card wrote over them.",
        "317694, 7.1.4 and 7.1.5"),
    /** Status cleared. */
    RING_12(true, "A receive descriptor's status and errors are zero when it is handed over.", "3.2.3"),
    /** Units of the tail. */
    RING_13(true, "Head and tail of a ring of packet-split descriptors count units of 16 bytes, two for each.",
        "317694, 7.1.5"),
    /** Batches. */
    RING_14(false, "A tail is written once for a batch: not within a frame, not for each descriptor of many.", "3.4"),
    /** A queue that sends. */
    RING_17(true, "A transmit queue's TXDCTL counts descriptors, and its TARC lets it send.", "317694, 10.2.6"),
    /** The second queue's ring. */
    RING_18(true, "A queue that the redirection table names has a ring.", "317694, 7.1.11 and 10.2.5"),

    /** Room to receive. */
    RX_01(true, "Each posted buffer is memory that the card may write, as long as RCTL says, and no other's.", "13.4.22"),
    /** Buffer size. */
    RX_02(true, "RCTL's buffer size is one that the card has, and the one that the buffers have.", "13.4.22"),
    /** Formats first. */
    RX_03(true, "RFCTL and PSRCTL are written while the receiver is off: it looks at them when it is switched on.",
        "317694, 10.2.5"),
    /** FCS. */
    RX_05(true, "The card takes the FCS off (RCTL.SECRC); a driver that does so itself cannot be told from one that"
        + " forgets.", "13.4.22"),
    /** Long frames. */
    RX_09(true, "A station that sends frames of more than 1522 bytes also takes them in: RCTL.LPE.", "13.4.22"),

    /** Hash or checksum. */
    RXCSUM_04(true, "RSS goes with RXCSUM.PCSD: the hash takes the place of the packet checksum.", "317694, 7.1.11"),

    /** Packet split. */
    SPLIT_01(true, "RCTL's descriptor type is 01b only with RFCTL.EXSTEN.", "317694, 10.2.5"),
    /** Split sizes. */
    SPLIT_02(true, "PSRCTL's first two buffers have sizes.", "317694, 10.2.5"),
    /** Split buffers. */
    SPLIT_03(true, "A packet-split descriptor has a buffer, of memory that the card may write, for each size that is not 0.",
        "317694, 7.1.5"),

    /** Transmit control. */
    TX_01(true, "TCTL pads short frames and has its collision fields, TIPG its gaps, when the transmitter is switched on.",
        "13.4.33, 13.4.34, 14.5"),
    /** Frame ends. */
    TX_02(true, "A frame's last descriptor, and no other, has EOP; it has IFCS.", "3.3.3.1, 3.3.7.1"),
    /** Reports. */
    TX_03(true, "Behind every frame comes a descriptor with RS, or nobody learns that its buffers are free.", "3.3.3.1"),
    /** Write-back threshold. */
    TX_04(true, "TXDCTL.WTHRESH is 0 where not every frame is reported.", "13.4.42"),
    /** Write-back threshold of the 82574. */
    TX_05(true, "TXDCTL.WTHRESH is 0 where not every frame is reported.", "317694, 10.2.6"),
    /** One stays free. */
    TX_06(true, "A transmit ring is never filled whole: a tail that meets the head says that it is empty.", "3.4"),
    /** Buffers on loan. */
    TX_07(true, "A buffer does not change from when its descriptor is handed over until it is done.", "3.3.3"),
    /** Data limit. */
    TX_08(true, "A descriptor points at 1 to 16288 bytes.", "3.3.3"),
    /** Delayed interrupts. */
    TX_09(false, "IDE is used only with TIDV set.", "13.4.41"),

    /** Context first. */
    TXOFF_01(true, "A context comes before the data that it is for.", "3.3.6, 3.5"),
    /** IP checksum. */
    TXOFF_03(true, "IPCSS, IPCSO and IPCSE are the IPv4 header's first byte, checksum and last byte; the field is 0.",
        "3.3.6"),
    /** L4 checksum. */
    TXOFF_04(true, "TUCSS and TUCSO are the TCP or UDP header's first byte and its checksum; TUCSE is 0 or the last byte.",
        "3.3.6"),
    /** Seed. */
    TXOFF_05(true, "The TCP or UDP checksum field holds the pseudo header's sum, without the length for segmentation.",
        "3.5.6, 3.5.8"),
    /** Segmented IP header. */
    TXOFF_06(true, "An IPv4 packet to be segmented has length 0 and checksum 0.", "3.5.6"),
    /** Segmentation context. */
    TXOFF_07(true, "A segmentation's HDRLEN, PAYLEN, MSS, IP and TCP fit the frame, and its data have TSE.", "3.3.6, 3.3.7"),
    /** Options. */
    TXOFF_08(true, "A frame's checksums are asked for in its first data descriptor.", "3.3.7.3"),

    /** VLAN type. */
    VLAN_01(true, "VET is 0x8100 when a unit is switched on: a reset may have left anything.", "13.4.10"),
    /** Tag insertion. */
    VLAN_03(true, "A tag is asked for in the descriptor that counts, the last or a segmentation's first, and with"
        + " CTRL.VME.", "3.3.3.1, 9.2"),

    /** VLAN filter. */
    VLAN_05(true, "The VLAN table is filled before RCTL.VFE filters by it.", "9.3, 13.5.1"),

    /** Address order. */
    FILTER_01(true, "A receive address's low half is written before the high half with its valid bit.", "13.5.2, 13.5.3"),
    /** Address change. */
    FILTER_02(true, "A receive address is not valid while its low half changes.", "13.5.3"),
    /** Broadcast. */
    FILTER_04(true, "A receiver that is on takes broadcast in: RCTL.BAM.", "13.4.22"),

    /** Interrupt causes. */
    INTR_01(true, "ICR is read between two openings of the mask: a cause that stays interrupts at once.", "13.4.17"),
    /** Acknowledgement of messages. */
    INTR_02(true, "With messages a cause is cleared by writing it to ICR, since a read may leave it.", "317694, 10.2.4"),
    /** Interrupt masks. */
    INTR_08(true, "Interrupts are switched off by ones in IMC: zeros do nothing, in IMS as in IMC.", "13.4.20, 13.4.21"),

    /** Causes of messages. */
    INTR_10(false, "With messages it is the queues' own causes that are let in.", "317694, 7.4 and 10.2.4"),

    /** Pairs. */
    STATS_02(true, "A 64-bit counter's low half is read right before its high half, which clears both.", "13.7"),
    /** Stale counts. */
    STATS_05(false, "The counters are read once before the receiver is switched on.", "13.7");

    private final boolean mandatory;
    private final String text;
    private final String source;

    IntelRule(final boolean mandatory, final String text, final String source) {
        this.mandatory = mandatory;
        this.text = text;
        this.source = source;
    }

    @Override
    public String id() {
        return "E1K-" + name().replace('_', '-');
    }

    @Override
    public boolean isMandatory() {
        return mandatory;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public String source() {
        return source.startsWith("PCI") || source.startsWith("317694") ? source : "317453, " + source;
    }
}
