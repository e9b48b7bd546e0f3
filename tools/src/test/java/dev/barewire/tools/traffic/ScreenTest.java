package dev.barewire.tools.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScreenTest {
    private final StringWriter text = new StringWriter();
    private final PrintWriter out = new PrintWriter(text);

    @Test
    void shouldDrawABlockOverTheLastOneWhenItIsATerminal() {
        final Screen screen = new Screen(out, true, Map.of("TERM", "xterm"));

        screen.draw(List.of("one", "two"));
        screen.draw(List.of("three", "four"));

        assertThat(screen.isInPlace()).isTrue();
        assertThat(text).hasToString("\rone\u001b[K\n\rtwo\u001b[K\n\u001b[J"
            + "\u001b[2A\rthree\u001b[K\n\rfour\u001b[K\n\u001b[J");
    }

    @Test
    void shouldCutLinesThatWouldWrap() {
        new Screen(out, true, Map.of("TERM", "xterm", "COLUMNS", "20")).draw(List.of("0123456789".repeat(5)));

        assertThat(text.toString()).contains("0123456789012345678\u001b");
    }

    @Test
    void shouldLeaveTheBlockWhenSomethingIsSaid() {
        final Screen screen = new Screen(out, true, Map.of("TERM", "xterm"));

        screen.draw(List.of("one"));
        screen.say("the end");
        screen.draw(List.of("two"));

        assertThat(text.toString()).contains("the end").doesNotContain("\u001b[1A");
    }

    @Test
    void shouldPrintLinesWhenTheTerminalIsDumbOrNone() {
        assertThat(new Screen(out, true, Map.of("TERM", "dumb")).isInPlace()).isFalse();
        assertThat(new Screen(out, true, Map.of()).isInPlace()).isFalse();
        assertThat(new Screen(out, false, Map.of("TERM", "xterm")).isInPlace()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "999.4, 999", "999.6, 1.00 k", "1234, 1.23 k", "12345, 12.3 k", "123456, 123 k", "9.99e9, 9.99 G",
        "1e13, 10.0 T", "1e16, 10000 T"})
    void shouldScaleToThreeDigits(final double value, final String expected) {
        assertThat(TrafficView.scaled(value)).isEqualTo(expected);
    }
}
