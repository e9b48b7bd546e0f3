package dev.barewire.tools.suite;

import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.testkit.model.ModelDevice;
import dev.barewire.testkit.rules.Breaches;
import dev.barewire.testkit.rules.StrictRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test in which the driver of a model breaks a rule of its card. Of other cards nobody knows. */
final class KeptRules implements AfterEachCallback, AfterAllCallback {
    /** Not kept yet: the driver rings the receive doorbell for each descriptor of a long frame that it polls one by one. */
    private static final Set<String> NOT_YET = Set.of("E1K-RING-14");
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
        Breaches first = WATCHED.stream().filter(breaches -> !NOT_YET.containsAll(breaches.counts().keySet())).findFirst().orElse(null);
        if (first != null) {
            AssertionError failure = new AssertionError("the driver broke rules of its card:\n" + first.report());
            WATCHED.forEach(Breaches::clear);
            throw failure;
        }
    }
}
