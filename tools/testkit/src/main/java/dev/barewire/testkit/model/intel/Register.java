package dev.barewire.testkit.model.intel;

/** Offsets of the registers that do something in the model (13.2, table 13-2). All others only keep what is written. */
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
    static final int RDBAH = 0x2804;
    static final int RDLEN = 0x2808;
    static final int RDH = 0x2810;
    static final int RDT = 0x2818;
    static final int TDBAL = 0x3800;
    static final int TDBAH = 0x3804;
    static final int TDLEN = 0x3808;
    static final int TDH = 0x3810;
    static final int TDT = 0x3818;
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

    private Register() {
    }
}
