package dev.barewire.driver.intel;

/** Fields of the registers in {@link IntelRegister}, with the manual's section. */
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

    // EERD of the 82540EM (13.4.4)
    static final int EERD_START = 1;
    static final int EERD_DONE = 1 << 4;
    static final int EERD_ADDRESS_SHIFT = 8;
    static final int EERD_DATA_SHIFT = 16;

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
    static final int TIPG_COPPER = 10 | 8 << 10 | 6 << 20;

    // RXCSUM (13.4.24)
    static final int RXCSUM_IPOFL = 1 << 8;
    static final int RXCSUM_TUOFL = 1 << 9;

    /** RAH: this address takes part in the comparison (13.5.3). */
    static final int RAH_AV = 1 << 31;
    /** The Ether type of an 802.1Q tag, for VET. */
    static final int ETHERTYPE_VLAN = 0x8100;

    private IntelBits() {
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
