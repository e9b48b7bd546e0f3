package dev.barewire.tools.guest;

import java.util.Objects;

/**
 * One network card in the guest, on the root bus or behind a PCI Express root port, from which it can be unplugged.
 *
 * @param model QEMU's name of the card, with further properties if any: {@code e1000}, {@code igb,x-pcie-flr-init=off}
 * @param slot the slot on PCI bus 0, 3 to 30, of the card or of the root port that it is behind
 * @param mac the card's address, {@code 52:54:00:12:34:56}
 * @param netdev what the card is plugged into, in QEMU's words without an id: {@code user,hostfwd=...}. The netdev's id
 *     is {@code card<slot>}, for QEMU arguments that name it
 * @param driver the kernel driver the function is bound to: {@code vfio-pci}, {@code uio_pci_generic}, {@code e1000};
 *     empty for none
 * @param bus the bus behind the root port; 0 for a card on the root bus. The guest's firmware numbers buses in the order of
 *     the slots, from 1
 */
public record Card(String model, int slot, String mac, String netdev, String driver, int bus) {
    /** Checks the parts. */
    public Card {
        Objects.requireNonNull(model);
        Objects.requireNonNull(mac);
        Objects.requireNonNull(netdev);
        Objects.requireNonNull(driver);
        if (slot < 3 || slot > 30) {
            throw new IllegalArgumentException("slot " + slot + " of card " + model + " is not within 3 to 30");
        }
    }

    /**
     * A card on the root bus.
     *
     * @param model QEMU's name of the card
     * @param slot the card's slot
     * @param mac the card's address
     * @param netdev what the card is plugged into
     * @param driver the kernel driver
     */
    public Card(String model, int slot, String mac, String netdev, String driver) {
        this(model, slot, mac, netdev, driver, 0);
    }

    /**
     * The same card behind a root port.
     *
     * @param number of the bus behind it: 1 for the root port in the lowest slot, 2 for the next
     * @return the card
     */
    public Card behindRootPort(int number) {
        return new Card(model, slot, mac, netdev, driver, number);
    }

    /** {@return the card's PCI address in the guest, {@code 0000:00:05.0}} */
    public String function() {
        return "0000:%02x:%02x.0".formatted(bus, bus == 0 ? slot : 0);
    }

    /** {@return the name of the card on QEMU's command line and in its monitor} */
    public String deviceId() {
        return "nic" + slot;
    }

    /** {@return the name on QEMU's command line of the root port that the card is behind} */
    String portId() {
        return "port" + slot;
    }

    /** {@return the id of the card's netdev on QEMU's command line} */
    public String netdevId() {
        return "card" + slot;
    }
}
