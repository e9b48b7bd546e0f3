package dev.barewire.testkit.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The rules that a driver was seen to break: how often each, and the first times in words. For any number of threads. */
public final class Breaches {
    private static final int DETAILS = 4;

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Makes an empty record. */
    public Breaches() {
    }

    private static final class Entry {
        final Rule rule;
        final List<String> details = new ArrayList<>();
        long count;

        Entry(final Rule rule) {
            this.rule = rule;
        }
    }

    /**
     * Records a breach.
     *
     * @param rule   which rule
     * @param detail what was seen; asked for the first few times only
     */
    public synchronized void add(final Rule rule, final Supplier<String> detail) {
        final Entry entry = entries.computeIfAbsent(rule.id(), id -> new Entry(rule));
        entry.count++;
        if (entry.details.size() < DETAILS) {
            entry.details.add(detail.get());
        }
    }

    /**
     * How often each rule was broken.
     *
     * @return id to count, in the order in which they were first broken
     */
    public synchronized Map<String, Long> counts() {
        final Map<String, Long> counts = new LinkedHashMap<>();
        entries.forEach((id, entry) -> counts.put(id, entry.count));
        return counts;
    }

    /**
     * Whether no rule was broken.
     *
     * @return true if nothing is recorded
     */
    public synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Forgets all. */
    public synchronized void clear() {
        entries.clear();
    }

    /**
     * Tells all.
     *
     * @return for each rule that was broken its id, text and source, how often, and the first times in words
     */
    public synchronized String report() {
        if (entries.isEmpty()) {
            return "no rule was broken";
        }
        final StringBuilder text = new StringBuilder();
        entries.forEach((id, entry) -> {
            text.append(id).append(" (").append(entry.rule.isMandatory() ? "must" : "should").append(", ")
                .append(entry.rule.source()).append("), ").append(entry.count).append(" times: ")
                .append(entry.rule.text()).append('\n');
            entry.details.forEach(detail -> text.append("    ").append(detail).append('\n'));
        });
        return text.toString();
    }

    /**
     * For a test's end.
     *
     * @throws AssertionError with {@link #report()} if a rule was broken
     */
    public void assertEmpty() {
        if (!isEmpty()) {
            throw new AssertionError("the driver broke rules of its card:\n" + report());
        }
    }

    /**
     * For the end of an application's test, which is not to blame for what the driver could do better.
     *
     * @throws AssertionError with {@link #report()} if a rule was broken that must be kept
     */
    public synchronized void assertMandatoryKept() {
        if (entries.values().stream().anyMatch(entry -> entry.rule.isMandatory())) {
            assertEmpty();
        }
    }

    @Override
    public String toString() {
        return counts().toString();
    }
}
