package dev.barewire.tools.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** QEMU's trace of where its 82574L writes what it receives. */
final class DmaTrace {
    /** The buffers of a descriptor, as the card read it. */
    private static final Pattern BUFFERS = Pattern.compile("rx_desc_ps_read buffers: \\[(.*)]");
    /** How many bytes it has written to each, when it is done with the descriptor. */
    private static final Pattern WRITTEN = Pattern.compile("rx_desc_ps_write bytes written: \\[(.*)]");
    /** One write. */
    private static final Pattern WRITE =
        Pattern.compile("rx_desc_buff_write buffer .*addr: 0x([0-9a-f]+), offset: (\\d+), .*length: (\\d+)");

    private final Path file;
    private int skipped;

    /**
     * A write of the card.
     *
     * @param address where
     * @param length  bytes
     */
    record Write(long address, int length) {
    }

    DmaTrace(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** Forgets what was written so far. */
    void skip() throws IOException {
        skipped = all().size();
    }

    /** {@return what was written since then, by the buffers of the descriptors, in order; empty buffers left out} */
    List<Write> descriptors() throws IOException {
        List<Write> writes = new ArrayList<>();
        String[] buffers = {};
        for (String line : lines()) {
            Matcher read = BUFFERS.matcher(line);
            Matcher written = WRITTEN.matcher(line);
            if (read.find()) {
                buffers = read.group(1).split(", ");
            } else if (written.find()) {
                String[] bytes = written.group(1).split(", ");
                for (int i = 0; i < bytes.length; i++) {
                    if (!bytes[i].equals("0")) {
                        writes.add(new Write(Long.decode(buffers[i]), Integer.parseInt(bytes[i])));
                    }
                }
            }
        }
        return writes;
    }

    /** {@return the writes of payload since then, one by one} */
    List<Write> payload() throws IOException {
        List<Write> writes = new ArrayList<>();
        for (String line : lines()) {
            Matcher write = WRITE.matcher(line);
            if (write.find()) {
                writes.add(new Write(
                    Long.parseLong(write.group(1), 16) + Long.parseLong(write.group(2)), Integer.parseInt(write.group(3))));
            }
        }
        return writes;
    }

    private List<String> all() throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains("rx_desc_")).toList();
        }
    }

    private List<String> lines() throws IOException {
        List<String> all = all();
        return all.subList(skipped, all.size());
    }

    static int bytes(List<Write> writes) {
        return writes.stream().mapToInt(Write::length).sum();
    }

    /** {@return the same, neighbours joined} */
    static List<Write> joined(List<Write> writes) {
        List<Write> joined = new ArrayList<>();
        for (Write write : writes) {
            Write last = joined.isEmpty() ? null : joined.getLast();
            if (last != null && last.address() + last.length() == write.address()) {
                joined.set(joined.size() - 1, new Write(last.address(), last.length() + write.length()));
            } else if (write.length() > 0) {
                joined.add(write);
            }
        }
        return joined;
    }
}
