package dev.barewire.testkit.rules;

import dev.barewire.profiles.CardProfile;
import dev.barewire.testkit.model.CardMemory;
import dev.barewire.testkit.model.CardObserver;
import dev.barewire.testkit.model.ObserverProvider;
import java.util.function.Function;
import org.agrona.DirectBuffer;

/** Watches drivers of models of the 8254x family and its successors. */
public final class IntelRulesProvider implements ObserverProvider {
    /** Made by the service loader. */
    public IntelRulesProvider() {
    }

    @Override
    public CardObserver observe(final CardProfile profile, final Function<String, CardMemory> memories) {
        final DmaReader driver = reader(memories.apply("watch-driver"));
        final DmaReader engine = reader(memories.apply("watch-card"));
        return switch (profile.family()) {
            case "8254x" -> StrictRules.intel8254x(new Breaches(), driver, engine);
            case "82574" -> StrictRules.intel82574(new Breaches(), driver, engine);
            case "82576" -> StrictRules.intel82576(new Breaches(), driver, engine);
            default -> null;
        };
    }

    private static DmaReader reader(final CardMemory memory) {
        return new DmaReader() {
            @Override
            public long getLong(final long iova) {
                return memory.getLong(iova);
            }

            @Override
            public DirectBuffer view(final long iova, final int length) {
                return memory.view(iova, length);
            }

            @Override
            public boolean isWritable(final long iova, final int length) {
                return memory.isWritable(iova, length);
            }
        };
    }
}
