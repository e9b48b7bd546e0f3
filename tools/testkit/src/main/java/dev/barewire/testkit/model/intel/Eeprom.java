package dev.barewire.testkit.model.intel;

import dev.barewire.MacAddress;

/** The EEPROM's words (5.6): address, ids, and a last one that makes their sum {@value #SUM}. */
final class Eeprom {
    static final int WORDS = 64;

    private static final int SUM = 0xbaba;
    private static final int SUBSYSTEM = 0x0b;
    private static final int SUBSYSTEM_VENDOR = 0x0c;
    private static final int DEVICE = 0x0d;
    private static final int VENDOR = 0x0e;
    private static final int CHECKSUM = 0x3f;

    private final int[] words = new int[WORDS];

    Eeprom(final MacAddress mac, final int vendor, final int device, final int subsystemVendor, final int subsystem) {
        for (int i = 0; i < 3; i++) {
            words[i] = mac.octet(2 * i) | mac.octet(2 * i + 1) << 8;
        }
        words[SUBSYSTEM] = subsystem;
        words[SUBSYSTEM_VENDOR] = subsystemVendor;
        words[DEVICE] = device;
        words[VENDOR] = vendor;
        int sum = 0;
        for (int i = 0; i < CHECKSUM; i++) {
            sum += words[i];
        }
        words[CHECKSUM] = SUM - sum & 0xffff;
    }

    int word(final int address) {
        return address < WORDS ? words[address] : 0xffff;
    }

    /** What the card loads into RAL0 and RAH0. */
    int addressLow() {
        return words[0] | words[1] << 16;
    }

    int addressHigh() {
        return words[2] | Bits.RAH_AV;
    }
}
