package dev.barewire.testkit.model.intel;

/** Fields of the registers, with the manual's section; those that came with the 82574 follow (317694, 10.2). */
final class Bits {
    // CTRL (13.4.1)
    static final int CTRL_FD = 1;
    static final int CTRL_LRST = 1 << 3;
    static final int CTRL_SLU = 1 << 6;
    static final int CTRL_SPEED_1000 = 2 << 8;
    static final int CTRL_RST = 1 << 26;
    static final int CTRL_VME = 1 << 30;
    static final int CTRL_PHY_RST = 1 << 31;

    // STATUS (13.4.2)
    static final int STATUS_FD = 1;
    static final int STATUS_LU = 1 << 1;
    static final int STATUS_SPEED_1000 = 2 << 6;

    // EECD (13.4.3), EERD (13.4.4)
    static final int EECD_REQ = 1 << 6;
    static final int EECD_GNT = 1 << 7;
    static final int EECD_PRES = 1 << 8;
    static final int EERD_START = 1;
    static final int EERD_DATA_SHIFT = 16;

    // Interrupt causes (13.4.17)
    static final int CAUSE_TXDW = 1;
    static final int CAUSE_TXQE = 1 << 1;
    static final int CAUSE_LSC = 1 << 2;
    static final int CAUSE_RXDMT0 = 1 << 4;
    static final int CAUSE_RXO = 1 << 6;
    static final int CAUSE_RXT0 = 1 << 7;
    static final int CAUSE_MDAC = 1 << 9;

    // RCTL (13.4.22)
    static final int RCTL_EN = 1 << 1;
    static final int RCTL_UPE = 1 << 3;
    static final int RCTL_MPE = 1 << 4;
    static final int RCTL_LPE = 1 << 5;
    static final int RCTL_RDMTS_SHIFT = 8;
    static final int RCTL_MO_SHIFT = 12;
    static final int RCTL_BAM = 1 << 15;
    static final int RCTL_BSIZE_SHIFT = 16;
    static final int RCTL_VFE = 1 << 18;
    static final int RCTL_CFIEN = 1 << 19;
    static final int RCTL_CFI = 1 << 20;
    static final int RCTL_BSEX = 1 << 25;
    static final int RCTL_SECRC = 1 << 26;

    // TCTL (13.4.33)
    static final int TCTL_EN = 1 << 1;
    static final int TCTL_PSP = 1 << 3;

    // RXCSUM (13.4.24)
    static final int RXCSUM_PCSS = 0xff;
    static final int RXCSUM_IPOFL = 1 << 8;
    static final int RXCSUM_TUOFL = 1 << 9;

    // RAH (13.5.3)
    static final int RAH_AV = 1 << 31;
    static final int RAH_ASEL = 3 << 16;

    // Ring lengths and pointers (13.4.25 to 13.4.29, 13.4.36 to 13.4.40)
    static final int BASE_MASK = ~0xf;
    static final int LENGTH_MASK = 0xfff80;
    static final int POINTER_MASK = 0xffff;
    static final int DESCRIPTOR_SHIFT = 4;

    // CTRL, STATUS, EECD (317694, 10.2.2)
    static final int CTRL_MASTER_DISABLE = 1 << 2;
    static final int STATUS_PHY_RESET = 1 << 10;
    static final int STATUS_MASTER_ENABLED = 1 << 19;
    static final int EECD_AUTO_READ = 1 << 9;

    // Semaphores (317694, 10.2.2 and 10.2.10)
    static final int EXTCNF_SOFTWARE_OWNS = 1 << 5;
    static final int SWSM_TAKEN = 1;
    static final int SWSM_SOFTWARE_OWNS = 1 << 1;

    // Causes with MSI-X, and CTRL_EXT's fields for them (317694, 10.2.4)
    static final int CAUSE_RXQ0 = 1 << 20;
    static final int CAUSE_TXQ0 = 1 << 22;
    static final int CAUSE_OTHER = 1 << 24;
    static final int CAUSE_ASSERTED = 1 << 31;
    /** What raises {@link #CAUSE_OTHER}: the link, an overrun, a small frame, the PHY's register, an ACK, management. */
    static final int OTHER_CAUSES = CAUSE_LSC | CAUSE_RXO | CAUSE_MDAC | 1 << 16 | 1 << 17 | 1 << 18;
    static final int CTRL_EXT_AUTO_MASK = 1 << 27;

    // Receive formats (317694, 10.2.5)
    static final int RFCTL_IPV6_XSUM_DIS = 1 << 11;
    static final int RFCTL_IPFRSP_DIS = 1 << 14;
    static final int RFCTL_EXSTEN = 1 << 15;
    static final int RCTL_DTYP = 3 << 10;
    static final int RCTL_DTYP_PACKET_SPLIT = 1 << 10;
    static final int RXCSUM_PCSD = 1 << 13;

    // MRQC (317694, 10.2.5)
    static final int MRQC_ENABLE = 3;
    static final int MRQC_TCP_IPV4 = 1 << 16;
    static final int MRQC_IPV4 = 1 << 17;
    static final int MRQC_TCP_IPV6 = 1 << 18;
    static final int MRQC_IPV6 = 1 << 20;

    // TARC (317694, 10.2.6)
    static final int TARC_ENABLE = 1 << 10;

    // Of the 82576 (its datasheet, chapter 8)
    static final int EEMNGCTL_DONE = 1 << 18;
    static final int QUEUE_ENABLE = 1 << 25;
    static final int SRRCTL_TYPE_SHIFT = 25;
    static final int SRRCTL_DROP = 1 << 31;
    static final int MRQC_TCP_IPV6_PLAIN = 1 << 21;
    static final int RLPML_MASK = 0x3fff;
    static final int GPIE_CLEAR_ON_READ = 1;
    static final int GPIE_VECTORS = 1 << 4;
    static final int GPIE_AUTO_MASK = 1 << 30;
    static final int EICR_OTHER = 1 << 31;
    static final int IVAR_ENTRY_VALID = 1 << 7;

    private Bits() {
    }

    /** The size of a receive buffer (13.4.22); 0 where the combination is reserved. */
    static int bufferSize(final int rctl) {
        final int size = 2048 >> (rctl >>> RCTL_BSIZE_SHIFT & 3);
        if ((rctl & RCTL_BSEX) == 0) {
            return size;
        }
        return size == 2048 ? 0 : size << 4;
    }
}
