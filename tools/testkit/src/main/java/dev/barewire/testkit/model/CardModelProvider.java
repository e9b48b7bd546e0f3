package dev.barewire.testkit.model;

import dev.barewire.profiles.CardProfile;

/** A family of cards that has a model, found by {@link java.util.ServiceLoader}. */
public interface CardModelProvider {
    /**
     * Which family.
     *
     * @return as card profiles name it, such as {@code 8254x}
     */
    String family();

    /**
     * Its PCI identity.
     *
     * @param profile a card of the family
     * @return what its configuration space says of it
     */
    PciIdentity identity(CardProfile profile);

    /**
     * Makes a card, just powered on.
     *
     * @param profile a card of the family
     * @param slot    what it is plugged into
     * @return the card
     */
    CardModel create(CardProfile profile, CardSlot slot);
}
