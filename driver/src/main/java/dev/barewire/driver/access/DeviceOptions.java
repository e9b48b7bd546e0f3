package dev.barewire.driver.access;

import dev.barewire.SetupException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What stands behind the scheme of a device's name: a target, and options as in a URI's query, such as
 * {@code 82540EM?mac=52:54:00:00:00:01&rules=off}.
 *
 * @param target  what comes before the question mark
 * @param options name to value, in order
 */
public record DeviceOptions(String target, Map<String, String> options) {
    /** The option that {@link #interrupts()} reads. */
    public static final String INTERRUPTS = "interrupts";

    /**
     * Takes an address apart.
     *
     * @param scheme  for messages
     * @param address what stands behind the scheme and its colon
     * @param known   the names of the options that there are
     * @return its parts
     * @throws SetupException if an option is not known, has no value or is given twice
     */
    public static DeviceOptions parse(final String scheme, final String address, final Set<String> known) {
        final int mark = address.indexOf('?');
        return mark < 0 ? new DeviceOptions(address, Map.of())
            : new DeviceOptions(address.substring(0, mark), query(scheme, address, address.substring(mark + 1), known));
    }

    /**
     * Takes options apart, wherever in the address they stand.
     *
     * @param scheme  for messages
     * @param address what stands behind the scheme and its colon, for messages
     * @param query   {@code name=value}, joined by '&amp;'
     * @param known   the names of the options that there are
     * @return name to value, in order
     * @throws SetupException if an option is not known, has no value or is given twice
     */
    public static Map<String, String> query(
        final String scheme, final String address, final String query, final Set<String> known) {
        final Map<String, String> options = new LinkedHashMap<>();
        for (final String option : query.split("&")) {
            final int equals = option.indexOf('=');
            final String name = option.substring(0, Math.max(0, equals));
            if (!known.contains(name) || options.put(name, option.substring(equals + 1)) != null) {
                throw new SetupException("'" + option + "' in '" + scheme + ":" + address
                    + "' is no option of " + scheme + ":, or is given twice",
                    "give each at most once, as name=value, joined by '&': " + String.join(", ", known.stream().sorted().toList()));
            }
        }
        return options;
    }

    /**
     * An option's value.
     *
     * @param name which
     * @param otherwise what it is when it was not given
     * @return the value
     */
    public String get(final String name, final String otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    /**
     * How interrupts are to be signalled, from {@code interrupts=msix}, {@code msi}, {@code intx} or {@code none}.
     *
     * @return the kind; null for the best that there is
     * @throws SetupException if it is no kind
     */
    public InterruptSource.Kind interrupts() {
        final String option = get(INTERRUPTS, "");
        return option.isEmpty() ? null : Stream.of(InterruptSource.Kind.values())
            .filter(known -> known.name().equalsIgnoreCase(option)).findFirst()
            .orElseThrow(() -> new SetupException("'" + INTERRUPTS + "=" + option + "' names no kind of interrupt",
                "write " + INTERRUPTS + "=msix, msi, intx or none"));
    }
}
