package dev.barewire.tools.guest;

import java.util.Objects;

/**
 * One network card in the guest, on the root bus.
 *
 * @param model QEMU's name of the card, with further properties if any: {@code e1000}, {@code igb,x-pcie-flr-init=off}
 * @param slot the card's slot on PCI bus 0, 3 to 30
 * @param mac the card's address, {@code 52:54:00:12:34:56}
 * @param netdev what the card is plugged into, in QEMU's words without an id: {@code user,hostfwd=...}. The netdev's id
 *     is {@code card<slot>}, for QEMU arguments that name it
 * @param driver the kernel driver the function is bound to: {@code vfio-pci}, {@code uio_pci_generic}, {@code e1000};
 *     empty for none
 */
public record Card(String model, int slot, String mac, String netdev, String driver) {
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

    /** {@return the card's PCI address in the guest, {@code 0000:00:05.0}} */
    public String function() {
        return "0000:00:%02x.0".formatted(slot);
    }

    /** {@return the id of the card's netdev on QEMU's command line} */
    public String netdevId() {
        return "card" + slot;
    }
}
