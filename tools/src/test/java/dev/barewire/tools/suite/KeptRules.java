package dev.barewire.tools.suite;

import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.testkit.model.ModelDevice;
import dev.barewire.testkit.rules.Breaches;
import dev.barewire.testkit.rules.StrictRules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test in which the driver of a model breaks a rule of its card. Of other cards nobody knows. */
final class KeptRules implements AfterEachCallback, AfterAllCallback {
    private static final List<Breaches> WATCHED = new ArrayList<>();

    /** Has the driver of a device watched from now on, where that can be. */
    static void watch(DeviceAccess device) {
        if (device instanceof ModelDevice model) {
            WATCHED.add(StrictRules.of(model));
        }
    }

    @Override
    public void afterEach(ExtensionContext test) {
        judge();
    }

    @Override
    public void afterAll(ExtensionContext suite) {
        judge();
        WATCHED.clear();
    }

    private static void judge() {
        Breaches first = WATCHED.stream().filter(breaches -> !breaches.counts().isEmpty()).findFirst().orElse(null);
        if (first != null) {
            AssertionError failure = new AssertionError("the driver broke rules of its card:\n" + first.report());
            WATCHED.forEach(Breaches::clear);
            throw failure;
        }
    }
}
