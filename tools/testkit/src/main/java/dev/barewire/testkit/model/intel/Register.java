package dev.barewire.testkit.model.intel;

/**
 * Offsets of the registers that do something in the model (13.2, table 13-2); those that came with the 82574 follow (317694,
 * 10.2). All others only keep what is written.
 */
final class Register {
    static final int CTRL = 0x0000;
    static final int STATUS = 0x0008;
    static final int EECD = 0x0010;
    static final int EERD = 0x0014;
    static final int MDIC = 0x0020;
    static final int VET = 0x0038;
    static final int ICR = 0x00c0;
    static final int ICS = 0x00c8;
    static final int IMS = 0x00d0;
    static final int IMC = 0x00d8;
    static final int RCTL = 0x0100;
    static final int TCTL = 0x0400;
    static final int PBA = 0x1000;
    static final int RDBAL = 0x2800;
    static final int TDBAL = 0x3800;
    static final int STATISTICS = 0x4000;
    static final int STATISTICS_END = 0x4100;
    static final int RXCSUM = 0x5000;
    static final int MTA = 0x5200;
    static final int MTA_END = 0x5400;
    static final int RAL0 = 0x5400;
    static final int RAH0 = 0x5404;
    static final int RECEIVE_ADDRESSES = 16;
    static final int RA_END = 0x5480;
    static final int VFTA = 0x5600;
    static final int VFTA_END = 0x5800;

    // Of a ring, from its base on
    static final int LENGTH = 0x08;
    static final int HEAD = 0x10;
    static final int TAIL = 0x18;

    // Since the 82574
    static final int CTRL_EXT = 0x0018;
    static final int EIAC = 0x00dc;
    static final int IAM = 0x00e0;
    static final int IVAR = 0x00e4;
    /** Five, 4 bytes apart. */
    static final int EITR = 0x00e8;
    static final int EXTCNF_CTRL = 0x0f00;
    static final int PSRCTL = 0x2170;
    /** Of queue 0; from a transmit ring's base. */
    static final int TARC = 0x40;
    static final int RFCTL = 0x5008;
    static final int MRQC = 0x5818;
    static final int SWSM = 0x5b50;
    /** 128 bytes. */
    static final int RETA = 0x5c00;
    /** 40 bytes. */
    static final int RSSRK = 0x5c80;
    static final int RSSRK_END = 0x5ca8;

    // Since the 82576 (its datasheet, chapter 8)
    static final int EEMNGCTL = 0x1010;
    /** ICR to IMC are here; where the cards before it have them they are too. */
    static final int LATE_ICR = 0x1500;
    static final int LATE_IMC = 0x150c;
    static final int GPIE = 0x1514;
    static final int EICS = 0x1520;
    static final int EIMS = 0x1524;
    static final int EIMC = 0x1528;
    static final int VECTOR_EIAC = 0x152c;
    static final int EIAM = 0x1530;
    static final int EICR = 0x1580;
    /** A register for each vector. */
    static final int VECTOR_EITR = 0x1680;
    static final int QUEUE_IVAR = 0x1700;
    static final int IVAR_MISC = 0x1740;
    static final int RLPML = 0x5004;
    /** A register for each queue. */
    static final int PSRTYPE = 0x5480;
    static final int RECEIVE_BLOCKS = 0xc000;
    static final int TRANSMIT_BLOCKS = 0xe000;
    static final int BLOCK = 0x40;
    /** The blocks have room for so many queues, the card has them all or fewer. */
    static final int BLOCKS_END = 16 * BLOCK;

    // Of a queue, from its ring's base on
    static final int SRRCTL = 0x0c;
    static final int QUEUE_CONTROL = 0x28;
    static final int DROPPED = 0x30;

    private Register() {
    }
}
