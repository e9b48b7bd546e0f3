package dev.barewire.tools.demo;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the card's program tells: lines of a mark, a key and a value, parted by spaces. The keys are here; those that end in
 * a dot are followed by a name.
 */
final class Report {
    static final String CARD = "card";
    static final String DEVICE = "device";
    static final String MAC = "mac";
    static final String LINK_MBPS = "link-mbps";
    /** What is known of the way to the card. */
    static final String FACT = "fact.";
    /** {@code HARDWARE}, {@code SOFTWARE} or {@code ABSENT}, a space and the reason. */
    static final String OFFLOAD = "offload.";
    /** The data path runs. */
    static final String READY = "ready";
    static final String GATEWAY = "gateway";
    static final String PING_REPLIES = "ping-replies";
    /** The file is whole in the receive buffers. */
    static final String RECEIVED = "received";
    /** The file is on its way back; the value is where it was written. */
    static final String WRITTEN = "written";
    static final String FRAMES_RECEIVED = "frames-received";
    static final String FRAMES_SENT = "frames-sent";
    static final String BYTES_RECEIVED = "bytes-received";
    static final String BYTES_SENT = "bytes-sent";
    /** A reason and how many frames it cost. */
    static final String DROP = "drop.";
    /** Bytes, a space, the site, a tab and the reason. */
    static final String COPY = "copy.";
    static final String VERIFIED = "verified";
    static final String ARP_ANSWERS = "arp-answers";
    static final String ECHO_ANSWERS = "echo-answers";
    static final String RETRANSMISSIONS = "retransmissions";
    static final String ALLOCATED_RECEIVING = "allocated-receiving";
    static final String MEASURED_RECEIVING = "measured-receiving";
    static final String ALLOCATED_SENDING = "allocated-sending";
    static final String MEASURED_SENDING = "measured-sending";
    static final String OUTSTANDING = "outstanding";
    /** What went wrong, in a sentence. */
    static final String FAILURE = "failure.";

    private static final String MARK = "report ";

    private final PrintStream out;
    private final Map<String, String> lines = new LinkedHashMap<>();

    /**
     * Makes an empty report.
     *
     * @param out where lines go as they are put; null where they come from elsewhere
     */
    Report(PrintStream out) {
        this.out = out;
    }

    /** Tells something. */
    synchronized void put(String key, Object value) {
        String text = oneLine(value.toString());
        lines.put(key, text);
        if (out != null) {
            out.println(MARK + key + " " + text);
            out.flush();
        }
    }

    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        text.lines().forEach(part -> line.append(line.isEmpty() ? "" : " ").append(part.strip()));
        return line.toString();
    }

    /** {@return whether a program wrote a line by {@link #put}} */
    static boolean isLine(String line) {
        return line.startsWith(MARK) && line.indexOf(' ', MARK.length()) > 0;
    }

    /**
     * Takes a line that the card's program wrote; others are ignored.
     *
     * @return its key, or an empty string
     */
    String take(String line) {
        if (!isLine(line)) {
            return "";
        }
        int space = line.indexOf(' ', MARK.length());
        String key = line.substring(MARK.length(), space);
        put(key, line.substring(space + 1));
        return key;
    }

    /** {@return what was told under a key, or an empty string} */
    synchronized String text(String key) {
        return lines.getOrDefault(key, "");
    }

    /** {@return what was told under a key, or 0} */
    long number(String key) {
        String text = text(key);
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    /** {@return what was told under keys that begin so, by the rest of the key, in the order in which it was told} */
    synchronized Map<String, String> group(String prefix) {
        Map<String, String> group = new LinkedHashMap<>();
        lines.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                group.put(key.substring(prefix.length()), value);
            }
        });
        return group;
    }
}
