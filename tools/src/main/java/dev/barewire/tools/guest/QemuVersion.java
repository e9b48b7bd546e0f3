package dev.barewire.tools.guest;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of QEMU.
 *
 * @param major the first number
 * @param minor the second number
 */
record QemuVersion(int major, int minor) implements Comparable<QemuVersion> {
    private static final Pattern NUMBERS = Pattern.compile("version (\\d{1,6})\\.(\\d{1,6})");

    /** {@return the version in what {@code qemu-system-x86_64 --version} prints, if there is one} */
    static Optional<QemuVersion> parse(String text) {
        Matcher matcher = NUMBERS.matcher(text);
        return matcher.find()
                ? Optional.of(new QemuVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(QemuVersion other) {
        return Comparator.comparingInt(QemuVersion::major).thenComparingInt(QemuVersion::minor).compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
