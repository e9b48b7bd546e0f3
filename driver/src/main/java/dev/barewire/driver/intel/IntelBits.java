package dev.barewire.driver.intel;

/** Fields of the registers in {@link IntelRegister}, with the manual's section; those of the 82574 follow the others. */
final class IntelBits {
    // CTRL (13.4.1)
    static final int CTRL_FD = 1;
    static final int CTRL_LRST = 1 << 3;
    static final int CTRL_ASDE = 1 << 5;
    static final int CTRL_SLU = 1 << 6;
    static final int CTRL_ILOS = 1 << 7;
    static final int CTRL_FRCSPD = 1 << 11;
    static final int CTRL_FRCDPX = 1 << 12;
    static final int CTRL_RST = 1 << 26;
    static final int CTRL_VME = 1 << 30;
    static final int CTRL_PHY_RST = 1 << 31;

    // STATUS (13.4.2)
    static final int STATUS_FD = 1;
    static final int STATUS_LU = 1 << 1;
    static final int STATUS_SPEED_SHIFT = 6;
    static final int STATUS_SPEED_MASK = 3;
    static final int STATUS_LINK = STATUS_LU | STATUS_FD | STATUS_SPEED_MASK << STATUS_SPEED_SHIFT;

    // Interrupt causes (13.4.17)
    static final int CAUSE_LSC = 1 << 2;
    static final int CAUSE_RXDMT0 = 1 << 4;
    static final int CAUSE_RXO = 1 << 6;
    static final int CAUSE_RXT0 = 1 << 7;

    // RCTL (13.4.22)
    static final int RCTL_EN = 1 << 1;
    static final int RCTL_UPE = 1 << 3;
    static final int RCTL_MPE = 1 << 4;
    static final int RCTL_LPE = 1 << 5;
    static final int RCTL_BAM = 1 << 15;
    static final int RCTL_BSIZE_SHIFT = 16;
    static final int RCTL_VFE = 1 << 18;
    static final int RCTL_BSEX = 1 << 25;
    static final int RCTL_SECRC = 1 << 26;

    // TCTL (13.4.33)
    static final int TCTL_EN = 1 << 1;
    static final int TCTL_PSP = 1 << 3;
    static final int TCTL_CT_SHIFT = 4;
    static final int TCTL_COLD_SHIFT = 12;
    /** Collision threshold that the manual recommends. */
    static final int COLLISION_THRESHOLD = 0x0f;
    /** Collision distance for full duplex, in byte times. */
    static final int COLLISION_DISTANCE_FULL = 0x40;
    /** Collision distance for half duplex at 10 and 100 Mb/s. */
    static final int COLLISION_DISTANCE_HALF = 0x200;

    /** IPGT 10, IPGR1 8, IPGR2 6: the values for the 82540EM (13.4.34). */
    static final int TIPG_82540EM = 10 | 8 << 10 | 6 << 20;

    // RXCSUM (13.4.24)
    static final int RXCSUM_IPOFL = 1 << 8;
    static final int RXCSUM_TUOFL = 1 << 9;

    /** RAH: this address takes part in the comparison (13.5.3). */
    static final int RAH_AV = 1 << 31;
    /** The Ether type of an 802.1Q tag, for VET. */
    static final int ETHERTYPE_VLAN = 0x8100;

