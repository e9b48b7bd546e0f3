package dev.barewire.tools.demo;

import dev.barewire.tools.guest.Accelerator;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What came of a run. */
final class DemoResult {
    /** Copies of headers only, or of the bytes before a tag; all other sites copy payload. */
    private static final Set<String> HEADER_SITES =
            Set.of("rx.header-split", "rx.vlan-strip", "tx.vlan-insert", "tx.segment-header");

    private final DemoSettings settings;
    private final Report report;
    private final int exitCode;
    private final Accelerator accelerator;
    private final Outside outside;
    private final boolean returnedMatches;
    private final boolean writtenMatches;
    private final String sha256;
    private final double seconds;

    /**
     * What bytes were copied where.
     *
     * @param site where
     * @param reason why
     * @param bytes how many
     */
    record Copy(String site, String reason, long bytes) {
    }

    /**
     * Puts a result together.
     *
     * @param settings what was asked for
     * @param report what the card's program said
     * @param exitCode how the card's program ended
     * @param accelerator what ran the processor of its machine, or null if it was this one
     * @param outside the other side
     * @param content the file that was sent
     * @param written the file that the card's program wrote, or null
     * @param seconds how long the whole run took
     */
    DemoResult(DemoSettings settings, Report report, int exitCode, Accelerator accelerator, Outside outside,
            byte[] content, byte[] written, double seconds) {
        this.settings = settings;
        this.report = report;
        this.exitCode = exitCode;
        this.accelerator = accelerator;
        this.outside = outside;
        byte[] sum = sha256(ByteBuffer.wrap(content));
        this.sha256 = java.util.HexFormat.of().formatHex(sum);
        this.returnedMatches = outside.returned() != null && MessageDigest.isEqual(sum, sha256(outside.returned()));
        this.writtenMatches = written != null && MessageDigest.isEqual(sum, sha256(ByteBuffer.wrap(written)));
        this.seconds = seconds;
    }

    private static byte[] sha256(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** {@return what went wrong, a sentence each; empty if nothing did} */
    List<String> failures() {
        List<String> failures = new ArrayList<>(report.group(Report.FAILURE).values());
        if (!cardCameUp() && !failures.isEmpty()) {
            return failures;
        }
        if (exitCode != 0) {
            failures.add("the card's program ended with " + exitCode);
        }
        if (!returnedMatches) {
            failures.add(outside.returned() == null ? "the file did not come back" : "the file came back changed");
        }
        if (!writtenMatches) {
            failures.add("the file that the card's program wrote is not the one that was sent");
        }
        if (report.number(Report.PING_REPLIES) == 0) {
            failures.add("the gateway answered no ping");
        }
        if (outside.pingReplies() == 0) {
            failures.add("the card's program answered no ping of the raw Ethernet peer");
        }
        if (outside.wrongSums() > 0) {
            failures.add(outside.wrongSums() + " frames from the card had a wrong checksum");
        }
        if (report.number(Report.OUTSTANDING) > 0) {
            failures.add(report.number(Report.OUTSTANDING) + " buffers were not given back");
        }
        return failures;
    }

    /** {@return whether the card was opened; if not, there is nothing to tell but why} */
    boolean cardCameUp() {
        return !report.text(Report.LINK_MBPS).isEmpty();
    }

    /** {@return what was copied, sites at which nothing was left out} */
    List<Copy> copies() {
        List<Copy> copies = new ArrayList<>();
        for (String line : report.group(Report.COPY).values()) {
            int space = line.indexOf(' ');
            int tab = line.indexOf('\t');
            long bytes = Long.parseLong(line.substring(0, space));
            if (bytes > 0) {
                copies.add(new Copy(line.substring(space + 1, tab), line.substring(tab + 1), bytes));
            }
        }
        return copies;
    }

    /** {@return bytes of payload that the CPU copied in the card's program} */
    long payloadBytesCopied() {
        return copies().stream().filter(copy -> !HEADER_SITES.contains(copy.site())).mapToLong(Copy::bytes).sum();
    }

    /** {@return reason to frames lost} */
    Map<String, Long> drops() {
        Map<String, Long> drops = new LinkedHashMap<>();
        report.group(Report.DROP).forEach((reason, count) -> drops.put(reason, Long.valueOf(count)));
        return drops;
    }

    /** {@return heap bytes allocated by the data path over the second halves of both ways, by the frames of that time} */
    Number bytesAllocatedPerFrame() {
        long bytes = report.number(Report.ALLOCATED_RECEIVING) + report.number(Report.ALLOCATED_SENDING);
        long frames = report.number(Report.MEASURED_RECEIVING) + report.number(Report.MEASURED_SENDING);
        return frames == 0 ? Double.NaN : bytes == 0 ? (Number) 0 : (Number) ((double) bytes / frames);
    }

    /** {@return the result for programs} */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("card", report.text(Report.CARD));
        json.put("device", device());
        json.put("peer", peer());
        json.put("iommu", iommu());
        json.put("accelerator", accelerator);
        json.put("link_mbps", report.number(Report.LINK_MBPS));
        json.put("offloads", offloads());
        json.put("ping_replies", report.number(Report.PING_REPLIES));
        json.put("peer_ping_replies", outside.pingReplies());
        json.put("file_bytes", settings.fileBytes());
        json.put("sha256_match", returnedMatches && writtenMatches);
        json.put("frames_received", report.number(Report.FRAMES_RECEIVED));
        json.put("frames_sent", report.number(Report.FRAMES_SENT));
        json.put("drops", drops());
        json.put("copies", copies().stream().map(DemoResult::json).toList());
        json.put("payload_bytes_copied", payloadBytesCopied());
        json.put("bytes_allocated_per_frame", bytesAllocatedPerFrame());
        boolean closed = !report.text(Report.OUTSTANDING).isEmpty();
        json.put("buffers_outstanding", closed ? report.number(Report.OUTSTANDING) : null);
        json.put("seconds", Math.round(seconds * 1000) / 1000.0);
        json.put("failures", failures());
        return json;
    }

    private static Map<String, Object> json(Copy copy) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("site", copy.site());
        json.put("reason", copy.reason());
        json.put("bytes", copy.bytes());
        return json;
    }

    private Map<String, Object> offloads() {
        Map<String, Object> offloads = new LinkedHashMap<>();
        report.group(Report.OFFLOAD).forEach((name, value) -> {
            int space = value.indexOf(' ');
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("state", value.substring(0, space));
            entry.put("reason", value.substring(space + 1));
            offloads.put(name, entry);
        });
        return offloads;
    }

    String device() {
        return settings.isInGuest() ? report.text(Report.DEVICE) : settings.device().toString();
    }

    String peer() {
        return settings.isRaw() ? "raw Ethernet peer" : "QEMU user network (libslirp)";
    }

    String iommu() {
        String group = report.text(Report.FACT + "iommu-group");
        return group.isEmpty() ? null : report.text(Report.FACT + "iommu") + ", group " + group;
    }

    Report report() {
        return report;
    }

    Outside outside() {
        return outside;
    }

    DemoSettings settings() {
        return settings;
    }

    String sha256() {
        return sha256;
    }

    boolean returnedMatches() {
        return returnedMatches;
    }

    boolean writtenMatches() {
        return writtenMatches;
    }

    double seconds() {
        return seconds;
    }
}
