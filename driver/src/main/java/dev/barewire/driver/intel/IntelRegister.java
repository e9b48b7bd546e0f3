package dev.barewire.driver.intel;

import static dev.barewire.driver.intel.IntelRegister.Mode.RC;
import static dev.barewire.driver.intel.IntelRegister.Mode.RO;
import static dev.barewire.driver.intel.IntelRegister.Mode.RW;
import static dev.barewire.driver.intel.IntelRegister.Mode.WO;
import static dev.barewire.driver.intel.IntelRegister.Since.PCIE;
import static dev.barewire.driver.intel.IntelRegister.Since.THE_82574;
import static dev.barewire.driver.intel.IntelRegister.Since.THE_82576;

import dev.barewire.driver.access.Registers;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The registers that the driver uses: those of the 8254x, which its successors have as well (manual, chapter 13), and
 * those that came with the 82574 (datasheet 317694, chapter 10.2) and with the 82576 (its datasheet, chapter 8). The 82576 has
 * a block of registers for each queue, which lie in it as those of the 8254x's only queue do. A table, so that a dump of a card is free.
 */
public enum IntelRegister {
    /** Device control (13.4.1). */
    CTRL(0x0000, RW),
    /** Device status (13.4.2). */
    STATUS(0x0008, RO),
    /** EEPROM control and data (13.4.3). */
    EECD(0x0010, RW),
    /** EEPROM read (13.4.4). */
    EERD(0x0014, RW),
    /** Extended device control. */
    CTRL_EXT(0x0018, RW, PCIE),
    /** The PHY's registers. */
    MDIC(0x0020, RW, THE_82576),
    /** Flow control address low (13.4.7). */
    FCAL(0x0028, RW),
    /** Flow control address high (13.4.8). */
    FCAH(0x002c, RW),
    /** Flow control type (13.4.9). */
    FCT(0x0030, RW),
    /** VLAN Ether type (13.4.10). */
    VET(0x0038, RW),
    /** Flow control transmit timer value (13.4.11). */
    FCTTV(0x0170, RW),
    /** Interrupt cause read; reading clears (13.4.17). */
    ICR(0x00c0, RC),
    /** Interrupt throttling (13.4.18). */
    ITR(0x00c4, RW),
    /** Interrupt cause set (13.4.19). */
    ICS(0x00c8, WO),
    /** Interrupt mask set and read (13.4.20). */
    IMS(0x00d0, RW),
    /** Interrupt mask clear (13.4.21). */
    IMC(0x00d8, WO),
    /** Interrupts: which causes clear themselves when they are signalled. */
    EIAC(0x00dc, RW, THE_82574),
    /** Interrupts: which cause goes to which vector. */
    IVAR(0x00e4, RW, THE_82574),
    /** Throttling of vector 0; five registers, 4 bytes apart. */
    EITR0(0x00e8, RW, THE_82574),
    /** Receive control (13.4.22). */
    RCTL(0x0100, RW),
    /** Transmit control (13.4.33). */
    TCTL(0x0400, RW),
    /** Transmit inter-packet gap (13.4.34). */
    TIPG(0x0410, RW),
    /** Extended configuration control: who owns the PHY. */
    EXTCNF_CTRL(0x0f00, RW, THE_82574),
    /** Management of the EEPROM: the ports are set up. */
    EEMNGCTL(0x1010, RO, THE_82576),
    /** Interrupts of vectors: how they are signalled and masked. */
    GPIE(0x1514, RW, THE_82576),
    /** Interrupts of vectors: mask set and read. */
    EIMS(0x1524, RW, THE_82576),
    /** Interrupts of vectors: mask clear. */
    EIMC(0x1528, WO, THE_82576),
    /** Interrupts of vectors: which are forgotten when they are signalled; the 82574 has it elsewhere. */
    VECTOR_EIAC(0x152c, RW, THE_82576),
    /** Interrupts of vectors: which are masked when they are signalled. */
    EIAM(0x1530, RW, THE_82576),
    /** Interrupts of vectors: causes, cleared by ones. */
    EICR(0x1580, RC, THE_82576),
    /** Throttling of vector 0; 25 registers, 4 bytes apart. */
    VECTOR_EITR(0x1680, RW, THE_82576),
    /** Which queue goes to which vector; 8 registers. */
    QUEUE_IVAR(0x1700, RW, THE_82576),
    /** Which vector all that is no queue's goes to. */
    IVAR_MISC(0x1740, RW, THE_82576),
    /** Packet-split receive control: buffer sizes. */
    PSRCTL(0x2170, RW, THE_82574),
    /** Receive descriptor base, low (13.4.25). */
    RDBAL(0x2800, RW),
    /** Receive descriptor base, high (13.4.26). */
    RDBAH(0x2804, RW),
    /** Receive ring length in bytes (13.4.27). */
    RDLEN(0x2808, RW),
    /** Split receive control of a queue: descriptor format and buffer sizes. */
    SRRCTL(0x280c, RW, THE_82576),
    /** Receive head (13.4.28). */
    RDH(0x2810, RW),
    /** Receive tail (13.4.29). */
    RDT(0x2818, RW),
    /** Receive interrupt delay (13.4.30). */
    RDTR(0x2820, RW),
    /** Receive descriptor control of a queue: whether it works, and thresholds. */
    RXDCTL(0x2828, RW, THE_82576),
    /** Receive absolute delay (13.4.31). */
    RADV(0x282c, RW),
    /** Transmit descriptor base, low (13.4.36). */
    TDBAL(0x3800, RW),
    /** Transmit descriptor base, high (13.4.37). */
    TDBAH(0x3804, RW),
    /** Transmit ring length in bytes (13.4.38). */
    TDLEN(0x3808, RW),
    /** Transmit head (13.4.39). */
    TDH(0x3810, RW),
    /** Transmit tail (13.4.40). */
    TDT(0x3818, RW),
    /** Transmit interrupt delay (13.4.41). */
    TIDV(0x3820, RW),
    /** Transmit descriptor control (13.4.42). */
    TXDCTL(0x3828, RW),
    /** Transmit arbitration. */
    TARC0(0x3840, RW, THE_82574),
    /** Receive checksum control (13.4.24). */
    RXCSUM(0x5000, RW),
    /** The longest frame that is taken in, FCS included. */
    RLPML(0x5004, RW, THE_82576),
    /** Receive filter control: descriptor format. */
    RFCTL(0x5008, RW, PCIE),
    /** First word of the multicast table, 128 words (13.5.1). */
    MTA(0x5200, RW),
    /** Receive address 0, low; 16 pairs, 8 bytes apart (13.5.2). */
    RAL0(0x5400, RW),
    /** Receive address 0, high (13.5.3). */
    RAH0(0x5404, RW),
    /** Which kinds of frames a queue splits; a register for each queue, 4 bytes apart. */
    PSRTYPE(0x5480, RW, THE_82576),
    /** First word of the VLAN filter table, 128 words (13.5.4). */
    VFTA(0x5600, RW),
    /** Multiple receive queues: what is hashed. */
    MRQC(0x5818, RW, PCIE),
    /** What is done to frames of a pool of queues; a register for each, 4 bytes apart. */
    VMOLR(0x5ad0, RW, THE_82576),
    /** Software semaphore; reading takes it. */
    SWSM(0x5b50, RC, PCIE),
    /** Who owns what ports and firmware share. */
    SW_FW_SYNC(0x5b5c, RW, THE_82576),
    /** First word of the redirection table from hash to queue, 32 words. */
    RETA(0x5c00, RW, PCIE),
    /** First word of the hash's key, 10 words. */
    RSSRK(0x5c80, RW, PCIE);

