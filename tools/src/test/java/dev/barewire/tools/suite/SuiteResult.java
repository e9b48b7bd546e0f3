package dev.barewire.tools.suite;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What became of a test of the suite, as it travels from the JVM that ran it.
 *
 * @param name    class and test
 * @param status  how it ended
 * @param message why, with a stack trace where there is one; empty if it passed
 */
record SuiteResult(String name, Status status, String message) {
    private static final String MARK = "suite-result";

    enum Status { PASSED, FAILED, SKIPPED }

    /** {@return one line of text} */
    String line() {
        return String.join(" ", MARK, status.name(), encoded(name), encoded(message));
    }

    /** {@return what a line says, if it is a result's} */
    static Optional<SuiteResult> of(String line) {
        List<String> words = List.of(line.split(" ", -1));
        return words.size() == 4 && words.getFirst().equals(MARK)
                ? Optional.of(new SuiteResult(decoded(words.get(2)), Status.valueOf(words.get(1)), decoded(words.get(3))))
                : Optional.empty();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
