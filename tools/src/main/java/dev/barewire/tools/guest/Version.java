package dev.barewire.tools.guest;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A version: numbers with dots or dashes between them, compared one by one. */
final class Version implements Comparable<Version> {
    private static final Pattern NUMBERS = Pattern.compile("\\d{1,9}(?:[.-]\\d{1,9})*");

    private final int[] numbers;

    private Version(int... numbers) {
        this.numbers = numbers;
    }

    /** {@return the first version in a text, {@code QEMU emulator version 10.0.2 (Debian ...)}, if there is one} */
    static Optional<Version> in(String text) {
        Matcher matcher = NUMBERS.matcher(text);
        return matcher.find()
                ? Optional.of(new Version(Pattern.compile("[.-]").splitAsStream(matcher.group())
                        .mapToInt(Integer::parseInt).toArray()))
                : Optional.empty();
    }

    /** {@return a version of given numbers} */
    static Version of(int... numbers) {
        return new Version(numbers.clone());
    }

    @Override
    public int compareTo(Version other) {
        return Arrays.compare(numbers, other.numbers);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Version version && Arrays.equals(numbers, version.numbers);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(numbers);
    }

    @Override
    public String toString() {
        return Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining("."));
    }
}