    /** How many words the multicast table has. */
    public static final int MTA_WORDS = 128;
    /** How many words the VLAN filter table has. */
    public static final int VFTA_WORDS = 128;
    /** How many bytes the redirection table has. */
    public static final int RETA_BYTES = 128;
    /** How many exact receive addresses there are. */
    public static final int RECEIVE_ADDRESSES = 16;

    /** Those of which each receive queue has one. */
    private static final Set<IntelRegister> OF_RX_QUEUE = EnumSet.of(RDBAL, RDBAH, RDLEN, RDH, RDT);
    /** Those of which each transmit queue has one. */
    private static final Set<IntelRegister> OF_TX_QUEUE = EnumSet.of(TDBAL, TDBAH, TDLEN, TDH, TDT, TXDCTL, TARC0);

    private final int offset;
    private final Mode mode;
    private final Since since;

    IntelRegister(final int offset, final Mode mode) {
        this(offset, mode, Since.THE_8254X);
    }

    IntelRegister(final int offset, final Mode mode, final Since since) {
        this.offset = offset;
        this.mode = mode;
        this.since = since;
    }

    /** With which cards a register came. */
    public enum Since {
        /** All have it. */
        THE_8254X,
        /** All but the 8254x have it. */
        PCIE,
        /** The 82574 has it. */
        THE_82574,
        /** The 82576 has it. */
        THE_82576;

        private boolean isOn(final Since card) {
            return this == THE_8254X || this == card || this == PCIE && card != THE_8254X;
        }
    }

    /** What reading and writing a register does. */
    public enum Mode {
        /** Read and write. */
        RW,
        /** Read only. */
        RO,
        /** Write only. */
        WO,
        /** Reading changes it, so a dump leaves it alone. */
        RC
    }

    /**
     * Where it is.
     *
     * @return bytes from the start of BAR 0
     */
    public int offset() {
        return offset;
    }

    /**
     * What reading and writing it does.
     *
     * @return its mode
     */
    public Mode mode() {
        return mode;
    }

    /**
     * Reads every register that can be read without changing anything.
     *
     * @param registers BAR 0
     * @param card      which card it is
     * @param rxAt      how far the registers of each receive queue in use lie from those here
     * @param txAt      the same of each transmit queue
     * @return name to value, in order of their offsets; those of queues above 0, such as {@code RDT[1]}, at the end
     */
    public static Map<String, Integer> dump(final Registers registers, final Since card,
        final int[] rxAt, final int[] txAt) {
        final Map<String, Integer> values = new LinkedHashMap<>();
        for (final IntelRegister register : values()) {
            if ((register.mode == RW || register.mode == RO) && register.since.isOn(card)) {
                values.put(register.name(), registers.read(register.offset));
            }
        }
        for (int queue = 1; queue < rxAt.length; queue++) {
            dump(registers, OF_RX_QUEUE, queue, rxAt[queue], values);
            dump(registers, OF_TX_QUEUE, queue, txAt[queue], values);
        }
        return values;
    }

    private static void dump(final Registers registers, final Set<IntelRegister> those, final int queue, final int distance,
        final Map<String, Integer> values) {
        those.forEach(register -> values.put(
            register.name() + "[" + queue + "]", registers.read(register.offset + distance)));
    }
}
