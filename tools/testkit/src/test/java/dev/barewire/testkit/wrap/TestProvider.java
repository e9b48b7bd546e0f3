package dev.barewire.testkit.wrap;

import dev.barewire.driver.access.AccessProvider;
import dev.barewire.driver.access.DeviceAccess;

/** {@code test:<anything>}: a {@link FakeCard}. */
public final class TestProvider implements AccessProvider {
    /** The device that was opened last. */
    static FakeCard last;

    /** For ServiceLoader. */
    public TestProvider() {
    }

    @Override
    public String scheme() {
        return "test";
    }

    @Override
    public DeviceAccess open(final String address) {
        last = new FakeCard();
        return last;
    }
}
