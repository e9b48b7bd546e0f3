package dev.barewire.tools.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EndMarkedStreamTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void shouldStopAtTheMarkerWhenZerosAndPartsOfItComeBefore() throws IOException {
        assertThat(copy("a\0b\0END-\0\0END-1rest", Integer.MAX_VALUE)).isTrue();
        assertThat(out).hasToString("a\0b\0END-\0");
    }

    @Test
    void shouldFindTheMarkerWhenItComesByteByByte() throws IOException {
        assertThat(copy("text\0END-1", 1)).isTrue();
        assertThat(out).hasToString("text");
    }

    @Test
    void shouldPassEverythingOnWhenTheInputEndsWithinTheMarker() throws IOException {
        assertThat(copy("text\0END", 3)).isFalse();
        assertThat(out).hasToString("text\0END");
    }

    private boolean copy(String text, int chunk) throws IOException {
        InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)) {
            @Override
            public int read(byte[] bytes) {
                return read(bytes, 0, Math.min(chunk, bytes.length));
            }
        };
        return new EndMarkedStream("END-1").copy(in, out);
    }
}
