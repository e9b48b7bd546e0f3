package dev.barewire.testkit.wrap;

import dev.barewire.SetupException;
import dev.barewire.driver.access.DeviceOptions;
import java.util.Map;
import java.util.Set;

/**
 * What stands behind the scheme of a wrapping device's name: options, a colon, and the whole name of the device inside
 * with options of its own, such as {@code loss=0.01&seed=7:model:82540EM?rules=off}. In a value a colon, an ampersand and
 * a percent sign are written {@code %3A}, {@code %26} and {@code %25}.
 *
 * @param scheme  of the wrapping device
 * @param options name to value
 * @param device  the name of the device inside
 */
record WrapName(String scheme, Map<String, String> options, String device) {
    static WrapName parse(final String scheme, final String address, final Set<String> known) {
        final int colon = address.indexOf(':');
        if (colon <= 0 || colon == address.length() - 1) {
            throw new SetupException("'" + scheme + ":" + address + "' does not say how to wrap which device",
                "write " + scheme + ":NAME=VALUE&NAME=VALUE:DEVICE, such as " + scheme
                    + (scheme.equals("pcap") ? ":out=traffic.pcapng" : ":loss=0.01&seed=7") + ":model:82540EM");
        }
        return new WrapName(scheme,
            DeviceOptions.query(scheme, address, address.substring(0, colon), known), address.substring(colon + 1));
    }

    /** Writes a value as it stands in a name. */
    static String escape(final String value) {
        return value.replace("%", "%25").replace(":", "%3A").replace("&", "%26");
    }

    boolean has(final String name) {
        return options.containsKey(name);
    }

    String text(final String name) {
        return options.get(name).replaceAll("%3[Aa]", ":").replace("%26", "&").replace("%25", "%");
    }

    /** A whole number within bounds. */
    long number(final String name, final long otherwise, final long least, final long most) {
        if (!has(name)) {
            return otherwise;
        }
        try {
            final long number = Long.parseLong(options.get(name));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (final NumberFormatException noNumber) {
            // refused below, like a number that is out of bounds
        }
        throw refusal(name, "give a whole number from " + least + " to " + most);
    }

    /** A probability. */
    double rate(final String name) {
        try {
            final double rate = Double.parseDouble(options.get(name));
            if (rate >= 0 && rate <= 1) {
                return rate;
            }
        } catch (final NumberFormatException noNumber) {
            // refused below, like a number that is no probability
        }
        throw refusal(name, "give a probability from 0 to 1, such as 0.01");
    }

    /** Whether an option has the second of two values; without the option it is the first. */
    boolean choice(final String name, final String first, final String second) {
        final String value = options.getOrDefault(name, first);
        if (!value.equals(first) && !value.equals(second)) {
            throw refusal(name, "give " + first + " or " + second);
        }
        return value.equals(second);
    }

    private SetupException refusal(final String name, final String mend) {
        return new SetupException(
            "'" + name + "=" + options.get(name) + "' makes no sense to " + scheme + ":", mend);
    }
}