    // Of the 82574 (datasheet 317694, chapter 10.2)
    /** CTRL: start no new access to memory. */
    static final int CTRL_MASTER_DISABLE = 1 << 2;
    /** STATUS: accesses to memory may be under way. */
    static final int STATUS_MASTER_ENABLED = 1 << 19;
    /** EECD: the card has read its EEPROM after a reset. */
    static final int EECD_AUTO_READ = 1 << 9;
    /** EXTCNF_CTRL: the PHY's registers are software's. */
    static final int EXTCNF_SOFTWARE_OWNS = 1 << 5;
    /** SWSM: the EEPROM is software's, not firmware's. */
    static final int SWSM_SOFTWARE_OWNS = 1 << 1;
    /** SWSM: taken by a reader that found it 0. */
    static final int SWSM_TAKEN = 1;
    /** RFCTL: receive descriptors are extended ones. */
    static final int RFCTL_EXSTEN = 1 << 15;
    /** RCTL: extended receive descriptors are packet-split ones. */
    static final int RCTL_DTYP_PACKET_SPLIT = 1 << 10;
    /** RXCSUM: receive descriptors tell the RSS hash instead of the packet checksum. */
    static final int RXCSUM_PCSD = 1 << 13;
    /** MRQC: RSS over IPv4 and IPv6 addresses, and the ports of TCP. */
    static final int MRQC_RSS = 1 | 1 << 16 | 1 << 17 | 1 << 18 | 1 << 20;
    /** TXDCTL: thresholds count descriptors, as they must. */
    static final int TXDCTL_COUNT_DESC = 1 << 22;
    /** TARC: the queue sends. */
    static final int TARC_ENABLE = 1 << 10;
    /** IPGT 8, IPGR1 8, IPGR2 6. */
    static final int TIPG_82574 = 8 | 8 << 10 | 6 << 20;
    /** ICR, IMS: receive queue 0, with MSI-X; queue 1 is the next bit. */
    static final int CAUSE_RXQ0 = 1 << 20;
    /** ICR, IMS: all that is no queue's, with MSI-X. */
    static final int CAUSE_OTHER = 1 << 24;
    /** IVAR: the three bits below say which vector. */
    static final int IVAR_VALID = 1 << 3;
    static final int IVAR_OTHER_SHIFT = 16;
    /** IVAR: a receive queue has four bits. */
    static final int IVAR_RXQ_BITS = 4;
    /** RETA: which bit of an entry is the queue. */
    static final int RETA_QUEUE_SHIFT = 7;

    // Of the 82576 (82576 datasheet, chapter 8)
    /** EEMNGCTL: firmware has set port 0 up; the bits of the other ports follow. */
    static final int EEMNGCTL_PORT_0_DONE = 1 << 18;
    /** RXDCTL, TXDCTL: the queue works. */
    static final int QUEUE_ENABLE = 1 << 25;
    /** RXDCTL: fetch and keep descriptors ahead in eights, write each back at once. */
    static final int RXDCTL_THRESHOLDS = 8 | 8 << 8 | 1 << 16;
    /** TXDCTL: fetch ahead by eight; no write-back threshold, since not every descriptor asks for a report. */
    static final int TXDCTL_THRESHOLDS = 8 | 1 << 8;
    /** SRRCTL: advanced descriptors, one buffer. */
    static final int SRRCTL_ONE_BUFFER = 1 << 25;
    /** SRRCTL: advanced descriptors, headers apart where the card knows them. */
    static final int SRRCTL_SPLIT = 2 << 25;
    /** SRRCTL: advanced descriptors, every frame starts in a header buffer. */
    static final int SRRCTL_SPLIT_ALWAYS = 5 << 25;
    /** SRRCTL: drop what finds no descriptor, so that it does not hold other queues up. */
    static final int SRRCTL_DROP = 1 << 31;
    /** PSRTYPE: IPv4, IPv6, one in the other, each alone and with TCP and UDP: packet types 1 to 9. */
    static final int PSRTYPE_IP_TCP_UDP = 0x3fe;
    /** PSRTYPE: types that have NFS behind TCP or UDP, which the driver does not count among headers; and type 0. */
    static final int PSRTYPE_OTHERS = 1 | 0b11 << 11 | 0b11 << 14 | 0b11 << 17;
    /** VMOLR and its kin: take VLAN tags off. */
    static final int VMOLR_STRIP = 1 << 30;
    /** RLPML: the longest that the card can receive. */
    static final int LONGEST_FRAME = 9728;
    /** MRQC: RSS to several queues, over IPv4 and IPv6 addresses, and the ports of TCP. */
    static final int MRQC_RSS_QUEUES = 2 | 1 << 16 | 1 << 17 | 1 << 18 | 1 << 20 | 1 << 21;
    /** GPIE: reading ICR clears it. */
    static final int GPIE_CLEAR_ON_READ = 1;
    /** GPIE: a vector for each cause. */
    static final int GPIE_VECTORS = 1 << 4;
    /** GPIE: EIAM counts when a message is sent. */
    static final int GPIE_AUTO_MASK = 1 << 30;
    /** GPIE: pending bits are the messages' own. */
    static final int GPIE_PENDING = 1 << 31;
    /** An entry of IVAR or IVAR_MISC that counts. */
    static final int IVAR_ENTRY_VALID = 1 << 7;
    /** EIMS: all causes that are no queue's, without vectors. */
    static final int EIMS_OTHER = 1 << 31;

