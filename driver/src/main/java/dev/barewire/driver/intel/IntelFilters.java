package dev.barewire.driver.intel;

import static dev.barewire.driver.intel.IntelBits.RAH_AV;
import static dev.barewire.driver.intel.IntelBits.RCTL_MPE;
import static dev.barewire.driver.intel.IntelBits.RCTL_UPE;
import static dev.barewire.driver.intel.IntelBits.RCTL_VFE;
import static dev.barewire.driver.intel.IntelRegister.MTA_WORDS;
import static dev.barewire.driver.intel.IntelRegister.RECEIVE_ADDRESSES;
import static dev.barewire.driver.intel.IntelRegister.VFTA_WORDS;

import dev.barewire.MacAddress;
import dev.barewire.driver.access.Registers;
import java.util.Collection;

/** Which frames the card takes in: receive addresses, multicast table, VLAN table, promiscuous modes (13.5). */
final class IntelFilters {
    private final Registers registers;
    private boolean promiscuous;
    private boolean allMulticast;
    private boolean byVlan;

    IntelFilters(final Registers registers) {
        this.registers = registers;
    }

    /** Forgets everything but one address of the card's own. */
    void reset(final MacAddress own) {
        for (int i = 0; i < MTA_WORDS; i++) {
            registers.write(IntelRegister.MTA.offset() + 4 * i, 0);
        }
        for (int i = 0; i < VFTA_WORDS; i++) {
            registers.write(IntelRegister.VFTA.offset() + 4 * i, 0);
        }
        setAddress(0, own);
        for (int i = 1; i < RECEIVE_ADDRESSES; i++) {
            clearAddress(i);
        }
    }

    private void setAddress(final int index, final MacAddress mac) {
        clearAddress(index);
        final int low = mac.octet(0) | mac.octet(1) << 8 | mac.octet(2) << 16 | mac.octet(3) << 24;
        final int high = mac.octet(4) | mac.octet(5) << 8;
        registers.write(IntelRegister.RAL0.offset() + 8 * index, low);
        registers.write(IntelRegister.RAH0.offset() + 8 * index, high | RAH_AV);
    }

    /** The valid bit goes first, so that a half-written address never takes part. */
    private void clearAddress(final int index) {
        registers.write(IntelRegister.RAH0.offset() + 8 * index, 0);
        registers.write(IntelRegister.RAL0.offset() + 8 * index, 0);
    }

    void promiscuous(final boolean on) {
        promiscuous = on;
        writeModes();
    }

    void allMulticast(final boolean on) {
        allMulticast = on;
        writeModes();
    }

    /** Takes in the groups given and, the table being a hash, others that fall on the same bits. */
    void multicast(final Collection<MacAddress> groups) {
        final int[] table = new int[MTA_WORDS];
        for (final MacAddress group : groups) {
            final int hash = multicastHash(group);
            table[hash >>> 5] |= 1 << (hash & 31);
        }
        for (int i = 0; i < MTA_WORDS; i++) {
            registers.write(IntelRegister.MTA.offset() + 4 * i, table[i]);
        }
    }

    /** Bits 47 to 36 of the address as the card counts them: the last byte and half of the one before (RCTL.MO = 0). */
    static int multicastHash(final MacAddress group) {
        return (group.octet(4) >>> 4 | group.octet(5) << 4) & 0xfff;
    }

    /** Takes in only the VLANs given, or all where null is given. */
    void vlans(final Collection<Integer> ids) {
        if (ids != null) {
            final int[] table = new int[VFTA_WORDS];
            ids.forEach(id -> table[id >>> 5] |= 1 << (id & 31));
            for (int i = 0; i < VFTA_WORDS; i++) {
                registers.write(IntelRegister.VFTA.offset() + 4 * i, table[i]);
            }
        }
        byVlan = ids != null;
        writeModes();
    }

    /** Each mode stands for itself: one that goes takes no bit of another along, and promiscuous takes all VLANs in. */
    private void writeModes() {
        final int others = registers.read(IntelRegister.RCTL.offset()) & ~(RCTL_UPE | RCTL_MPE | RCTL_VFE);
        registers.write(IntelRegister.RCTL.offset(), others | (promiscuous ? RCTL_UPE : 0)
            | (promiscuous || allMulticast ? RCTL_MPE : 0) | (byVlan && !promiscuous ? RCTL_VFE : 0));
    }
}
