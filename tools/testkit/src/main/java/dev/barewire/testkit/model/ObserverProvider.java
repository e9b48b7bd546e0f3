package dev.barewire.testkit.model;

import dev.barewire.profiles.CardProfile;

/** Who watches drivers of a family of cards, found by {@link java.util.ServiceLoader}: what {@code rules=strict} asks for. */
public interface ObserverProvider {
    /**
     * Starts to watch a card.
     *
     * @param profile the card
     * @return who hears of it from its power-on, or null if this provider does not know its family
     */
    CardObserver observe(CardProfile profile);
}
