package dev.barewire.tools.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CpioWriterTest {
    @Test
    void shouldPadNamesAndDataToFourBytesWhenEntriesHaveOddLengths() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CpioWriter cpio = new CpioWriter(out)) {
            cpio.directory("d");
            cpio.file("d/f", "hello".getBytes(StandardCharsets.US_ASCII));
        }

        String archive = out.toString(StandardCharsets.ISO_8859_1);
        String directory = "070701" + "00000001" + "000041ED" + "00000000".repeat(2) + "00000002" + "00000000"
                + "00000000" + "00000000".repeat(4) + "00000002" + "00000000" + "d\0";
        String file = "070701" + "00000002" + "000081ED" + "00000000".repeat(2) + "00000001" + "00000000"
                + "00000005" + "00000000".repeat(4) + "00000004" + "00000000" + "d/f\0" + "\0\0" + "hello" + "\0\0\0";
        assertThat(archive).startsWith(directory + file + "070701").endsWith("TRAILER!!!\0\0\0\0");
        assertThat(archive.length() % 4).isZero();
    }
}
