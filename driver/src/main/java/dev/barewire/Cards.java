package dev.barewire;

import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.card.Card;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.driver.intel.Intel82574;
import dev.barewire.driver.intel.Intel8254x;
import dev.barewire.profiles.CardProfile;

/** Makes the driver of a card's family. */
final class Cards {
    private Cards() {
    }

    /**
     * Resets a card and sets it up.
     *
     * @param profile  what it is
     * @param access   the way to it
     * @param settings how to set it up
     * @return the card, which moves nothing before {@link Card#start()}
     */
    static Card create(final CardProfile profile, final DeviceAccess access, final CardSettings settings) {
        return switch (profile.family()) {
            case "8254x" -> new Intel8254x(access.bar(0), access.domain(), settings);
            case "82574" -> new Intel82574(access.bar(0), access.domain(), settings);
            default -> throw new SetupException("profile " + profile.name() + " names family '" + profile.family()
                + "', for which there is no driver", "use one of the families: 8254x, 82574");
        };
    }
}
