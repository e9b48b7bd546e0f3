package dev.barewire.tools.cli;

import dev.barewire.SetupException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was found out about one thing.
 *
 * @param subject what was looked at, such as {@code huge pages}
 * @param state   how it is
 * @param found   what was seen, and why it matters where it is not well
 * @param mend    the command, or the act, that mends it; empty where nothing needs to be
 */
record Finding(String subject, State state, String found, String mend) {
    /** How a thing is. */
    enum State {
        /** As it should be. */
        OK,
        /** Barewire works without it, worse; or it is better left as it is. */
        WARN,
        /** No card can be driven before it is mended. */
        MISSING,
        /** This machine does not tell. */
        UNKNOWN
    }

    static Finding ok(final String subject, final String found) {
        return new Finding(subject, State.OK, found, "");
    }

    static Finding warn(final String subject, final String found, final String mend) {
        return new Finding(subject, State.WARN, found, mend);
    }

    static Finding missing(final String subject, final String found, final String mend) {
        return new Finding(subject, State.MISSING, found, mend);
    }

    static Finding unknown(final String subject, final String found, final String mend) {
        return new Finding(subject, State.UNKNOWN, found, mend);
    }

    /** What an opening would say, or that it would say nothing. */
    static Finding of(final String subject, final Optional<SetupException> problem, final String otherwise) {
        return problem.map(found -> missing(subject, found.problem(), found.mend()))
            .orElseGet(() -> ok(subject, otherwise));
    }

    boolean is(final State other) {
        return state == other;
    }

    Map<String, Object> json() {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("subject", subject);
        json.put("state", state);
        json.put("found", found);
        json.put("mend", mend);
        return json;
    }

    @Override
    public String toString() {
        return "%-8s %-20s %s".formatted(state, subject, found) + (mend.isEmpty() ? "" : "\n%30s%s".formatted("mend: ", mend));
    }
}
