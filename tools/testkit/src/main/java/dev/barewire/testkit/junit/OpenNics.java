package dev.barewire.testkit.junit;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.SetupException;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.Devices;
import dev.barewire.testkit.model.ModelDevice;
import dev.barewire.testkit.rules.StrictRules;
import dev.barewire.testkit.wire.Wire;
import dev.barewire.testkit.wire.Wired;
import dev.barewire.testkit.wrap.WrappedDevice;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The cards of one test. */
final class OpenNics {
    private static final Duration LINK_LIMIT = Duration.ofSeconds(10);
    private static final String MODEL = "model:";
    private static final AtomicLong CABLES = new AtomicLong();

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private DeviceAccess last;

    Nic open(final String name, final NicConfig config) {
        final Nic nic = openUnlinked(name, config);
        awaitLink(nic);
        return nic;
    }

    /** Two cards with a cable between them. */
    Nic[] openPair(final String left, final String right, final NicConfig config) {
        final boolean models = innermost(left).startsWith(MODEL) && innermost(right).startsWith(MODEL);
        final String cable = "wire=cable:test-" + CABLES.incrementAndGet();
        final Nic[] nics = new Nic[2];
        nics[0] = openUnlinked(models ? withOption(left, cable) : left, config);
        final DeviceAccess first = last;
        nics[1] = openUnlinked(models ? withOption(right, cable) : right, config);
        if (!models && first instanceof Wired one && last instanceof Wired other) {
            opened.push(new Patch(one.wire(), other.wire()));
        }
        awaitLink(nics[0]);
        awaitLink(nics[1]);
        return nics;
    }

    private Nic openUnlinked(final String name, final NicConfig config) {
        last = Devices.open(name);
        final DeviceAccess access = last;
        final Nic nic = Nic.open(access, config);
        opened.push(new Judged(nic, access));
        return nic;
    }

    private static void awaitLink(final Nic nic) {
        if (!nic.awaitLink(LINK_LIMIT)) {
            throw new SetupException("the link of " + nic.name() + " did not come up within " + LINK_LIMIT.toSeconds()
                + " s", "plug in its cable; two cards of a pair must be at the ends of one");
        }
    }

    /** The name of the device inside all wrappings, whose options end at the first colon. */
    private static String innermost(final String name) {
        String inner = name;
        while (inner.startsWith("pcap:") || inner.startsWith("fault:")) {
            inner = inner.substring(inner.indexOf(':', inner.indexOf(':') + 1) + 1);
        }
        return inner;
    }

    private static String withOption(final String name, final String option) {
        return name + (innermost(name).contains("?") ? '&' : '?') + option;
    }

    /** The far end of the cable of the card that was opened last. */
    Wire wire() {
        if (last instanceof Wired wired) {
            return wired.wire();
        }
        throw new SetupException("the far end of the cable of " + last.name() + " is not in this process",
            "run the test on a model: or qemu: card");
    }

    /** Closes all, the last first, and gives what is to be said of it. */
    List<AssertionError> close() {
        final List<AssertionError> problems = new ArrayList<>();
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (final Exception | AssertionError problem) {
                problems.add(problem instanceof AssertionError said ? said
                    : new AssertionError(problem.getMessage(), problem));
            }
        }
        return problems;
    }

    /** A card that is judged when it is closed. */
    private record Judged(Nic nic, DeviceAccess access) implements AutoCloseable {
        @Override
        public void close() {
            try {
                nic.close();
            } catch (final IllegalStateException leak) {
                throw new AssertionError("the test left buffers of " + nic.name() + " behind: " + leak.getMessage(), leak);
            }
            if (WrappedDevice.innermost(access) instanceof ModelDevice model && model.observer() instanceof StrictRules) {
                StrictRules.of(model).assertMandatoryKept();
            }
        }
    }
}
