package dev.barewire.testkit.model;

import dev.barewire.profiles.CardProfile;
import java.util.function.Function;

/** Who watches drivers of a family of cards, found by {@link java.util.ServiceLoader}: what {@code rules=strict} asks for. */
public interface ObserverProvider {
    /**
     * Starts to watch a card.
     *
     * @param profile  the card
     * @param memories gives ways into the memory that the card reaches, by what they are for; each is used by one thread
     *                 at a time, and {@link CardMemory#view} only on the card's
     * @return who hears of it from its power-on, or null if this provider does not know its family
     */
    CardObserver observe(CardProfile profile, Function<String, CardMemory> memories);
}
