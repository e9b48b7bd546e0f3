package dev.barewire.tools.guest;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Copies a stream up to an end marker. A virtio-serial port has no end of file, and what is in flight in it when the
 * command ends must not be lost: so the guest writes a zero byte and a token that nobody else knows, after all else.
 */
final class EndMarkedStream {
    private final byte[] marker;

    /**
     * Prepares the marker.
     *
     * @param token the part of the marker after its zero byte; must not contain one
     */
    EndMarkedStream(String token) {
        this.marker = ("\0" + token).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Copies until the marker or the end of the input. What is read is written and flushed at once, save for what may be
     * the marker's beginning.
     *
     * @return whether the marker was found
     */
    boolean copy(InputStream in, OutputStream target) throws IOException {
        OutputStream out = new BufferedOutputStream(target);
        byte[] chunk = new byte[16384];
        int matched = 0;
        for (int length; (length = in.read(chunk)) >= 0; out.flush()) {
            for (int i = 0; i < length; i++) {
                if (chunk[i] != marker[matched]) {
                    out.write(marker, 0, matched);
                    matched = 0;
                }
                // The zero byte stands only at the marker's start, so a failed match can only begin anew here.
                if (chunk[i] != marker[matched]) {
                    out.write(chunk[i]);
                } else if (++matched == marker.length) {
                    out.flush();
                    return true;
                }
            }
        }
        out.write(marker, 0, matched);
        out.flush();
        return false;
    }
}
