package dev.barewire.tools.suite;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** The hash by which a card tells flows apart, by its definition: Microsoft's "RSS hashing functions". */
final class Toeplitz {
    /** The key that everyone has. */
    static final byte[] KEY = HexFormat.of().parseHex(
        "6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa");

    private Toeplitz() {
    }

    /** Each bit of the input that is set adds the 32 bits of the key that start at its place. */
    static int hash(byte[] key, byte[] input) {
        int hash = 0;
        for (int bit = 0; bit < input.length * 8; bit++) {
            if ((input[bit / 8] >>> 7 - bit % 8 & 1) != 0) {
                int window = 0;
                for (int i = bit; i < bit + 32; i++) {
                    window = window << 1 | key[i / 8] >>> 7 - i % 8 & 1;
                }
                hash ^= window;
            }
        }
        return hash;
    }

    /** {@return ranges of a frame, one behind the other} */
    static byte[] parts(byte[] frame, int... fromLength) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < fromLength.length; i += 2) {
            out.write(frame, fromLength[i], fromLength[i + 1]);
        }
        return out.toByteArray();
    }
}
