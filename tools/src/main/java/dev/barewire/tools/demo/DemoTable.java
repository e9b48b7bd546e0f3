package dev.barewire.tools.demo;

import java.util.List;

/** The result for people. */
final class DemoTable {
    private final DemoResult result;
    private final Console console;

    DemoTable(DemoResult result, Console console) {
        this.result = result;
        this.console = console;
    }

    /** Writes the table. */
    void show() {
        console.say("");
        if (result.cardCameUp()) {
            rows(result.report());
        }
        List<String> failures = result.failures();
        rows("result", failures.isEmpty() ? List.of("all is well")
                : failures.stream().map(text -> "FAILED: " + text).toList());
    }

    private void rows(Report report) {
        row("received", "%s frames, %s bytes; %s UDP checksums verified".formatted(report.text(Report.FRAMES_RECEIVED),
                report.text(Report.BYTES_RECEIVED), report.text(Report.VERIFIED)));
        row("sent", "%s frames, %s bytes".formatted(report.text(Report.FRAMES_SENT), report.text(Report.BYTES_SENT)));
        row("other side", result.peer());
        row("answered", "%s ARP requests, %s pings".formatted(report.text(Report.ARP_ANSWERS),
                report.text(Report.ECHO_ANSWERS)));
        row("sent again", "%d datagrams by the sender, %s by the card's program".formatted(result.outside().retransmissions(),
                report.text(Report.RETRANSMISSIONS)));
        rows("dropped", result.drops().entrySet().stream()
                .map(drop -> drop.getValue() + " frames: " + drop.getKey()).toList());
        rows("copied", result.copies().stream()
                .map(copy -> copy.bytes() + " bytes at " + copy.site() + ": " + copy.reason()).toList());
        row("payload copied", result.payloadBytesCopied() + " bytes");
        row("allocated", result.bytesAllocatedPerFrame() + " bytes per frame after warm-up, the second half of each way:");
        row("", "%s bytes in %s frames on the way in, %s in %s on the way back".formatted(
                report.text(Report.ALLOCATED_RECEIVING), report.text(Report.MEASURED_RECEIVING),
                report.text(Report.ALLOCATED_SENDING), report.text(Report.MEASURED_SENDING)));
        row("outstanding", report.text(Report.OUTSTANDING) + " buffers");
        row("time", "%.1f s, the file out and back %.1f s".formatted(result.seconds(),
                result.outside().transferSeconds()));
        row("SHA-256", result.sha256());
        row("", "came back " + equal(result.returnedMatches()) + ", written to disk "
                + equal(result.writtenMatches()));
    }

    private static String equal(boolean is) {
        return is ? "equal" : "NOT equal";
    }

    private void rows(String name, List<String> values) {
        if (values.isEmpty()) {
            row(name, "nothing");
        }
        for (int i = 0; i < values.size(); i++) {
            row(i == 0 ? name : "", values.get(i));
        }
    }

    private void row(String name, String value) {
        console.say("  %-15s %s".formatted(name, value));
    }
}
