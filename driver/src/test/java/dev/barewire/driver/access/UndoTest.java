package dev.barewire.driver.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoTest {
    private final Undo undo = new Undo();
    private final List<String> taken = new ArrayList<>();

    @Test
    void shouldTakeEachStepOnceInReverseOrder() {
        undo.push(() -> taken.add("first"));
        undo.push(() -> taken.add("second"));

        undo.all("card");
        undo.all("card");

        assertThat(taken).containsExactly("second", "first");
    }

    @Test
    void shouldTakeEveryStepAndThenTellWhenOneFails() {
        undo.push(() -> taken.add("first"));
        undo.push(() -> {
            throw new IOException("broken");
        });
        undo.push(() -> taken.add("third"));

        assertThatThrownBy(() -> undo.all("card")).isInstanceOf(IllegalStateException.class).hasMessageContaining("card")
            .satisfies(failed -> assertThat(failed.getSuppressed()).singleElement()
                .satisfies(step -> assertThat(step).hasMessage("broken")));
        assertThat(taken).containsExactly("third", "first");
    }

    @Test
    void shouldAddAStepsFailureToTheFailureThatItFollows() {
        final IllegalStateException failure = new IllegalStateException("no such card");
        undo.push(() -> {
            throw new IllegalStateException("broken");
        });

        assertThatCode(() -> undo.all(failure)).doesNotThrowAnyException();

        assertThat(failure.getSuppressed()).extracting(Throwable::getMessage).containsExactly("broken");
    }
}
