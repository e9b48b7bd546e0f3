package dev.barewire.tools.guest;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A version: numbers with dots or dashes between them, compared one by one. */
public final class Version implements Comparable<Version> {
    private static final Pattern NUMBERS = Pattern.compile("\\d{1,9}(?:[.-]\\d{1,9})*");

    private final int[] numbers;

    private Version(int... numbers) {
        this.numbers = numbers;
    }

    /**
     * Finds a version.
     *
     * @param text such as {@code QEMU emulator version 10.0.2 (Debian ...)}
     * @return the first version in it, if there is one
     */
    public static Optional<Version> in(String text) {
        Matcher matcher = NUMBERS.matcher(text);
        return matcher.find()
                ? Optional.of(new Version(Pattern.compile("[.-]").splitAsStream(matcher.group())
                        .mapToInt(Integer::parseInt).toArray()))
                : Optional.empty();
    }

    /**
     * Makes a version.
     *
     * @param numbers from the most significant
     * @return the version
     */
    public static Version of(int... numbers) {
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