    /** What SRRCTL counts packet buffers in. */
    static final int SRRCTL_PACKET_UNIT = 1024;
    private static final int SRRCTL_HEADER_UNIT = 64;
    /** ITR (13.4.18), EITR: what an interval is counted in. */
    private static final int THROTTLE_UNIT_NANOS = 256;
    private static final int THROTTLE_MAX = 0xffff;
    private static final int PSRCTL_HEADER_UNIT = 128;
    private static final int PSRCTL_PAYLOAD_UNIT = 1024;

    private IntelBits() {
    }

    /**
     * The least interval between interrupts, for ITR and EITR.
     *
     * @param nanos in ns; 0 for none
     * @return the register's value: the interval, rounded up
     */
    static int throttle(final int nanos) {
        return Math.min(THROTTLE_MAX, Math.ceilDiv(nanos, THROTTLE_UNIT_NANOS));
    }

    /**
     * PSRCTL's buffer sizes: BSIZE0 for the header, the same for as many of BSIZE1 to BSIZE3 as are used.
     *
     * @param header  a multiple of 128 to 16256 bytes
     * @param payload a multiple of 1024 to 64512 bytes
     * @param count   1 to 3
     * @return the register's value
     */
    static int packetSplit(final int header, final int payload, final int count) {
        if (header <= 0 || header % PSRCTL_HEADER_UNIT != 0 || header / PSRCTL_HEADER_UNIT > 0x7f
            || payload <= 0 || payload % PSRCTL_PAYLOAD_UNIT != 0 || payload / PSRCTL_PAYLOAD_UNIT > 0x3f) {
            throw new IllegalArgumentException("the card cannot split into buffers of " + header + " and " + payload + " bytes");
        }
        int value = header / PSRCTL_HEADER_UNIT;
        for (int i = 1; i <= count; i++) {
            value |= payload / PSRCTL_PAYLOAD_UNIT << Byte.SIZE * i;
        }
        return value;
    }

    /**
     * SRRCTL's buffer sizes.
     *
     * @param header a multiple of 64 to 960 bytes, or 0
     * @param packet a multiple of 1024 to 127 KiB; less is left to RCTL
     * @return BSIZEPACKET and BSIZEHEADER
     */
    static int splitReceive(final int header, final int packet) {
        if (header < 0 || header % SRRCTL_HEADER_UNIT != 0 || header / SRRCTL_HEADER_UNIT > 0xf
            || packet >= SRRCTL_PACKET_UNIT && (packet % SRRCTL_PACKET_UNIT != 0 || packet / SRRCTL_PACKET_UNIT > 0x7f)) {
            throw new IllegalArgumentException("the card cannot split into buffers of " + header + " and " + packet + " bytes");
        }
        return packet / SRRCTL_PACKET_UNIT | header / SRRCTL_HEADER_UNIT << Byte.SIZE;
    }

    /**
     * RCTL's buffer size fields.
     *
     * @param bytes 256, 512, 1024, 2048, 4096, 8192 or 16384
     * @return BSIZE and BSEX
     */
    static int bufferSize(final int bytes) {
        return switch (bytes) {
            case 2048 -> 0;
            case 1024 -> 1 << RCTL_BSIZE_SHIFT;
            case 512 -> 2 << RCTL_BSIZE_SHIFT;
            case 256 -> 3 << RCTL_BSIZE_SHIFT;
            case 16384 -> RCTL_BSEX | 1 << RCTL_BSIZE_SHIFT;
            case 8192 -> RCTL_BSEX | 2 << RCTL_BSIZE_SHIFT;
            case 4096 -> RCTL_BSEX | 3 << RCTL_BSIZE_SHIFT;
            default -> throw new IllegalArgumentException("the card has no receive buffer size of " + bytes);
        };
    }
}
