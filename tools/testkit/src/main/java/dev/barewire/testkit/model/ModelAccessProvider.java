package dev.barewire.testkit.model;

import dev.barewire.driver.access.AccessProvider;
import dev.barewire.driver.access.DeviceAccess;

/** Opens {@code model:<card>}: see {@link ModelDevice#open} for what may stand behind it. */
public final class ModelAccessProvider implements AccessProvider {
    static final String SCHEME = "model";

    /** Made by the service loader. */
    public ModelAccessProvider() {
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public DeviceAccess open(final String address) {
        return ModelDevice.open(address);
    }
}
